package dsl

import (
	"runtime"
	"strings"
	"sync"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// Ours begin the names of the functions of this package and of the record's, and
// of no other: dsl_test has another character in place of the dot.
const (
	prefix       = "github.com/stepsmith-dev/stepsmith/dsl."
	recordPrefix = "github.com/stepsmith-dev/stepsmith/dsl/spec."
)

// A place is what is known of a program counter.
type place struct {
	pos   spec.Pos
	owner owner
}

// An owner tells whose function a place is in.
type owner uint8

const (
	theirs owner = iota // the user's
	ours
	theRuntime
)

// places remembers program counters: what one stands for never changes, and to
// look it up takes longer than to walk the stack.
var places = struct {
	sync.RWMutex
	known map[uintptr]place
}{known: make(map[uintptr]place)}

func placeOf(pc uintptr) place {
	places.RLock()
	p, ok := places.known[pc]
	places.RUnlock()
	if ok {
		return p
	}
	// Of several frames that were inlined into one function, Callers gives a
	// counter for each: the first frame of a counter is its own.
	frame, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	p = place{pos: spec.Pos{File: frame.File, Line: frame.Line}}
	switch {
	case strings.HasPrefix(frame.Function, prefix) || strings.HasPrefix(frame.Function, recordPrefix):
		p.owner = ours
	case strings.HasPrefix(frame.Function, "runtime."):
		p.owner = theRuntime
	}
	places.Lock()
	places.known[pc] = p
	places.Unlock()
	return p
}

// here returns the innermost place outside this package that led to the call:
// the user's line. Exported builders are not inlined, because an inlined one has
// no place of its own in the initialization of a package-level variable.
func here() (pos spec.Pos) {
	walk(func(p place) bool {
		pos = p.pos
		return p.owner != theirs
	})
	return pos
}

// callers returns at most limit of the user's places, innermost first, up to
// where this package called the user's function.
func callers(limit int) []spec.Pos {
	var stack []spec.Pos
	walk(func(p place) bool {
		if p.owner == theirs {
			stack = append(stack, p.pos)
			return len(stack) < limit
		}
		return len(stack) == 0
	})
	return stack
}

// walk visits the places on the stack, the innermost first, until visit returns
// false. It takes a few at a time, since most of a stack is never asked for.
func walk(visit func(place) bool) {
	var pcs [6]uintptr
	for skip := 3; ; skip += len(pcs) {
		n := runtime.Callers(skip, pcs[:])
		for _, pc := range pcs[:n] {
			if !visit(placeOf(pc)) {
				return
			}
		}
		if n < len(pcs) {
			return
		}
	}
}

// panicked returns the user's place that raised the panic being recovered.
func panicked() spec.Pos {
	var pcs [64]uintptr
	raised := false
	for _, pc := range pcs[:runtime.Callers(1, pcs[:])] {
		p := placeOf(pc)
		switch {
		case p.owner == theRuntime:
			raised = true
		case raised && p.owner == theirs:
			return p.pos
		}
	}
	return spec.Pos{}
}
