package jsonpath

import (
	"strconv"
	"strings"
)

// The kinds of steps.
const (
	member    uint8 = iota // ['a'] or .a
	members                // ['a','b'], or none
	wildcard               // [*] or .*
	scan                   // ..
	index                  // [1]
	indices                // [1,2]
	sliceFrom              // [1:]
	sliceTo                // [:1]
	slice                  // [1:2]
	fromEnd                // [(@.length-1)]
	filtered               // [?(…)]
)

// A step is one token of a path.
type step struct {
	kind     uint8
	dotted   bool // a name after a dot
	upstream bool // see definiteness
	name     string
	names    []string
	numbers  []int
	filter   *filter
}

// definite reports whether the step alone gives one value.
func (s *step) definite() bool {
	switch s.kind {
	case member, members, index, fromEnd:
		return true
	}
	return false
}

// definiteness fills in what steps know about their neighbours. Jayway up to
// 2.0 calls a token "upstream definite" when it is definite itself and so is
// its predecessor with everything behind that: a missing parent is an error
// only in a path without wildcards at or after its predecessor.
func definiteness(steps []step) bool {
	behind := true // all from here to the end are definite
	for i := len(steps) - 1; i >= 0; i-- {
		behind = behind && steps[i].definite()
		previous := i == 0 || steps[i-1].definite()
		steps[i].upstream = behind && previous
	}
	return behind
}

func (p *Path) appendSteps(b []byte) []byte {
	for i := range p.steps {
		b = p.steps[i].append(b)
	}
	return b
}

func (s *step) append(b []byte) []byte {
	switch s.kind {
	case member:
		return appendMember(b, s.name)
	case members:
		return appendNames(b, s.names...)
	case wildcard:
		return append(b, "[*]"...)
	case scan:
		return append(b, ".."...)
	case filtered:
		return s.filter.append(b)
	}
	return append(b, s.brackets()...)
}

// appendMember writes a name in brackets, or after a dot where brackets cannot
// hold it.
func appendMember(b []byte, name string) []byte {
	if !strings.ContainsAny(name, "']") {
		return appendNames(b, name)
	}
	b = append(b, '.')
	for _, c := range []byte(name) {
		if strings.IndexByte(` .[]'\*`, c) >= 0 {
			b = append(b, '\\')
		}
		b = append(b, c)
	}
	return b
}

// appendNames writes names in brackets. Brackets inside a name are counted when
// the end is looked for, so that each needs another one to close it.
func appendNames(b []byte, names ...string) []byte {
	if len(names) == 0 {
		return append(b, `["'"]`...)
	}
	text := strings.Join(names, "', '")
	b = append(append(append(b, "['"...), text...), "']"...)
	return append(b, strings.Repeat("]", strings.Count(text, "["))...)
}

// quoted writes names as Jayway's messages have them.
func (s *step) quoted() string {
	switch {
	case s.kind == member:
		return "['" + s.name + "']"
	case len(s.names) == 0:
		return "[]"
	}
	return "['" + strings.Join(s.names, "', '") + "']"
}

// brackets writes an array operator as Jayway's messages have it.
func (s *step) brackets() string {
	first := ""
	if len(s.numbers) > 0 {
		first = strconv.Itoa(s.numbers[0])
	}
	switch s.kind {
	case index:
		return "[" + first + "]"
	case sliceFrom:
		return "[" + first + ":]"
	case sliceTo:
		return "[:" + first + "]"
	case slice:
		return "[" + first + ":" + strconv.Itoa(s.numbers[1]) + "]"
	case fromEnd:
		return "[(@.length-" + strings.TrimPrefix(first, "-") + ")]"
	}
	texts := make([]string, len(s.numbers))
	for i, n := range s.numbers {
		texts[i] = strconv.Itoa(n)
	}
	return "[" + strings.Join(texts, ",") + "]"
}
