// Package jsonpath compiles and evaluates the JSONPath of Amazon States
// Language: input paths, reference paths and payload templates.
//
// AWS runs an old Jayway JsonPath, of the line 1.2 to 2.0, and its dialect is
// neither RFC 9535 nor a newer Jayway: an index from the end is out of bounds,
// [(@.length-1)] is the last item, ['a','b'] is one object of both members, a
// filter compares unquoted words as text, and a path that can match several
// values gives [] where a parent is missing. This package follows that library
// token by token, faults included, because definitions in use depend on them.
//
// A [Path] is compiled once and is immutable: any number of goroutines may use
// it.
package jsonpath

import (
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A Root says what a path starts from.
type Root uint8

// The roots of paths.
const (
	InputRoot    Root = iota // "$": the state's input
	ContextRoot              // "$$": the context object
	VariableRoot             // "$name": a workflow variable
)

// A Path is a compiled path.
type Path struct {
	source   string
	root     Root
	variable string
	steps    []step
	definite bool
	plain    bool // nothing but single members and indices: no allocation
	dialect  Dialect
}

// A Scope is what paths, templates and intrinsic functions are evaluated in. It
// is only read.
type Scope struct {
	Input   value.Value // "$"
	Context value.Value // "$$"
	// Variable returns the value of a workflow variable by its name without the
	// "$". A nil function has none.
	Variable func(name string) (value.Value, bool)
	// Random is where States.UUID and States.MathRandom draw from. Where it is
	// nil they fail.
	Random func() uint64

	visits *int // see Limited
}

// An Evaluator is something that can stand behind a key ending in ".$": a path
// or a call of an intrinsic function.
type Evaluator interface {
	Eval(s *Scope) (value.Value, error)
}

// A Dialect settles points on which AWS's documentation and what AWS runs
// differ or are not known. The zero Dialect is AWS's as far as it is known.
type Dialect struct {
	// Library is Jayway's own language without what AWS puts around it: no
	// context object, no variables, no backslash escapes in names after a dot,
	// but paths may begin with "@" or without a root.
	Library bool
	// ObjectsOnly makes "@" in filters match objects and lists only, as AWS's
	// documentation says, and not scalars, as the library does.
	ObjectsOnly bool
	// NoFilterRoot refuses "$" inside filters.
	NoFilterRoot bool
}

// Compile parses a path in AWS's dialect. The error is an [*Error].
func Compile(text string) (*Path, error) { return Dialect{}.Compile(text) }

// MustCompile is [Compile] for paths that are known to be right; it panics on
// others.
func MustCompile(text string) *Path {
	p, err := Compile(text)
	if err != nil {
		panic(err)
	}
	return p
}

// Compile parses a path in this dialect. The error is an [*Error].
func (d Dialect) Compile(text string) (*Path, error) { return parse(text, d, false) }

// Root returns what the path starts from.
func (p *Path) Root() Root { return p.root }

// Variable returns the name of the variable that the path starts from, without
// the "$"; it is empty for other roots.
func (p *Path) Variable() string { return p.variable }

// Definite reports whether the path can match one value at most. Such a path
// gives the value or fails; any other gives a list, which may be empty.
func (p *Path) Definite() bool { return p.definite }

// Reference reports whether the path is a Reference Path, which names one place
// whatever the document: single members, and indices that are not negative. Its
// root may be any; only one from the input can be written to.
func (p *Path) Reference() bool {
	if !p.plain {
		return false
	}
	for i := range p.steps {
		s := &p.steps[i]
		if s.kind == index && s.numbers[0] < 0 || s.dotted && strings.ContainsAny(s.name, "@,:?") {
			return false
		}
	}
	return true
}

// Source returns the text that was compiled.
func (p *Path) Source() string { return p.source }

// String returns the path in its canonical form, with members in brackets:
// $['a'][0]. It compiles to the same path.
func (p *Path) String() string {
	b := []byte{'$'}
	switch p.root {
	case ContextRoot:
		b = append(b, '$')
	case VariableRoot:
		b = append(b, p.variable...)
	}
	return string(p.appendSteps(b))
}

// Relative returns the source with its root written "$". This is what AWS's
// messages show: $$.Execution.Input is "$.Execution.Input" there.
func (p *Path) Relative() string {
	text := trim(p.source)
	switch p.root {
	case ContextRoot:
		return text[1:]
	case VariableRoot:
		return "$" + text[1+len(p.variable):]
	}
	return text
}
