package standard

import (
	"context"
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// An ActivityTask is work for a worker.
type ActivityTask struct {
	Token string
	Input *value.Doc
}

// activity is the queue of one activity.
type activity struct {
	tickets []ticket
	workers []chan ticket // each takes one
}

// A ticket stands for a task of an activity that no worker has taken.
type ticket struct {
	activity, token string
	execution       int64
	task            interp.TaskID
}

func (e *Engine) offer(a *attempt) {
	e.queue(ticket{a.task.Resource.ARN, a.task.Token, a.run.row.ID, a.task.Task})
}

// queue hands a ticket to a worker that waits, or keeps it.
func (e *Engine) queue(t ticket) {
	e.mu.Lock()
	defer e.mu.Unlock()
	q := e.activity(t.activity)
	if len(q.workers) > 0 {
		q.workers[0] <- t
		q.workers = q.workers[1:]
		return
	}
	q.tickets = append(q.tickets, t)
}

// activity returns a queue; e.mu is held.
func (e *Engine) activity(arn string) *activity {
	q := e.activities[arn]
	if q == nil {
		q = new(activity)
		e.activities[arn] = q
	}
	return q
}

// Poll waits for a task of an activity, given by its ARN, and hands it to the
// worker, whose name may be empty. That the worker has it is durable when Poll
// returns. It returns nil when ctx is done first or the engine shuts down.
func (e *Engine) Poll(ctx context.Context, arn, worker string) (*ActivityTask, error) {
	switch {
	case !strings.HasPrefix(arn, "arn:") || !strings.Contains(arn, ":activity:"):
		return nil, refuse(ErrInvalidArn, "Invalid Arn: 'Invalid ARN prefix: %s'", arn)
	case e.o.Activity != nil && !e.o.Activity(arn):
		return nil, refuse(ErrActivityDoesNotExist, "Activity Does Not Exist: '%s'", arn)
	}
	for {
		t, ok, err := e.nextTicket(ctx, arn)
		if !ok || err != nil {
			return nil, err
		}
		var work *ActivityTask
		err = e.ask(context.WithoutCancel(ctx), t.execution, func(r *run, w *write) []interp.Event {
			a := r.tasks.Get(t.task)
			if a == nil || a.started || a.local {
				return nil // cancelled meanwhile
			}
			work = &ActivityTask{Token: t.token, Input: a.task.Parameters}
			w.batch.Taken = append(w.batch.Taken, t.token)
			return []interp.Event{&interp.TaskStarted{Task: t.task, Worker: worker}}
		})
		if work != nil || err != nil {
			return work, err
		}
	}
}

// nextTicket waits for a ticket.
func (e *Engine) nextTicket(ctx context.Context, arn string) (t ticket, ok bool, err error) {
	e.mu.Lock()
	if e.failed != nil || e.stopping {
		err = e.failed
		e.mu.Unlock()
		return t, false, err
	}
	q := e.activity(arn)
	if len(q.tickets) > 0 {
		t = q.tickets[0]
		q.tickets = q.tickets[1:]
		e.mu.Unlock()
		return t, true, nil
	}
	mine := make(chan ticket, 1)
	q.workers = append(q.workers, mine)
	e.mu.Unlock()
	select {
	case t, ok = <-mine:
		if !ok { // sent away
			e.mu.Lock()
			err = e.failed
			e.mu.Unlock()
		}
		return t, ok, err
	case <-ctx.Done():
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if i := slices.Index(q.workers, mine); i >= 0 {
		q.workers = slices.Delete(q.workers, i, i+1)
		return t, false, nil
	}
	if t, ok := <-mine; ok { // it came just then: it is the next worker's
		q.tickets = slices.Insert(q.tickets, 0, t)
	}
	return t, false, nil
}

// closeActivities sends the workers that wait away. e.mu is held.
func (e *Engine) closeActivities() {
	for _, q := range e.activities {
		for _, w := range q.workers {
			close(w)
		}
		q.workers = nil
	}
}

// lookUp answers whether an activity exists.
func (e *Engine) lookUp(c *interp.LookupActivity) interp.Event {
	if e.o.Activity != nil && !e.o.Activity(c.ARN) {
		return &interp.ActivityMissing{Lookup: c.Lookup}
	}
	return &interp.ActivityFound{Lookup: c.Lookup}
}
