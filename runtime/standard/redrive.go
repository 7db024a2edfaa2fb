package standard

import (
	"cmp"
	"context"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

const (
	redriveWithin = 14 * 24 * time.Hour  // after the end
	redriveUntil  = 365 * 24 * time.Hour // after the start
	redriveEvents = 24999                // a history that is not shorter is full
)

// Redrive takes up an execution that did not succeed, from the state in which it
// ended, with the definition and the input that it had. It returns when that is
// durable.
func (e *Engine) Redrive(ctx context.Context, arn string) (time.Time, error) {
	if err := e.usable(); err != nil {
		return time.Time{}, err
	}
	x, err := e.executionID(ctx, arn)
	if err != nil {
		return time.Time{}, err
	}
	if x.Machine < 0 {
		return time.Time{}, refuse(ErrExecutionNotRedrivable, "Execution is a child of a map run and is redriven with it")
	}
	return e.redrive(ctx, x.ID, 0)
}

// redrive takes an execution up; of the children of a map run, mark is the
// [mapRun.redrive] to which that belongs.
func (e *Engine) redrive(ctx context.Context, id, mark int64) (time.Time, error) {
	var at time.Time
	var refused error
	err := e.ask(ctx, id, func(r *run, w *write) []interp.Event {
		if refused = r.redrivable(w.now); refused != nil {
			return nil
		}
		at = w.now
		r.row.Status, r.row.Stopped = store.Running, 0
		r.row.Redriven, r.row.Redrives = cmp.Or(mark, at.UnixNano()), r.row.Redrives+1
		r.row.Wake = -1 // whatever it is now, the row is to be written
		e.mu.Lock()
		r.over = false
		e.mu.Unlock()
		return []interp.Event{new(interp.Redriven)}
	})
	if err == nil {
		err = refused
	}
	return at, err
}

// redrivable says why an execution cannot be redriven, or nil.
func (r *run) redrivable(now time.Time) error {
	switch status := r.kernel.Status(); {
	case status == interp.Running || status == interp.Succeeded:
		return refuse(ErrExecutionNotRedrivable, "Execution is %s and cannot be redriven", status)
	case r.kernel.Events() >= redriveEvents:
		return refuse(ErrExecutionNotRedrivable, "Execution history event limit exceeded")
	case now.Sub(time.Unix(0, r.row.Started)) >= redriveUntil:
		return refuse(ErrExecutionNotRedrivable, "Execution has exceeded the max execution time")
	case now.Sub(time.Unix(0, r.row.Stopped)) >= redriveWithin:
		return refuse(ErrExecutionNotRedrivable, "Execution redrivable period exceeded")
	}
	return nil
}
