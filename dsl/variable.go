package dsl

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// A Variable is a workflow variable: a value that the workflow changes, for
// counters and other things that a loop carries.
type Variable[T any] struct {
	source *spec.Source
}

// Var declares a workflow variable with its first value. name becomes the
// variable's name in the definition.
//
//go:noinline
func Var[T any](f *Flow, name string, initial T) *Variable[T] {
	pos := here()
	v := &Variable[T]{f.source(spec.FromVariable, f.trace.typeOf(goType[T](), "a variable", pos), name, pos)}
	f.set(v.source, initial, true)
	return v
}

// Get returns the value that the variable has at this place. Once Set has
// changed the variable, what Get returned before must not be used.
//
//go:noinline
func (v *Variable[T]) Get() T {
	return symbol[T](get(v.source, here()))
}

// Set gives the variable a new value. A branch or an iteration cannot set a
// variable of the workflow around it.
//
//go:noinline
func (v *Variable[T]) Set(f *Flow, value T) {
	f.set(v.source, value, false)
}

func (f *Flow) set(variable *spec.Source, value any, initial bool) {
	s := &spec.Set{Header: f.header(""), Variable: variable, Initial: initial}
	if !f.owns(variable, s.Pos) || !f.record(s) {
		return
	}
	s.Value = f.use(exprOf(value, "the variable "+variable.Name, s.Pos), s.Pos)
	if s.Value == nil {
		f.trace.report(spec.Problem{
			Code: "BAD_TYPE", Message: "a variable of type None holds nothing", Pos: s.Pos, Fix: "remove it, or give it a type",
		})
	}
}

func get(variable *spec.Source, pos spec.Pos) *spec.Expr {
	t := variable.Owner.(*Flow).trace
	t.gets++
	if f := t.current; f != nil {
		if f.join {
			f = f.outer
		}
		f.block.Steps = append(f.block.Steps, &spec.Get{Header: spec.Header{Pos: pos}, ID: t.gets, Variable: variable})
	}
	return &spec.Expr{Op: spec.OpRef, Type: variable.Type, Source: variable, Get: t.gets, Pos: pos}
}

// owns reports whether f may set the variable: it must not be beyond a border.
func (f *Flow) owns(variable *spec.Source, pos spec.Pos) bool {
	for g := f; g != nil; g = g.outer {
		if g == variable.Owner {
			return true
		}
		if g.fence {
			break
		}
	}
	f.trace.report(spec.Problem{
		Code: "CROSSES_BORDER", Message: "the variable " + variable.Name + " belongs to the workflow around this branch or iteration, which can only read it", Pos: pos,
		Related: []spec.Pos{variable.Pos}, Fix: "return the new value from the branch or iteration, and set the variable behind the Parallel or Map",
	})
	return false
}
