package interp

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// phase is what a thread does next or waits for.
type phase uint8

const (
	ended      phase = iota
	entering         // its state is to be entered
	attempting       // an attempt at the work of its state is due
	answered         // what it waited for has arrived
	lookup           // waits for ActivityFound
	working          // waits for a task
	sleeping         // waits for the timer of a Wait state
	retrying         // waits for the timer before another attempt
	joining          // waits for its branches or iterations
	redriving        // a map run is to go on
)

// A thread is one line of control: the execution itself, a branch of a
// Parallel state or an iteration of a Map state. It walks through the states
// of one flow, one at a time.
type thread struct {
	flow  *graph.Flow
	group *group // what it is a part of; nil for the root
	slot  int    // position in the group

	state graph.State
	phase phase
	found bool       // the activity of the task is known to exist
	input *value.Doc // the state's raw input
	// previous is the id that the thread's next event points back to.
	previous int64
	// entered is the id of the state's Entered event, 0 as long as there is none;
	// before is the id that came before it.
	entered, before int64
	enteredAt       time.Time

	vars []history.Variable // variables of this flow

	attempts int   // retries in this visit of the state
	retries  []int // the same, per retrier

	reply *value.Doc // what arrived, when answered
	fault *failure   // or what went wrong

	job    job      // the running task
	token  string   // the token of the attempt, if it has one
	lookup LookupID // the question about an activity
	timer  TimerID  // of a Wait state or before a retry
	fork   *group   // the branches or iterations: running, or broken off

	run      string // ARN of the last map run, as long as a redrive may go on with it
	redrives int    // of that run
}

// runnable reports whether the thread can go on.
func (t *thread) runnable() bool {
	return t.phase == entering || t.phase == attempting || t.phase == answered || t.phase == redriving
}

// begin points the thread at a state.
func (t *thread) begin(s graph.State, input *value.Doc) {
	t.state, t.input, t.phase = s, input, entering
	t.entered, t.attempts, t.retries, t.token = 0, 0, nil, ""
	t.run, t.redrives, t.fork = "", 0, nil
}

// parent is the thread whose Parallel or Map state the thread is a part of.
func (t *thread) parent() *thread {
	if t.group == nil {
		return nil
	}
	return t.group.owner
}

// path tells where the thread stands, outermost slot first.
func (t *thread) path() []Slot {
	depth := 0
	for p := t; p.group != nil; p = p.group.owner {
		depth++
	}
	if depth == 0 {
		return nil
	}
	path := make([]Slot, depth)
	for p := t; p.group != nil; p = p.group.owner {
		depth--
		path[depth] = Slot{State: p.group.owner.state.Shared().Name, Index: p.slot}
	}
	return path
}

// follow records an event of the thread after its last one.
func (x *Execution) follow(t *thread, typ history.Type, d history.Details) int64 {
	id := x.emit(t.previous, typ, t.state.Shared().Name, d)
	if id != 0 {
		t.previous = id
	}
	return id
}

// enter records that the state begins and does its work, as far as it goes
// without waiting.
func (x *Execution) enter(t *thread) {
	b := t.state.Shared()
	t.before = t.previous
	t.entered = x.follow(t, enteredType(t.state), x.details().enter(b.Name, t.input))
	t.enteredAt = x.now
	var f *failure
	switch s := t.state.(type) {
	case *graph.Pass:
		f = x.pass(t, s)
	case *graph.Choice:
		f = x.choose(t, s)
	case *graph.Wait:
		f = x.wait(t, s)
	case *graph.Succeed:
		f = x.succeed(t, s)
	case *graph.Fail:
		f = x.raise(t, s)
	default:
		x.attempt(t)
	}
	if f != nil {
		x.failState(t, f)
	}
}

// attempt makes one attempt at the work of a state that can be retried, or goes
// on with a Wait state that was redriven.
func (x *Execution) attempt(t *thread) {
	var f *failure
	switch s := t.state.(type) {
	case *graph.Wait:
		f = x.wait(t, s)
	case *graph.Task:
		f = x.schedule(t, s)
	case *graph.Parallel:
		f = x.forkBranches(t, s)
	case *graph.Map:
		f = x.forkIterations(t, s)
	}
	if f != nil {
		x.failState(t, f)
	}
}

// answer goes on with a state after what it waited for.
func (x *Execution) answer(t *thread) {
	reply, f := t.reply, t.fault
	t.reply, t.fault = nil, nil
	if f == nil {
		switch s := t.state.(type) {
		case *graph.Wait:
			f = x.leaveSimple(t, &s.Base)
		case *graph.Task:
			f = x.finish(t, &s.Base, &s.Result, reply)
		case *graph.Parallel:
			f = x.finish(t, &s.Base, &s.Result, reply)
		case *graph.Map:
			f = x.finish(t, &s.Base, &s.Result, reply)
		}
	}
	if f != nil {
		x.failState(t, f)
	}
}

// leave ends the visit of a state: it records the output, stores the
// variables and goes on to the next state, or ends the thread.
func (x *Execution) leave(t *thread, output *value.Doc, assigned []history.Variable, next graph.State) *failure {
	b := t.state.Shared()
	if f := x.checkOutput(b, output); f != nil {
		return f
	}
	if f := x.store(t, assigned); f != nil {
		return f
	}
	if x.visit != nil {
		x.visit.left(x, output, next)
		return nil
	}
	x.follow(t, exitedType(t.state), x.details().exit(b.Name, output, assigned))
	if next != nil {
		t.begin(next, output)
	} else {
		x.end(t, output)
	}
	return nil
}

// end ends a thread with success.
func (x *Execution) end(t *thread, output *value.Doc) {
	t.phase = ended
	if t.group != nil {
		x.joined(t, output)
		return
	}
	x.emit(t.previous, history.ExecutionSucceeded, "", x.details().output(output))
	x.complete(&Complete{Status: Succeeded, Output: output})
}

// failState takes the failure of a state: another attempt, a catcher, or the
// end of the thread.
func (x *Execution) failState(t *thread, f *failure) {
	handlers := graph.HandlersOf(t.state)
	if x.visit != nil {
		x.visit.failed(f)
	}
	if handlers != nil && !f.fatal && x.retry(t, handlers.Retry, f) {
		return
	}
	x.containerFailed(t, f)
	if handlers != nil && !f.fatal {
		if f = x.catch(t, handlers.Catch, f); f == nil {
			return
		}
	}
	x.failThread(t, f)
}

// failThread ends a thread with a failure that its state does not handle.
func (x *Execution) failThread(t *thread, f *failure) {
	t.phase = ended
	if x.visit != nil {
		x.visit.failed(f)
	}
	if t.group != nil {
		x.brokeOff(t, f)
		return
	}
	x.emit(t.previous, history.ExecutionFailed, "", f.details())
	x.complete(&Complete{Status: Failed, Error: f.err, Cause: f.cause})
}
