package interp

import (
	"errors"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// Redriven takes up an execution that has ended without success, from the state
// in which it ended. The execution's own time limit begins anew, and so do the
// counts of retries.
type Redriven struct{}

func (*Redriven) event() {}

// ErrNotRedrivable refuses to redrive an execution that is running or succeeded.
var ErrNotRedrivable = errors.New("the execution cannot be redriven")

// redrive takes the root thread up where it ended. A Task is scheduled again and
// a Parallel or Map state starts again without being entered a second time; the run
// of a distributed Map state goes on. Other states are entered again.
func (x *Execution) redrive() error {
	switch x.status {
	case Failed, TimedOut, Aborted:
	default:
		return ErrNotRedrivable
	}
	x.status = Running
	x.info.RedriveCount++
	x.memo = contextMemo{}
	id := x.emit(x.lastEvent, history.ExecutionRedriven, "", &history.Redrive{Count: x.info.RedriveCount})
	if id == 0 {
		return nil // the history is full, which has ended the execution again
	}
	x.startDeadline()
	t := &x.root
	t.previous, t.attempts, t.retries = id, 0, nil
	t.reply, t.fault, t.fork = nil, nil, nil
	t.phase = entering
	switch t.state.(type) {
	case *graph.Task, *graph.Parallel, *graph.Map:
		t.phase = attempting
		if t.run != "" {
			t.phase = redriving
		}
	}
	x.ready.push(t)
	return nil
}
