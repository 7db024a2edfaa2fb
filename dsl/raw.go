package dsl

import (
	"encoding/json"
	"reflect"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A Raw is a state, or a machine, written in Amazon States Language: the escape
// hatch for what this package cannot say. It has types at its edges.
type Raw[In, Out any] struct {
	raw raw
}

type raw struct {
	name, json string
	machine    bool
	in, out    reflect.Type
}

// State is a Task, Parallel or Map state in JSON, in the query language JSONata.
// In its expressions $states.input is the In that it is called with; its result
// is the Out. It has no Next, End, Output, Assign or Catch of its own.
func State[In, Out any](name, json string) Raw[In, Out] {
	return Raw[In, Out]{raw{name, json, false, goType[In](), goType[Out]()}}
}

// Fragment is a whole machine in JSON, with StartAt and States, whose input is
// the In that it is called with, and whose output is the Out. It becomes the one
// branch of a Parallel state of that name; the names of its states count in the
// workflow.
func Fragment[In, Out any](name, json string) Raw[In, Out] {
	return Raw[In, Out]{raw{name, json, true, goType[In](), goType[Out]()}}
}

// Named gives the state another name.
func (r Raw[In, Out]) Named(state string) Raw[In, Out] {
	r.raw.name = state
	return r
}

// Call records the state and returns what stands for its result.
//
//go:noinline
func (r Raw[In, Out]) Call(f *Flow, in In) Out {
	return symbol[Out](f.raw(r.raw, in))
}

func (f *Flow) raw(r raw, in any) *spec.Expr {
	s := &spec.Raw{Header: f.header(r.name), Machine: r.machine, JSON: json.RawMessage(r.json)}
	input, out := f.trace.typeOf(r.in, "the input of a state", s.Pos), f.trace.typeOf(r.out, "the result of a state", s.Pos)
	if !json.Valid(s.JSON) {
		s.JSON = json.RawMessage("{}")
		f.trace.report(spec.Problem{Code: "BAD_STATE", Message: what(&s.Header) + " is no JSON", Pos: s.Pos, Fix: "write it as Amazon States Language"})
	}
	if f.record(s) {
		s.Input = f.use(exprOf(in, input.String(), s.Pos), s.Pos)
	}
	s.Result = f.result(spec.FromRaw, out, s.Header)
	return ref(s.Result)
}
