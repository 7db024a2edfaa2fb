package interp

import (
	"errors"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// Redriven takes up an execution that has ended without success, from the states
// in which it ended. The execution's own time limit begins anew, and so do the
// counts of retries.
type Redriven struct {
	// Whole does a Parallel or Map state again as a whole, and a Wait state from
	// its beginning. It is for journals of a time when the kernel knew no better.
	Whole bool
}

func (*Redriven) event() {}

// ErrNotRedrivable refuses to redrive an execution that is running or succeeded,
// or whose history is full.
var ErrNotRedrivable = errors.New("the execution cannot be redriven")

func (x *Execution) redrive(e *Redriven) error {
	switch x.status {
	case Failed, TimedOut, Aborted:
	default:
		return ErrNotRedrivable
	}
	if x.limits.Events > 0 && x.lastEvent+1 >= x.limits.Events {
		return ErrNotRedrivable
	}
	x.status = Running
	x.info.RedriveCount++
	x.memo = nil
	x.variables = 0
	t := &x.root
	t.previous = x.emit(x.lastEvent, history.ExecutionRedriven, "", &history.Redrive{Count: x.info.RedriveCount})
	x.startDeadline()
	if e.Whole {
		x.takeUpWhole(t)
		return nil
	}
	x.redrivenAt = x.now
	x.takeUp(t)
	return nil
}

// takeUp lets a thread go on that ended without success. Its next event follows
// its last one. A Task is scheduled again, the run of a distributed Map state goes
// on, and a Wait state waits for what remains, all without being entered a second
// time; of Parallel and Map states only what has not finished is taken up. Other
// states are entered again.
func (x *Execution) takeUp(t *thread) {
	x.variables += t.stored()
	t.attempts, t.retries, t.fault = 0, nil, nil
	t.phase = entering
	switch t.state.(type) {
	case *graph.Task, *graph.Parallel, *graph.Map, *graph.Wait:
		switch {
		case t.entered == 0:
		case t.fork != nil:
			x.takeUpGroup(t.fork)
			return
		case t.reply != nil: // it came, and then the execution was ended
			t.phase = answered
		case t.run != "":
			t.phase = redriving
		default:
			t.phase = attempting
		}
	}
	x.ready.push(t)
}

// takeUpGroup lets the branches or iterations go on that have not finished. Of a
// Map state it starts those that there was no room for.
func (x *Execution) takeUpGroup(g *group) {
	g.owner.phase = joining
	for _, t := range g.live {
		x.takeUp(t)
	}
	if s, ok := g.owner.state.(*graph.Map); ok {
		x.refill(g, s, g.owner.previous)
	}
}

// takeUpWhole is takeUp as the first kernels did it.
func (x *Execution) takeUpWhole(t *thread) {
	if _, wait := t.state.(*graph.Wait); wait {
		t.entered = 0
	}
	t.reply, t.fork = nil, nil
	x.takeUp(t)
}
