package interp

import (
	"fmt"

	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// complete ends the execution. What is pending is not waited for any more.
func (x *Execution) complete(c *Complete) {
	x.dropTimer(&x.live.deadline)
	x.dropTimer(&x.live.yielded)
	x.command(c)
	x.status = c.Status
	x.live = waiting{}
	x.ready = queue{}
}

// stop aborts the execution. AWS records one event for it, whatever the
// execution was doing.
func (x *Execution) stop(e *Stopped) {
	x.emit(0, history.ExecutionAborted, "", &history.Failure{Error: e.Error, Cause: e.Cause})
	x.abandon()
	x.complete(&Complete{Status: Aborted, Error: e.Error, Cause: e.Cause})
}

// abandon takes back all that the threads wait for, outermost first.
func (x *Execution) abandon() { x.abandonThread(&x.root) }

func (x *Execution) abandonThread(t *thread) {
	x.abortWork(t)
	if t.fork == nil {
		return
	}
	for _, child := range t.fork.live {
		x.abandonThread(child)
	}
}

// exhaust fails the execution because its history is full. Its last event is
// the one that says so, and no Retry or Catch is asked.
func (x *Execution) exhaust() {
	f := &failure{
		err:   history.Ref(errRuntime),
		cause: history.Ref(fmt.Sprintf("The execution reached the maximum number of history events (%d).", x.limits.Events)),
	}
	x.emit(x.lastEvent, history.ExecutionFailed, "", f.details())
	x.abandon()
	x.complete(&Complete{Status: Failed, Error: f.err, Cause: f.cause})
}
