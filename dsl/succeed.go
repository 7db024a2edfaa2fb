package dsl

import (
	"fmt"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// Succeed records a Succeed state: the workflow, branch or iteration ends early
// with the value v, which must be of its result's type. It may stand where a T
// is needed, and gives none.
//
//go:noinline
func Succeed[T any](f *Flow, name string, v T) T {
	f.succeed(name, v, f.trace.typeOf(goType[T](), "the value of Succeed", here()))
	var never T
	return never
}

func (f *Flow) succeed(name string, v any, t *spec.Type) {
	s := &spec.Succeed{Header: f.header(name)}
	if !f.record(s) {
		return
	}
	for g := f; g != nil && !g.fence; g = g.outer {
		if g.holds != "" {
			f.trace.report(spec.Problem{
				Code: "CROSSES_BORDER", Message: what(&s.Header) + " would pass the cleanup of a " + g.holds + " by", Pos: s.Pos,
				Fix: "return the value from the body, and end the workflow behind it",
			})
			break
		}
	}
	s.Value = f.use(exprOf(v, "the value of "+what(&s.Header), s.Pos), s.Pos)
	f.block.Ended = true
	if want := f.scope().out; want != t {
		f.trace.report(spec.Problem{
			Code:    "WRONG_RESULT",
			Message: fmt.Sprintf("%q ends the workflow, branch or iteration with a value of type %s; its result is of type %s", s.Name, t, want),
			Fix:     "give a value of that type; inside a Branch or Map, Succeed ends only that branch or iteration", Pos: s.Pos,
		})
	}
}

// scope returns the flow of the workflow, branch or iteration that f is part of.
func (f *Flow) scope() *Flow {
	for !f.fence {
		f = f.outer
	}
	return f
}
