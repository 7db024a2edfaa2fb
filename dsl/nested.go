package dsl

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// Nested is a workflow as a step of another one: each call is an execution of
// its own.
type Nested[In, Out any] struct {
	task task
}

// Started tells of an execution that was started and not waited for.
type Started struct {
	ExecutionARN String `json:"ExecutionArn"`
	StartDate    Int    `json:"StartDate"` // milliseconds since 1970
}

// Nested makes the workflow a step of another one. The step's default name is
// the workflow's.
func (w *Workflow[In, Out]) Nested() Nested[In, Out] {
	return nested[In, Out](w.name, w.pos)
}

// WorkflowNamed is a workflow that is known by its name only: one of another
// program, or, since Go's initialization allows no cycles, the very workflow
// that is being written.
//
//go:noinline
func WorkflowNamed[In, Out any](name string) Nested[In, Out] {
	return nested[In, Out](name, here())
}

func nested[In, Out any](name string, pos spec.Pos) Nested[In, Out] {
	return Nested[In, Out](declare[In, Out](spec.Task{Name: name, Resource: spec.Nested, Target: name, Pos: pos}))
}

// Named is [Task.Named].
func (n Nested[In, Out]) Named(state string) Nested[In, Out] {
	n.task.state = state
	return n
}

// Retry is [Task.Retry].
func (n Nested[In, Out]) Retry(retriers ...Retrier) Nested[In, Out] {
	return Nested[In, Out](Task[In, Out](n).Retry(retriers...))
}

// Timeout is [Task.Timeout].
func (n Nested[In, Out]) Timeout(d time.Duration) Nested[In, Out] {
	n.task.timeout = limit{fixed: d}
	return n
}

// Call starts the workflow, waits for its end and returns its result. When it
// fails, the step fails with States.TaskFailed. Express workflows cannot wait
// for others.
//
//go:noinline
func (n Nested[In, Out]) Call(f *Flow, in In) Out {
	return symbol[Out](f.call(n.task, in))
}

// Start starts the workflow and goes on.
//
//go:noinline
func (n Nested[In, Out]) Start(f *Flow, in In) Started {
	n.task.pattern = spec.Start
	return symbol[Started](f.call(n.task, in))
}

// Call starts this workflow from within another, waits for its end and returns
// its result; see [Nested.Call].
//
//go:noinline
func (w *Workflow[In, Out]) Call(f *Flow, in In) Out { return w.Nested().Call(f, in) }

// Start starts this workflow from within another, which goes on.
//
//go:noinline
func (w *Workflow[In, Out]) Start(f *Flow, in In) Started { return w.Nested().Start(f, in) }
