package standard

import (
	"context"
	"errors"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// startChild starts the execution that a task wants: in the same batch that says
// so of the task, so that there is exactly one.
func (w *write) startChild(a *attempt, want *invoke.Child) []interp.Event {
	e, t := w.run.engine, a.task
	if e.o.StartExpress != nil && !want.Wait && t.Token == "" {
		if d, err := e.Deployed(context.Background(), want.Machine); err == nil && d.Type != "STANDARD" {
			return w.startExpress(t.Task, &d, want)
		}
	}
	child, err := w.child(a, want)
	if err != nil {
		return []interp.Event{notStarted(t.Task, err)}
	}
	w.children = append(w.children, child)
	response := invoke.ChildStarted(child.run.info.ExecutionID, child.now)
	started := &interp.TaskStarted{Task: t.Task}
	if want.Wait || t.Token != "" {
		events := []interp.Event{started, &interp.TaskSubmitted{Task: t.Task, Output: response}}
		if want.Wait && child.result != nil { // it has ended already
			events = append(events, e.childResult(a, &child.run.row, want.Input, child.result))
		}
		return events
	}
	return []interp.Event{started, &interp.TaskSucceeded{Task: t.Task, Output: response}}
}

func (w *write) startExpress(id interp.TaskID, d *Deployed, want *invoke.Child) []interp.Event {
	arn, start, durable, err := w.run.engine.o.StartExpress(d, want)
	if err != nil {
		return []interp.Event{notStarted(id, err)}
	}
	w.batch.Express = append(w.batch.Express, start)
	w.items = append(w.items, item{done: durable})
	return []interp.Event{&interp.TaskStarted{Task: id}, &interp.TaskSucceeded{Task: id, Output: invoke.ChildStarted(arn, w.now)}}
}

func notStarted(id interp.TaskID, err error) interp.Event {
	failure := invoke.ChildFailed("InternalError", err.Error())
	var refused *Error
	if errors.As(err, &refused) {
		failure = invoke.ChildFailed(refused.Code, refused.Message)
	}
	return &interp.TaskFailed{Task: id, Error: &failure.Name, Cause: &failure.Cause}
}

// child makes the child's run and first write.
func (w *write) child(a *attempt, want *invoke.Child) (*write, error) {
	e, ctx := w.run.engine, context.Background()
	m, qualifier, err := e.find(want.Machine)
	if err != nil {
		return nil, err
	}
	if err := m.standard(); err != nil {
		return nil, err
	}
	row, err := e.version(m, qualifier)
	if err != nil {
		return nil, err
	}
	if want.Input == nil {
		want.Input = value.DocOf(value.Object())
	}
	row.Name, row.Parent, row.ParentTask = want.Name, w.run.row.ID, int64(a.task.Task)
	if row.Name == "" {
		row.Name = e.newName()
		return e.create(ctx, m, row, want.Input)
	}
	if err := checkName(row.Name); err != nil {
		return nil, err
	}
	key := nameKey{m.id, row.Name}
	release, free := e.tryReserve(key)
	if !free {
		return nil, e.exists(m, row.Name)
	}
	child, err := e.createNamed(ctx, m, row, want.Input, release)
	if err != nil {
		release()
	}
	return child, err
}

// createNamed creates an execution whose name is reserved until it is durable,
// unless there is one of that name.
func (e *Engine) createNamed(ctx context.Context, m *machine, row store.Execution, input *value.Doc, release func()) (*write, error) {
	_, err := e.store.Named(ctx, m.id, row.Name)
	if err == nil {
		return nil, e.exists(m, row.Name)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	return e.create(ctx, m, row, input, item{done: func(error) { release() }})
}

func (e *Engine) exists(m *machine, name string) error {
	return refuse(ErrExecutionAlreadyExists, "Execution Already Exists: '%s'", e.arn("execution", m.name, name))
}

func (e *Engine) childResult(a *attempt, x *store.Execution, input *value.Doc, c *interp.Complete) interp.Event {
	d := e.summary(x)
	return invoke.ChildEnded(a.task.Task, a.task.Resource.Pattern, &invoke.ChildResult{
		ARN: d.ARN, Name: d.Name, MachineARN: d.MachineARN, Input: input, Output: c.Output, Status: c.Status,
		Error: c.Error, Cause: c.Cause, Started: d.Started, Stopped: d.Stopped, RedriveCount: d.RedriveCount,
	})
}

// childEvent reads how a child ended from the store.
func (e *Engine) childEvent(a *attempt, x *store.Execution) (interp.Event, error) {
	d, err := e.describe(context.Background(), x)
	if err != nil {
		return nil, err
	}
	return e.childResult(a, x, d.Input, &interp.Complete{Status: d.Status, Output: d.Output, Error: d.Error, Cause: d.Cause}), nil
}

// tellParent brings the result of a child to the task that waits for it.
func (e *Engine) tellParent(child store.Execution) {
	err := e.deliver(child.Parent, item{events: func(r *run, _ *write) []interp.Event {
		a := r.tasks.Get(interp.TaskID(child.ParentTask))
		if a == nil || !a.child {
			return nil
		}
		event, err := e.childEvent(a, &child)
		if err != nil {
			e.log.Error("the result of a child cannot be read", "execution", child.ID, "error", err)
			return nil
		}
		return []interp.Event{event}
	}})
	if err != nil && e.usable() == nil {
		e.log.Error("a child has nobody to report to", "execution", child.ID, "parent", child.Parent, "error", err)
	}
}

// childrenEnded returns the results of children that ended while their parent
// was not in memory.
func (r *run) childrenEnded(open []*attempt) []interp.Event {
	var events []interp.Event
	for _, a := range open {
		if !a.child {
			continue
		}
		x, err := r.engine.childOf(a)
		if err == nil && x.Status == store.Running || errors.Is(err, store.ErrNotFound) {
			continue
		}
		var event interp.Event
		if err == nil {
			event, err = r.engine.childEvent(a, &x)
		}
		if err != nil {
			r.loadErr = err
			return nil
		}
		events = append(events, event)
	}
	return events
}

// childOf returns the execution that a task started.
func (e *Engine) childOf(a *attempt) (store.Execution, error) {
	children, err := e.store.List(context.Background(), store.Query{Parent: a.run.row.ID, ParentTask: int64(a.task.Task), Limit: 1})
	if err == nil && len(children) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.Execution{}, err
	}
	return children[0], nil
}

// stopChild stops the execution that a task waited for which nobody waits for any
// more. It does nothing when the execution has ended.
func (e *Engine) stopChild(a *attempt) {
	x, err := e.childOf(a)
	if err != nil || x.Status != store.Running {
		return
	}
	cause := "The Task state in AWS Step Functions execution [" + a.run.info.ExecutionID + "] which was managing this resource was aborted"
	if _, err := e.stop(context.Background(), &x, nil, &cause); err != nil && e.usable() == nil {
		e.log.Error("a child cannot be stopped", "execution", x.ID, "error", err)
	}
}
