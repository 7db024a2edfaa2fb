package standard

import (
	"context"
	"sync"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// An attempt is a task that the kernel waits for. It is the [task.Attempt] of
// its handler.
type attempt struct {
	run      *run
	task     *interp.InvokeTask
	visit    invoke.Visit
	resource string // what the pool counts
	local    bool   // a handler does it, not a worker that polls
	child    bool   // the task waits for an execution that it started
	held     bool   // it waits until the machine is deployed

	// The journal says that it has started, and that its request was accepted
	// and the token is waited for.
	started, submitted bool
	ctx                task.Context   // of the handler
	caller             *invoke.Caller // of the handler, once it is called
}

func (r *run) newAttempt(t *interp.InvokeTask) *attempt {
	c := r.machine.caller()
	child, ok := c.ChildOf(t)
	a := &attempt{
		run: r, task: t, visit: r.visits.Visit(t), resource: invoke.Resource(t),
		local: !ok && c.Local(t), child: ok && child.Wait,
	}
	a.ctx.Begin(r.engine.ctx, a)
	return a
}

// launch calls the handler. The attempt has a place in the pool.
func (a *attempt) launch() {
	a.caller = a.run.machine.caller() // a deployment that follows changes nothing for it
	a.run.engine.begin()
	a.run.engine.hands.Do(a.do)
}

func (a *attempt) do() {
	e := a.run.engine
	defer e.end()
	defer e.free(a.resource)
	defer a.ctx.Cancel()
	a.caller.Do(&a.ctx, a.task, a.report)
}

// free gives a place in the pool to the next that waits for one.
func (e *Engine) free(resource string) {
	a := e.pool.release(resource)
	if a == nil {
		return
	}
	err := e.deliver(a.run.row.ID, item{events: func(r *run, w *write) []interp.Event {
		if r.tasks.Get(a.task.Task) != a || a.started {
			go e.free(resource) // it was cancelled
			return nil
		}
		return w.begin(a)
	}})
	if err != nil {
		e.free(resource)
	}
}

// report brings what came of the task to its run. When the engine cancelled the
// handler because it shuts down, a failure says nothing about the task.
func (a *attempt) report(event interp.Event) {
	e := a.run.engine
	if _, failed := event.(*interp.TaskFailed); failed && e.ctx.Err() != nil {
		return
	}
	// An error is the engine's: it has stopped, and everybody knows.
	e.deliver(a.run.row.ID, item{events: func(r *run, _ *write) []interp.Event { return r.accept(a, event) }})
}

// accept returns what the kernel has to know of what came of a task.
func (r *run) accept(a *attempt, e interp.Event) []interp.Event {
	if r.tasks.Get(a.task.Task) != a {
		return nil // cancelled meanwhile, or answered by its token
	}
	return []interp.Event{e}
}

// end tells the handler that nobody waits for the task any more, and stops the
// execution that a task waited for.
func (a *attempt) end() {
	a.ctx.Cancel()
	if a.child {
		go a.run.engine.stopChild(a)
	}
}

// Details implements [task.Attempt].
func (a *attempt) Details() task.Details {
	return invoke.Details(&a.run.info, a.task, a.visit)
}

// Heartbeat implements [task.Attempt].
func (a *attempt) Heartbeat() error {
	over := false
	err := a.run.engine.ask(context.Background(), a.run.row.ID, func(r *run, _ *write) []interp.Event {
		over = r.tasks.Get(a.task.Task) != a
		if over || a.task.Heartbeat == 0 {
			return nil
		}
		return []interp.Event{&interp.TaskHeartbeat{Task: a.task.Task}}
	})
	if err == nil && over {
		err = invoke.ErrOver
	}
	return err
}

// Sleep implements [task.Attempt].
func (a *attempt) Sleep(ctx context.Context, d time.Duration) error {
	var once sync.Once // the timer and the context may be at it together
	woken := make(chan struct{})
	c := a.run.engine.clock
	stop := c.At(c.Now().Add(d), func() {
		once.Do(c.Begin)
		close(woken)
	})
	c.End()
	select {
	case <-woken:
		return nil
	case <-ctx.Done():
		stop()
		once.Do(c.Begin)
		return ctx.Err()
	}
}
