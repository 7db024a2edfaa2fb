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
	timeout   limit
	heartbeat limit
	role      *spec.Expr
	pattern   spec.Pattern
}

// limit is a bound on time, known when the workflow is traced or only when it
// runs.
type limit struct {
	fixed   time.Duration
	seconds *spec.Expr
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

// Activity declares an activity: workers ask for the work, do it and send the
// result, at any time. name is its name, its ARN or a ${placeholder}; it is also
// the default name of its states. Give it a Timeout or a Heartbeat, or it may
// wait for a year. Express workflows have no activities.
//
//go:noinline
func Activity[In, Out any](name string) Task[In, Out] {
	return declare[In, Out](spec.Task{Name: name, Resource: spec.Activity, Target: name, Pos: here()})
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
	t.task.timeout = limit{fixed: d}
	return t
}

// TimeoutIn is [Task.Timeout] with a number of seconds that is data.
func (t Task[In, Out]) TimeoutIn(seconds Int) Task[In, Out] {
	t.task.timeout = limit{seconds: given(seconds.e, typeFor(goType[Int]()), "the timeout", here())}
	return t
}

// Heartbeat ends an attempt with States.HeartbeatTimeout when the task has not
// been heard of for d, in whole seconds. It must be shorter than Timeout.
func (t Task[In, Out]) Heartbeat(d time.Duration) Task[In, Out] {
	t.task.heartbeat = limit{fixed: d}
	return t
}

// HeartbeatIn is [Task.Heartbeat] with a number of seconds that is data.
func (t Task[In, Out]) HeartbeatIn(seconds Int) Task[In, Out] {
	t.task.heartbeat = limit{seconds: given(seconds.e, typeFor(goType[Int]()), "the heartbeat", here())}
	return t
}

// Credentials has the task done by the role with that ARN, which may belong to
// another account: V("arn:aws:iam::…") or data.
func (t Task[In, Out]) Credentials(role String) Task[In, Out] {
	t.task.role = given(role.e, typeFor(goType[String]()), "the role", here())
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
	return f.callWith(t, func(*spec.Call) any { return in })
}

// callWith records the call of a task whose input may need to know the call.
func (f *Flow) callWith(t task, in func(*spec.Call) any) *spec.Expr {
	if t.contract == nil {
		t.contract = &contract{in: goType[None](), out: goType[None]()}
	}
	name := t.state
	if name == "" {
		name = t.Name
	}
	c := &spec.Call{
		Header: f.header(name), Pattern: t.pattern, Retry: t.retry, Role: t.role,
		Timeout: t.timeout.fixed, TimeoutOf: t.timeout.seconds, Heartbeat: t.heartbeat.fixed, HeartbeatOf: t.heartbeat.seconds,
	}
	c.Task = f.trace.task(t.contract, c.Pos)
	c.Result = f.result(spec.FromTask, f.trace.outcome(c), c.Header)
	if f.record(c) {
		inner := f
		if t.pattern == spec.Callback { // the token exists only here
			inner = &Flow{trace: f.trace, block: f.block, outer: f}
			c.Token = inner.source(spec.FromToken, typeFor(goType[String]()), "the task token", c.Pos)
		}
		c.Input = inner.use(exprOf(in(c), c.Task.Input.String(), c.Pos), c.Pos)
		for _, x := range []*spec.Expr{c.Role, c.TimeoutOf, c.HeartbeatOf} {
			f.use(x, c.Pos)
		}
		f.trace.checkDurations(c)
	}
	return ref(c.Result)
}

// outcome is the type of a call's result.
func (t *trace) outcome(c *spec.Call) *spec.Type {
	if c.Pattern == spec.Start {
		return typeFor(goType[Started]())
	}
	return c.Task.Output
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
