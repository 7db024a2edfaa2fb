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
// [mapFacts.mark] to which that belongs.
func (e *Engine) redrive(ctx context.Context, id, mark int64) (time.Time, error) {
	var at time.Time
	var refused error
	err := e.ask(ctx, id, func(r *run, w *write) []interp.Event {
		if reason := notRedrivable(&r.row, r.kernel.Events(), w.now); reason != "" {
			refused = refuse(ErrExecutionNotRedrivable, "%s", reason)
			return nil
		}
		at = w.now
		r.row.Status, r.row.Stopped = store.Running, 0
		r.row.Redriven, r.row.Redrives = cmp.Or(mark, at.UnixNano()), r.row.Redrives+1
		if e.fault == redriveTwice {
			r.row.Redrives++
		}
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

// A RedriveStatus says whether an execution can be redriven now.
type RedriveStatus string

// The redrive statuses, as DescribeExecution spells them.
const (
	Redrivable         RedriveStatus = "REDRIVABLE"
	NotRedrivable      RedriveStatus = "NOT_REDRIVABLE"
	RedrivableByMapRun RedriveStatus = "REDRIVABLE_BY_MAP_RUN"
)

// redrivable tells whether an execution with so many history events can be
// redriven, and why not.
func (e *Engine) redrivable(x *store.Execution, events int64) (s RedriveStatus, reason string) {
	switch reason := notRedrivable(x, events, e.now()); {
	case reason != "":
		return NotRedrivable, reason
	case x.Machine < 0:
		return RedrivableByMapRun, ""
	}
	return Redrivable, ""
}

// notRedrivable says why an execution cannot be redriven; empty when it can. An
// Express child of a map run begins again, whatever its age.
func notRedrivable(x *store.Execution, events int64, now time.Time) string {
	switch {
	case x.Status == store.Running || x.Status == store.Succeeded:
		return "Execution is " + string(statusFrom(x.Status)) + " and cannot be redriven"
	case x.Kernel == 0:
		return ""
	case events >= redriveEvents:
		return "Execution history event limit exceeded"
	case now.Sub(time.Unix(0, x.Started)) >= redriveUntil:
		return "Execution has exceeded the max execution time"
	case now.Sub(time.Unix(0, x.Stopped)) >= redriveWithin:
		return "Execution redrivable period exceeded"
	}
	return ""
}
