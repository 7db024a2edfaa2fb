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
	x      *Execution
	task   *interp.InvokeTask
	visit  invoke.Visit
	ctx    context.Context // of the handler
	cancel context.CancelFunc
	held   bool // the clock stands still until a worker answers
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
	var here []*attempt
	for _, t := range tasks {
		a := &attempt{x: x, task: t, visit: x.visits.Visit(t)}
		x.running[t.Task] = a
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
		if x.running[a.task.Task] == a { // the execution may have ended
			x.begin(a)
		}
	}
}

// watched reports whether anybody sees the history. Where nobody does, the kernel
// can take in the start of a task together with its result.
func (x *Execution) watched() bool { return !x.options.DiscardHistory || x.observed() }

// begin has the work done in a goroutine of its own, or in that of the handler
// which is the loop.
func (x *Execution) begin(a *attempt) {
	ctx, cancel := context.WithCancel(x.ctx)
	a.ctx, a.cancel = task.WithAttempt(ctx, a), cancel
	x.clock.Begin()
	x.awake.Add(1)
	if child, ok := x.caller.ChildOf(a.task); ok {
		go a.runChild(a.ctx, child)
		return
	}
	if x.lent && x.next == nil {
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
	defer a.rest()
	defer a.flush()
	a.x.caller.Do(a.ctx, a.task, func(e interp.Event) {
		a.flush()
		a.last = e
	})
	return a.x.proceed(a)
}

// flush reports what is left to report.
func (a *attempt) flush() {
	if a.last != nil {
		a.report(a.last)
		a.last = nil
	}
}

// rest tells that the handler is not running any more, or sleeps.
func (a *attempt) rest() {
	if a.x.awake.Add(-1) == 0 {
		select {
		case a.x.rested <- struct{}{}:
		default:
		}
	}
	a.x.clock.End()
}

func (a *attempt) wakeUp() {
	a.x.clock.Begin()
	a.x.awake.Add(1)
}

// report puts what came of a task before the kernel.
func (a *attempt) report(e interp.Event) { a.x.inbox.put(item{event: e, from: a}) }

// accept takes note of what came of a task and appends what the kernel has to
// know of it. A task that waits for a token goes on waiting after it was
// submitted; an answer that comes sooner than that waits for it.
func (x *Execution) accept(a *attempt, e interp.Event, events []interp.Event) []interp.Event {
	if x.running[a.task.Task] != a {
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
	a := x.running[id]
	if a == nil {
		return
	}
	delete(x.running, id)
	if a.cancel != nil {
		a.cancel()
	}
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
	return a.x.ask(func() error {
		if a.x.running[a.task.Task] != a {
			return invoke.ErrOver
		}
		return a.x.step(&interp.TaskHeartbeat{Task: a.task.Task})
	}, invoke.ErrOver)
}

// Sleep implements [task.Attempt].
func (a *attempt) Sleep(ctx context.Context, d time.Duration) error {
	var once sync.Once // the timer and the context may be at it together
	woken := make(chan struct{})
	c := a.x.clock
	stop := c.At(c.Now().Add(d), func() {
		once.Do(a.wakeUp)
		close(woken)
	})
	a.rest()
	select {
	case <-woken:
		return nil
	case <-ctx.Done():
		stop()
		once.Do(a.wakeUp)
		return ctx.Err()
	}
}

// ask has the loop call f and returns what it returned, or over when the
// execution has ended.
func (x *Execution) ask(f func() error, over error) error {
	answer := make(chan error, 1)
	x.inbox.put(item{call: func() { answer <- f() }})
	select {
	case err := <-answer:
		return err
	case <-x.ended:
		select {
		case err := <-answer:
			return err
		default:
			return over
		}
	}
}
