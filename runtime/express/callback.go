package express

import (
	"context"
	"errors"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// Errors of answers to task tokens.
var (
	// ErrUnknownToken refuses a token that no task of the execution has or had.
	ErrUnknownToken = errors.New("express: no task has this token")
	// ErrTaskTimedOut refuses an answer that comes too late: the task timed out,
	// was answered already, or its execution has ended.
	ErrTaskTimedOut = errors.New("express: the task is not waiting any more")
)

// SendTaskSuccess answers the task that has the token. The first answer counts.
func (x *Execution) SendTaskSuccess(token string, output *value.Doc) error {
	return x.send(token, func(t interp.TaskID) interp.Event { return &interp.TaskSucceeded{Task: t, Output: output} })
}

// SendTaskFailure fails the task that has the token. A nil name or cause is not
// given, which is not the same as an empty one.
func (x *Execution) SendTaskFailure(token string, name, cause *string) error {
	return x.send(token, func(t interp.TaskID) interp.Event { return &interp.TaskFailed{Task: t, Error: name, Cause: cause} })
}

// SendTaskHeartbeat restarts the heartbeat clock of the task that has the token.
func (x *Execution) SendTaskHeartbeat(token string) error {
	return x.send(token, func(t interp.TaskID) interp.Event { return &interp.TaskHeartbeat{Task: t} })
}

func (x *Execution) send(token string, event func(interp.TaskID) interp.Event) error {
	return x.ask(func() error {
		a := x.tokens[token]
		if a == nil {
			return ErrUnknownToken
		}
		if x.running.Get(a.task.Task) != a || a.early != nil {
			return ErrTaskTimedOut
		}
		e := event(a.task.Task)
		switch _, alive := e.(*interp.TaskHeartbeat); {
		case alive:
		case a.task.Resource.Pattern == graph.Callback && !a.submitted:
			a.early = e
			return nil
		default:
			x.forget(a.task.Task)
		}
		if x.step(e) != nil {
			return ErrTaskTimedOut
		}
		return nil
	})
}

// An ActivityTask is work for a worker.
type ActivityTask struct {
	Token string
	Input *value.Doc
}

// activity is the queue of one activity.
type activity struct {
	tasks   []*attempt // nobody has taken them yet
	pollers []*poller
}

type poller struct {
	worker string
	task   chan *ActivityTask // has one element when a task was found
}

// Poll waits for a task of the activity with this ARN and hands it to the
// worker, whose name may be empty. It returns nil when the execution ends first,
// and an error when ctx is done first. On a virtual clock time stands still from
// then until the worker answers.
func (x *Execution) Poll(ctx context.Context, arn, worker string) (*ActivityTask, error) {
	p := &poller{worker: worker, task: make(chan *ActivityTask, 1)}
	x.put(item{call: func() { x.poll(arn, p) }})
	select {
	case t := <-p.task:
		return t, nil
	case <-x.ended:
	case <-ctx.Done():
		x.put(item{call: func() { x.leave(arn, p) }})
	}
	select {
	case t := <-p.task: // it was handed out just then
		return t, nil
	default:
		return nil, ctx.Err()
	}
}

func (x *Execution) queue(arn string) *activity {
	if x.activities == nil {
		x.activities = make(map[string]*activity)
	}
	q := x.activities[arn]
	if q == nil {
		q = new(activity)
		x.activities[arn] = q
	}
	return q
}

func (x *Execution) poll(arn string, p *poller) {
	q := x.queue(arn)
	if len(q.tasks) == 0 {
		q.pollers = append(q.pollers, p)
		return
	}
	a := q.tasks[0]
	q.tasks = q.tasks[1:]
	x.handOut(a, p)
}

// offer queues the task of an activity, or hands it to a worker that waits.
func (x *Execution) offer(a *attempt) {
	q := x.queue(a.task.Resource.ARN)
	if len(q.pollers) == 0 {
		q.tasks = append(q.tasks, a)
		return
	}
	p := q.pollers[0]
	q.pollers = q.pollers[1:]
	x.handOut(a, p)
}

func (x *Execution) handOut(a *attempt, p *poller) {
	a.held = true
	x.clock.Begin()
	p.task <- &ActivityTask{Token: a.task.Token, Input: a.task.Parameters}
	x.step(&interp.TaskStarted{Task: a.task.Task, Worker: p.worker})
}

// leave takes a poller off the queue. If it had been handed a task already, the
// task is lost to it and runs into its timeout.
func (x *Execution) leave(arn string, p *poller) {
	q := x.queue(arn)
	for i := range q.pollers {
		if q.pollers[i] == p {
			q.pollers = append(q.pollers[:i], q.pollers[i+1:]...)
			return
		}
	}
}

// withdraw takes the task of an activity off the queue.
func (x *Execution) withdraw(a *attempt) {
	q := x.activities[a.task.Resource.ARN]
	if q == nil {
		return
	}
	for i := range q.tasks {
		if q.tasks[i] == a {
			q.tasks = append(q.tasks[:i], q.tasks[i+1:]...)
			return
		}
	}
}

// lookUp answers whether an activity exists: all do, unless Options say which.
func (x *Execution) lookUp(c *interp.LookupActivity) interp.Event {
	if x.options.Activity != nil && !x.options.Activity(c.ARN) {
		return &interp.ActivityMissing{Lookup: c.Lookup}
	}
	return &interp.ActivityFound{Lookup: c.Lookup}
}
