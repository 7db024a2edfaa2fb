package dsl

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// A Callback is a task that is done when somebody returns the token that it was
// given: a person who approves, another system that reports back. What is sent
// with the token, by SendTaskSuccess, is the task's result.
type Callback[In, Out any] struct {
	task task
}

// WaitForTaskToken makes the task wait for its token to be returned. Give it a
// Timeout or a Heartbeat first, or it may wait for a year. Express workflows
// have no callbacks.
func (t Task[In, Out]) WaitForTaskToken() Callback[In, Out] {
	t.task.pattern = spec.Callback
	return Callback[In, Out]{t.task}
}

// Named is [Task.Named].
func (c Callback[In, Out]) Named(state string) Callback[In, Out] {
	c.task.state = state
	return c
}

// Call records a Task state and returns what stands for its result. in makes the
// task's input and puts the token in it; the token exists only there, and each
// attempt has another.
//
//go:noinline
func (c Callback[In, Out]) Call(f *Flow, in func(token String) In) Out {
	return symbol[Out](f.callWith(c.task, func(call *spec.Call) any {
		if in == nil {
			f.trace.nilBody(call.Pos)
			return nil
		}
		return in(String{e: ref(call.Token)})
	}))
}
