package interp

import (
	"math"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// startTimer asks for a timer.
func (x *Execution) startTimer(at time.Time) TimerID {
	x.serial++
	id := TimerID(x.serial)
	x.command(&StartTimer{Timer: id, At: at})
	return id
}

// startThreadTimer asks for a timer that a thread waits for.
func (x *Execution) startThreadTimer(t *thread, at time.Time) TimerID {
	id := x.startTimer(at)
	x.live.timers.Set(id, t)
	return id
}

// dropTimer takes back a timer, if there is one.
func (x *Execution) dropTimer(id *TimerID) {
	if *id == 0 {
		return
	}
	x.live.timers.Remove(*id)
	x.command(&CancelTimer{Timer: *id})
	*id = 0
}

// startDeadline limits the execution by the definition's TimeoutSeconds and by
// the limit of its kind.
func (x *Execution) startDeadline() {
	limit := x.limits.Duration
	if s := x.machine.TimeoutSeconds; s > 0 {
		if own := asDuration(float64(s)); limit <= 0 || own < limit {
			limit = own
		}
	}
	if limit > 0 {
		x.live.deadline = x.startTimer(x.now.Add(limit))
	}
}

func (x *Execution) timerFired(e *TimerFired) error {
	switch e.Timer {
	case 0:
		return ErrNotPending
	case x.live.deadline:
		x.live.deadline = 0
		x.timeOut()
		return nil
	case x.live.yielded:
		x.live.yielded = 0
		return nil
	}
	t := x.live.timers.Get(e.Timer)
	if t == nil {
		return ErrNotPending
	}
	x.live.timers.Remove(e.Timer)
	switch e.Timer {
	case t.timer:
		t.timer = 0
		x.wake(t)
	case t.job.timeout:
		t.job.timeout = 0
		x.taskTimedOut(t, false)
	case t.job.heartbeat:
		t.job.heartbeat = 0
		x.taskTimedOut(t, true)
	}
	return nil
}

// wake goes on after a Wait state's time or the delay before a retry.
func (x *Execution) wake(t *thread) {
	if t.phase == retrying {
		t.phase = attempting
	} else {
		t.phase = answered
	}
	x.ready.push(t)
}

// timeOut ends the execution at its deadline. AWS records no error with it.
func (x *Execution) timeOut() {
	x.emit(0, history.ExecutionTimedOut, "", &history.Failure{})
	x.abandon()
	x.complete(&Complete{Status: TimedOut})
}

// seconds converts a number of seconds to a duration.
func seconds(n int64) time.Duration {
	if n > math.MaxInt64/int64(time.Second) {
		return math.MaxInt64
	}
	return time.Duration(n) * time.Second
}
