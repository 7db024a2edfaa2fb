package dsl

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A Task is work done outside the workflow: a Lambda function or another
// integration, with the types of what it takes and gives. Its methods return
// changed copies.
type Task[In, Out any] struct {
	task task
}

// task is what a Task holds besides its types.
type task struct {
	*contract
	state     string // "" is the contract's name
	retry     []spec.Retrier
	timeout   time.Duration
	heartbeat time.Duration
}

// contract is what is declared about a task, wherever it is called.
type contract struct {
	spec.Task
	in, out reflect.Type
}

// A Callable is what a reusable helper takes where it does not care what does
// the work.
type Callable[In, Out any] interface {
	Call(f *Flow, in In) Out
}

// Lambda declares an AWS Lambda function. name is its function name, an ARN or
// a ${placeholder} that the deployment replaces; it is also the default name of
// the states that call it. The function is called through lambda:invoke; its
// payload is the state's output.
//
//go:noinline
func Lambda[In, Out any](name string) Task[In, Out] {
	return declare[In, Out](spec.Task{Name: name, Resource: spec.Lambda, Target: name, Pos: here()})
}

// Service declares any other integration by its resource ARN, such as
// "arn:aws:states:::sqs:sendMessage". In is the integration's arguments, Out its
// whole result; name is the default name of the states that call it.
//
//go:noinline
func Service[In, Out any](name, resource string) Task[In, Out] {
	return declare[In, Out](spec.Task{Name: name, Resource: spec.Service, Target: resource, Pos: here()})
}

func declare[In, Out any](t spec.Task) Task[In, Out] {
	return Task[In, Out]{task{contract: &contract{Task: t, in: goType[In](), out: goType[Out]()}}}
}

// Named gives the state that calls the task another name. State names are
// unique in a workflow, so a task called twice needs it; see also [Group].
func (t Task[In, Out]) Named(state string) Task[In, Out] {
	t.task.state = state
	return t
}

// Retry adds retriers. The first that names the error decides; each counts for
// itself.
func (t Task[In, Out]) Retry(retriers ...Retrier) Task[In, Out] {
	t.task.retry = append(slices.Clone(t.task.retry), records(retriers)...)
	return t
}

// Timeout ends an attempt with States.Timeout after d, in whole seconds.
func (t Task[In, Out]) Timeout(d time.Duration) Task[In, Out] {
	t.task.timeout = d
	return t
}

// Heartbeat ends an attempt with States.HeartbeatTimeout when the task has not
// been heard of for d, in whole seconds. It must be shorter than Timeout.
func (t Task[In, Out]) Heartbeat(d time.Duration) Task[In, Out] {
	t.task.heartbeat = d
	return t
}

// Idempotent declares that running the task twice with the same input does no
// harm. In an [Express] workflow every task should be.
func (t Task[In, Out]) Idempotent() Task[In, Out] {
	return t.changed(func(c *contract) { c.Idempotent = true })
}

// Throws declares errors that the task's handler may fail with by name.
func (t Task[In, Out]) Throws(errors ...ErrorMatch) Task[In, Out] {
	return t.changed(func(c *contract) { c.Throws = append(slices.Clone(c.Throws), errorNames(errors)...) })
}

func (t Task[In, Out]) changed(change func(*contract)) Task[In, Out] {
	c := *t.task.contract
	change(&c)
	t.task.contract = &c
	return t
}

// Call records a Task state and returns what stands for its result.
//
//go:noinline
func (t Task[In, Out]) Call(f *Flow, in In) Out {
	return symbol[Out](f.call(t.task, in))
}

func (f *Flow) call(t task, in any) *spec.Expr {
	if t.contract == nil {
		t.contract = &contract{in: goType[None](), out: goType[None]()}
	}
	name := t.state
	if name == "" {
		name = t.Name
	}
	c := &spec.Call{Header: f.header(name), Retry: t.retry, Timeout: t.timeout, Heartbeat: t.heartbeat}
	c.Task = f.trace.task(t.contract, c.Pos)
	c.Result = f.result(spec.FromTask, c.Task.Output, c.Header)
	if f.record(c) {
		c.Input = f.use(exprOf(in, c.Task.Input.String(), c.Pos), c.Pos)
		f.trace.checkDurations(c)
	}
	return ref(c.Result)
}

// task returns the trace's record of a contract.
func (t *trace) task(c *contract, call spec.Pos) *spec.Task {
	pos := c.Pos
	if !pos.IsValid() {
		pos = call
	}
	if task := t.tasks[c]; task != nil {
		return task
	}
	task := c.Task
	task.Input = t.typeOf(c.in, "a task's input", pos)
	task.Output = t.typeOf(c.out, "a task's result", pos)
	t.tasks[c] = &task
	if strings.Contains(c.Name, mark) {
		t.report(symbolInText("the task's name", pos))
	}
	if c.Target == "" {
		t.report(spec.Problem{
			Code: "UNDECLARED_TASK", Message: "the task was never declared, or has no name", Pos: pos,
			Fix: "declare it with dsl.Lambda or dsl.Service",
		})
	}
	return &task
}

func (t *trace) checkDurations(c *spec.Call) {
	wholeSeconds := func(what string, d time.Duration) {
		if d < 0 || d%time.Second != 0 {
			t.report(spec.Problem{
				Code: "BAD_DURATION", Message: what + " " + d.String() + " is not a whole number of seconds", Pos: c.Pos,
				Fix: "round it to seconds: Amazon States Language has no shorter unit",
			})
		}
	}
	wholeSeconds("the timeout", c.Timeout)
	wholeSeconds("the heartbeat", c.Heartbeat)
	for _, r := range c.Retry {
		wholeSeconds("the retry interval", r.Interval)
		wholeSeconds("the longest retry delay", r.MaxDelay)
	}
	if c.Timeout > 0 && c.Heartbeat >= c.Timeout {
		t.report(spec.Problem{
			Code: "BAD_DURATION", Message: "the heartbeat is not shorter than the timeout", Pos: c.Pos,
			Fix: "make the heartbeat shorter, or the timeout longer",
		})
	}
}
