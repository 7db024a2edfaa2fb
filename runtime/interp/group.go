package interp

import (
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// A group is the branches of a Parallel state or the iterations of a Map state,
// during one attempt. Its threads share nothing; they can only see the variables
// of the flows around them.
//
// A group that broke off stays with its owner, for a redrive to take up, until the
// owner is tried again or leaves the state.
type group struct {
	owner *thread
	// results holds the output of every finished slot.
	results []*value.Doc
	// live holds the threads that have not finished, ordered by slot: they run, or
	// have ended with the group.
	live []*thread
	// done counts finished slots.
	done int

	// The rest belongs to Map states.

	items *value.Doc // the list of the items; nil for a Parallel state
	limit int        // how many run at the same time
	next  int        // the first slot that has not been started
	// tail is the event that MapStateSucceeded follows: the last
	// MapIterationSucceeded, or MapStateStarted.
	tail int64
}

// spawn starts the thread of one slot. The thread's first event follows the
// event with the given id.
func (x *Execution) spawn(g *group, slot int, flow *graph.Flow, input *value.Doc, previous int64) {
	t := &thread{flow: flow, group: g, slot: slot, previous: previous}
	t.begin(flow.Start, input)
	g.live = append(g.live, t)
	x.ready.push(t)
}

// remove takes a thread that has finished out of its group and forgets its
// variables.
func (x *Execution) remove(g *group, t *thread) {
	for i, other := range g.live {
		if other == t {
			g.live = append(g.live[:i], g.live[i+1:]...)
			break
		}
	}
	x.forget(t)
}

// joined takes in the output of a thread of a group.
func (x *Execution) joined(t *thread, output *value.Doc) {
	g := t.group
	g.results[t.slot] = output
	g.done++
	x.remove(g, t)
	switch s := g.owner.state.(type) {
	case *graph.Parallel:
		x.joinedBranch(g, t)
	case *graph.Map:
		x.joinedIteration(g, t, s)
	}
}

// close ends a group with the results of all slots. The owner goes on when its
// turn comes.
func (x *Execution) close(g *group) {
	o := g.owner
	o.fork = nil
	o.reply = value.JoinDocs(g.results)
	o.phase = answered
	x.ready.push(o)
}

// brokeOff takes in the failure of a thread of a group: the others are
// aborted, and the owner has failed. Every event of that refers to the event
// that made the thread fail.
func (x *Execution) brokeOff(t *thread, f *failure) {
	g, o, origin := t.group, t.group.owner, t.previous
	x.forget(t)
	if _, ok := o.state.(*graph.Map); ok {
		x.iterationEvent(origin, history.MapIterationFailed, g, t.slot)
	}
	x.abortState(t, origin)
	x.abortGroup(g, origin)
	o.previous = origin
	up := *f
	up.inner = true
	x.collapse(g, &up)
}

// collapse ends a group with a failure, which its owner takes up when its turn
// comes. After too much data a redrive does all of it again, as AWS has it.
func (x *Execution) collapse(g *group, f *failure) {
	o := g.owner
	if f.name() == errDataLimit {
		o.fork = nil
	}
	o.fault = f
	o.phase = answered
	x.ready.push(o)
}

// abortGroup aborts all threads that still run.
func (x *Execution) abortGroup(g *group, origin int64) {
	_, isMap := g.owner.state.(*graph.Map)
	for _, t := range g.live {
		if t.phase == ended {
			continue
		}
		if isMap {
			x.iterationEvent(origin, history.MapIterationAborted, g, t.slot)
		}
		if x.mapRun(RunID(t.job.id)) == t {
			x.emit(origin, history.MapRunAborted, t.state.Shared().Name, nil)
		}
		x.abortWork(t)
		x.abortState(t, origin)
		x.forget(t)
	}
}

// abortWork takes back whatever a thread waits for.
func (x *Execution) abortWork(t *thread) {
	x.dropJob(t)
	x.dropTimer(&t.timer)
	x.dropLookup(t)
	t.phase = ended
}

// abortState records that a state which had been entered will never exit.
// AWS has such events for four types of states.
func (x *Execution) abortState(t *thread, origin int64) {
	if t.entered == 0 {
		return
	}
	var typ history.Type
	switch t.state.(type) {
	case *graph.Task:
		typ = history.TaskStateAborted
	case *graph.Wait:
		typ = history.WaitStateAborted
	case *graph.Parallel:
		typ = history.ParallelStateAborted
	case *graph.Map:
		typ = history.MapStateAborted
	default:
		return
	}
	if t.fork != nil {
		x.abortGroup(t.fork, origin)
	}
	x.emit(origin, typ, t.state.Shared().Name, nil)
}
