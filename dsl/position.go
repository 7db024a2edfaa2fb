package dsl

import (
	"runtime"
	"strings"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// Ours begin the names of the functions of this package and of the record's, and
// of no other: dsl_test has another character in place of the dot.
const (
	prefix       = "github.com/stepsmith-dev/stepsmith/dsl."
	recordPrefix = "github.com/stepsmith-dev/stepsmith/dsl/spec."
)

func isOurs(function string) bool {
	return strings.HasPrefix(function, prefix) || strings.HasPrefix(function, recordPrefix)
}

// here returns the innermost place outside this package that led to the call:
// the user's line. Exported builders are not inlined, because an inlined one has
// no place of its own in the initialization of a package-level variable.
func here() spec.Pos {
	stack := callers(1)
	if len(stack) == 0 {
		return spec.Pos{}
	}
	return stack[0]
}

// callers returns at most limit of the user's places, innermost first, up to
// where this package called the user's function.
func callers(limit int) []spec.Pos {
	var pcs [24]uintptr
	n := runtime.Callers(3, pcs[:])
	return userFrames(pcs[:n], limit)
}

func userFrames(pcs []uintptr, limit int) []spec.Pos {
	var stack []spec.Pos
	frames := runtime.CallersFrames(pcs)
	for more := true; more && len(stack) < limit; {
		var frame runtime.Frame
		frame, more = frames.Next()
		if !isOurs(frame.Function) {
			if strings.HasPrefix(frame.Function, "runtime.") {
				break
			}
			stack = append(stack, spec.Pos{File: frame.File, Line: frame.Line})
		} else if len(stack) > 0 {
			break
		}
	}
	return stack
}

// panicked returns the user's place that raised the panic being recovered.
func panicked() spec.Pos {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	raised := false
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		switch {
		case strings.HasPrefix(frame.Function, "runtime."):
			raised = raised || strings.HasPrefix(frame.Function, "runtime.gopanic")
		case raised && !isOurs(frame.Function):
			return spec.Pos{File: frame.File, Line: frame.Line}
		}
	}
	return spec.Pos{}
}
