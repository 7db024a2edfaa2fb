// Package dsl is how workflows are written: as typed Go.
//
// A workflow is a Go function over symbolic values. It runs once, when it is
// compiled: calls on its [Flow] record states, and the fields of its input are
// expressions, not data. The Go compiler checks every field and every type; the
// function's ordinary Go (helpers, generics, loops over constants) is the macro
// language.
//
//	type Person struct {
//		Name dsl.String `json:"name"`
//	}
//
//	type Greeting struct {
//		Text dsl.String `json:"text"`
//	}
//
//	var Greet = dsl.Lambda[Person, Greeting]("greet")
//
//	var Hello = dsl.Express("Hello", func(f *dsl.Flow, p Person) Greeting {
//		return Greet.Call(f, p)
//	})
//
// Misuse that Go's types cannot see (a value used outside its scope, a field
// never set, a name used twice) never panics: the trace records a problem with
// the user's file and line, and the compiler reports all of them at once.
package dsl

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A Workflow is a workflow function with its name. It is made by [Standard] or
// [Express], usually in a package-level variable, and does nothing until it is
// traced: importing a package of workflows costs nothing.
type Workflow[In, Out any] struct {
	name string
	kind spec.Kind
	pos  spec.Pos
	body func(*Flow, In) Out

	timeout time.Duration
}

// A Tracer is a workflow of any type: what the compiler needs of a [Workflow].
type Tracer interface {
	// Trace runs the workflow function with symbolic input and returns the
	// record of it. It never panics: misuse is in the record's Problems. Each
	// call traces anew.
	Trace() *spec.Workflow
}

// Standard declares a workflow whose executions are durable: they may take a
// year, a task never runs twice unless a Retry says so, and the history is kept.
// The doc comment of the variable becomes the definition's Comment.
//
//go:noinline
func Standard[In, Out any](name string, body func(f *Flow, in In) Out) *Workflow[In, Out] {
	return &Workflow[In, Out]{name: name, kind: spec.Standard, pos: here(), body: body}
}

// Express declares a workflow whose executions are short and many: five minutes
// at most. An asynchronous start may run it more than once, so its tasks should
// be [Task.Idempotent]; the compiler warns about those that are not.
//
//go:noinline
func Express[In, Out any](name string, body func(f *Flow, in In) Out) *Workflow[In, Out] {
	return &Workflow[In, Out]{name: name, kind: spec.Express, pos: here(), body: body}
}

// Timeout ends an execution with States.Timeout after d, in whole seconds. It
// returns a changed copy.
func (w *Workflow[In, Out]) Timeout(d time.Duration) *Workflow[In, Out] {
	c := *w
	c.timeout = d
	return &c
}

// Trace implements [Tracer].
func (w *Workflow[In, Out]) Trace() *spec.Workflow {
	t := newTrace(w.name, w.kind, w.pos)
	t.w.Timeout = w.timeout
	in, out := goType[In](), goType[Out]()
	if w.body == nil {
		t.run(in, out, nil)
		return t.finish()
	}
	t.run(in, out, func(f *Flow, input *spec.Expr) any { return w.body(f, symbol[In](input)) })
	return t.finish()
}
