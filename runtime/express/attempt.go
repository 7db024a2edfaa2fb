package express

import (
	"context"
	"sync"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// An attempt is a task that the kernel waits for. It is the [task.Attempt] of
// its handler.
type attempt struct {
	x     *Execution
	task  *interp.InvokeTask
	visit invoke.Visit
	ctx   task.Context // of the handler
	held  bool         // the clock stands still until a worker answers
	// submitted is set when the request of a task with a token was accepted;
	// early is an answer that came before that.
	submitted bool
	early     interp.Event
	// last is what the handler's goroutine has to report yet.
	last interp.Event
}

// invoke begins the tasks that one step asked for. All have started before the
// first is heard of, as on AWS.
func (x *Execution) invoke(tasks []*interp.InvokeTask) {
	if len(tasks) == 0 {
		return
	}
	var started []interp.Event
	var room [2]*attempt
	here := room[:0]
	for _, t := range tasks {
		a := &attempt{x: x, task: t, visit: x.visits.Visit(t)}
		a.ctx.Begin(x.ctx, a)
		x.running.Set(t.Task, a)
		if t.Token != "" {
			if x.tokens == nil {
				x.tokens = make(map[string]*attempt)
			}
			x.tokens[t.Token] = a
		}
		if !x.caller.Local(t) {
			x.offer(a)
			continue
		}
		here = append(here, a)
		if x.watched() || t.Timeout != 0 || t.Heartbeat != 0 {
			started = append(started, invoke.Started(t))
		}
	}
	if len(started) > 0 {
		x.step(started...)
	}
	for _, a := range here {
		if x.running.Get(a.task.Task) == a { // the execution may have ended
			x.begin(a)
		}
	}
}

// begin has the work done by the goroutine that is the loop, when that is free, or
// else by another.
func (x *Execution) begin(a *attempt) {
	x.rouse()
	if child, ok := x.caller.ChildOf(a.task); ok {
		x.options.Hands.Do(func() { a.runChild(child) })
		return
	}
	if x.free && x.next == nil {
		x.next = a
		return
	}
	x.options.Hands.Do(func() { x.work(a) })
}

// work does a task and those that are left to its goroutine.
func (x *Execution) work(a *attempt) {
	for a != nil {
		a = a.do()
	}
}

// do calls the handler. One that ends its goroutine has its failure reported too,
// but can do no more.
func (a *attempt) do() (next *attempt) {
	returned := false
	defer func() {
		if !returned {
			a.finish(false)
		}
	}()
	a.x.caller.Do(&a.ctx, a.task, func(e interp.Event) {
		if a.last != nil {
			a.report(a.last)
		}
		a.last = e
	})
	returned = true
	return a.finish(true)
}

// finish reports how the task ended, and returns the next one.
func (a *attempt) finish(free bool) (next *attempt) {
	return a.x.settle(free, item{event: a.last, from: a})
}

// report puts what came of a task before the kernel.
func (a *attempt) report(e interp.Event) { a.x.put(item{event: e, from: a}) }

// accept takes note of what came of a task and appends what the kernel has to
// know of it. A task that waits for a token goes on waiting after it was
// submitted; an answer that comes sooner than that waits for it.
func (x *Execution) accept(a *attempt, e interp.Event, events []interp.Event) []interp.Event {
	if x.running.Get(a.task.Task) != a {
		return events // cancelled meanwhile
	}
	if submitted, ok := e.(*interp.TaskSubmitted); ok {
		a.submitted = true
		if a.early == nil {
			return append(events, submitted)
		}
	}
	x.forget(a.task.Task)
	if a.early != nil {
		return append(events, &interp.TaskSubmitted{Task: a.task.Task, Output: outputOf(e)}, a.early)
	}
	return append(events, e)
}

// outputOf is what the service behind a task answered, as far as it did.
func outputOf(e interp.Event) *value.Doc {
	if s, ok := e.(*interp.TaskSubmitted); ok {
		return s.Output
	}
	return value.DocOf(value.Null())
}

// forget takes a task off the list and tells its handler.
func (x *Execution) forget(id interp.TaskID) {
	a := x.running.Get(id)
	if a == nil {
		return
	}
	x.running.Remove(id)
	a.ctx.Cancel()
	if a.held {
		a.held = false
		x.clock.End()
	}
	x.withdraw(a)
}

// Details implements [task.Attempt].
func (a *attempt) Details() task.Details {
	return invoke.Details(&a.x.options.Info, a.task, a.visit)
}

// Heartbeat implements [task.Attempt].
func (a *attempt) Heartbeat() error {
	answer := make(chan error, 1)
	a.x.settle(false, item{call: func() {
		a.x.rouse()
		answer <- a.beat()
	}})
	return <-answer
}

func (a *attempt) beat() error {
	if a.x.running.Get(a.task.Task) != a {
		return invoke.ErrOver
	}
	return a.x.step(&interp.TaskHeartbeat{Task: a.task.Task})
}

// Sleep implements [task.Attempt].
func (a *attempt) Sleep(ctx context.Context, d time.Duration) error {
	var once sync.Once // the timer and the context may be at it together
	woken := make(chan struct{})
	c := a.x.clock
	stop := c.At(c.Now().Add(d), func() {
		once.Do(a.x.rouse)
		close(woken)
	})
	a.x.settle(false)
	select {
	case <-woken:
		return nil
	case <-ctx.Done():
		stop()
		once.Do(a.x.rouse)
		return ctx.Err()
	}
}

// ask has f called when nothing else happens to the execution, and returns what it
// returned.
func (x *Execution) ask(f func() error) error {
	answer := make(chan error, 1)
	x.put(item{call: func() { answer <- f() }})
	return <-answer
}
