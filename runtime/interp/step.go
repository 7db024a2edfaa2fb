package interp

import (
	"errors"
	"fmt"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// Errors of [Execution.Step], to be tested with errors.Is.
var (
	// ErrNotPending refuses an event for a task or timer that is not waited
	// for: it was answered before, cancelled, or never existed.
	ErrNotPending = errors.New("not pending")
	// ErrClosed refuses an event for an execution that has ended.
	ErrClosed = errors.New("the execution has ended")
	// ErrNotStarted refuses an event before Started.
	ErrNotStarted = errors.New("the execution has not been started")
	// ErrStarted refuses a second Started.
	ErrStarted = errors.New("the execution has been started already")
)

// burst bounds the transitions of one step, so that a loop that never waits
// cannot keep the driver from looking at its clock.
const burst = 4096

// Step takes in events that happened by the time now and advances the
// execution as far as it goes. Events that are handed in together are all
// recorded before anything follows from them, as AWS does with events of the
// same moment: three tasks that time out at once leave three TaskTimedOut
// events before the first failure takes effect.
//
// An event that is out of place is refused with one of the errors of this
// package; it changes nothing, and the other events count. Time must not go
// backwards from step to step; where it does, the kernel stays at the later.
//
// A step is bounded. When there is more to do, it asks for a timer that is due
// at once.
func (x *Execution) Step(now time.Time, events ...Event) (Output, error) {
	if now.After(x.now) {
		x.now = now.UTC().Round(0)
	}
	x.out.Commands, x.out.Events = x.out.Commands[:0], x.out.Events[:0]
	x.burn = burst
	var refused error
	for _, e := range events {
		if err := x.record(e); err != nil {
			refused = errors.Join(refused, fmt.Errorf("interp: %T: %w", e, err))
		}
	}
	x.run()
	return x.out, refused
}

// record takes in one event: it writes what happened into the history and
// makes the thread ready that waited for it.
func (x *Execution) record(e Event) error {
	if s, ok := e.(*Started); ok {
		return x.start(s)
	}
	if r, ok := e.(*Redriven); ok {
		return x.redrive(r)
	}
	switch x.status {
	case Running:
	case "":
		return ErrNotStarted
	default:
		return ErrClosed
	}
	switch e := e.(type) {
	case *ActivityFound:
		return x.activityFound(e)
	case *ActivityMissing:
		return x.activityMissing(e)
	case *TaskStarted:
		return x.taskStarted(e)
	case *TaskSubmitted:
		return x.taskSubmitted(e)
	case *TaskSucceeded:
		return x.taskSucceeded(e)
	case *TaskFailed:
		return x.taskFailed(e)
	case *TaskHeartbeat:
		return x.taskHeartbeat(e)
	case *MapRunSucceeded:
		return x.mapRunSucceeded(e)
	case *MapRunFailed:
		return x.mapRunFailed(e)
	case *TimerFired:
		return x.timerFired(e)
	case *Stopped:
		x.stop(e)
		return nil
	}
	return fmt.Errorf("unknown event %T", e)
}

// start begins the execution at the root flow.
func (x *Execution) start(e *Started) error {
	if x.status != "" {
		return ErrStarted
	}
	x.status = Running
	x.input = e.Input
	if x.input == nil {
		x.input = value.DocOf(value.Object())
	}
	x.info = e.Info
	if x.info.Region == "" {
		x.info.Region = "us-east-1"
	}
	x.limits = e.Limits
	x.startedAt = x.now
	x.random = newSource(e.Seed)
	x.emit(0, history.ExecutionStarted, "", x.details().start(x.input, &e.Info))
	x.startDeadline()
	x.root = thread{flow: x.machine.Root}
	x.root.begin(x.machine.Root.Start, x.input)
	x.ready.push(&x.root)
	return nil
}

// run lets every ready thread go on until it waits or ends.
func (x *Execution) run() {
	for x.running() {
		if x.burn <= 0 && x.ready.len() > 0 {
			x.yield()
			return
		}
		t := x.ready.pop()
		if t == nil {
			return
		}
		x.advance(t)
	}
}

// yield asks for another step right away.
func (x *Execution) yield() {
	if x.live.yielded != 0 {
		return
	}
	x.live.yielded = x.startTimer(x.now)
}

// advance runs one thread until it waits, ends or has used up the step. Threads
// that are ready at the same time take turns, state by state.
func (x *Execution) advance(t *thread) {
	for x.running() && t.runnable() {
		if x.burn <= 0 {
			x.ready.pushFront(t)
			return
		}
		x.burn--
		switch t.phase {
		case entering:
			x.enter(t)
		case attempting, redriving:
			x.attempt(t)
		case answered:
			x.answer(t)
		}
		if t.phase == entering && x.ready.len() > 0 {
			x.ready.push(t)
			return
		}
	}
}
