// Package invoke carries out the tasks that the kernel asks for: it finds the
// handler or the built-in integration behind a task's resource, calls it, and
// tells what came of it in the kernel's events. It is what the drivers share.
package invoke

import (
	"context"
	"encoding/json"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A Caller carries out tasks. It is safe for concurrent use; its fields must not
// change while it is used.
type Caller struct {
	// Handlers answer the tasks. A handler that is registered for a task comes
	// before what is built in.
	Handlers task.Handlers
	// HTTP does http:invoke tasks; nil refuses them.
	HTTP *HTTP
}

// Report takes what happened to a task. A Caller calls it in order, and for the
// last time with a [interp.TaskSucceeded], a [interp.TaskFailed] or, where a
// token is waited for, a [interp.TaskSubmitted].
type Report func(interp.Event)

// Local reports whether something on this side does the work of a task: a
// handler, or something built in. For an activity without a handler it is false:
// workers poll for it.
func (c *Caller) Local(t *interp.InvokeTask) bool {
	return t.Resource.Kind != graph.Activity || c.handler(t) != nil
}

// Started says that a handler begins with a task. It is the worker of an
// activity.
func Started(t *interp.InvokeTask) *interp.TaskStarted {
	started := &interp.TaskStarted{Task: t.Task}
	if t.Resource.Kind == graph.Activity {
		started.Worker = Worker
	}
	return started
}

// Worker is the worker's name of activities that a handler does.
const Worker = "stepsmith"

// Do carries out a task and returns when it has reported the end. ctx carries
// the task's details, see [task.WithInfo]; it is done when nobody wants the
// result any more.
func (c *Caller) Do(ctx context.Context, t *interp.InvokeTask, report Report) {
	switch h := c.handler(t); {
	case isLambda(t) && !whole(h):
		c.lambda(ctx, t, h, report)
	case h != nil:
		c.service(ctx, t, h, report)
	case t.Resource.Type == "http" && c.HTTP != nil:
		c.HTTP.invoke(ctx, t, report)
	default:
		report(failed(t, task.Missing(target(t))))
	}
}

// A Whole handler answers for lambda:invoke as a whole, as it does for any other
// integration: it gets all parameters and gives what Lambda's API answers, not
// only the payload.
type Whole interface {
	task.Handler
	Whole()
}

func whole(h task.Handler) bool {
	_, ok := h.(Whole)
	return ok
}

func (c *Caller) handler(t *interp.InvokeTask) task.Handler {
	return c.Handlers.Find(target(t))
}

// Resource names what a task calls: the function, the activity or the state.
func Resource(t *interp.InvokeTask) string { return target(t).Name() }

// target says what a task calls.
func target(t *interp.InvokeTask) task.Target {
	to := task.Target{State: t.State, Resource: t.Resource.ARN}
	if isLambda(t) {
		parameters := t.Parameters.Value()
		to.Function, _ = parameters.Get("FunctionName").Str()
		to.Qualifier, _ = parameters.Get("Qualifier").Str()
	}
	return to
}

// service calls a handler that answers for the whole integration: it gets the
// parameters and gives the result. Behind a .sync resource, it does the whole job.
func (c *Caller) service(ctx context.Context, t *interp.InvokeTask, h task.Handler, report Report) {
	call(ctx, h, t.Parameters.Text(), func(output *value.Doc, failure *task.Error) {
		switch {
		case failure != nil:
			report(failed(t, failure))
		case t.Resource.Pattern == graph.Callback:
			report(&interp.TaskSubmitted{Task: t.Task, Output: output})
		case t.Resource.Pattern != graph.RequestResponse:
			report(&interp.TaskSubmitted{Task: t.Task, Output: output})
			report(&interp.TaskSucceeded{Task: t.Task, Output: output})
		default:
			report(&interp.TaskSucceeded{Task: t.Task, Output: output})
		}
	})
}

// call calls a handler with JSON text and gives its output as a document.
func call(ctx context.Context, h task.Handler, input string, done func(*value.Doc, *task.Error)) {
	task.DoUnchecked(ctx, h, json.RawMessage(input), func(output json.RawMessage, failure *task.Error) {
		if failure != nil {
			done(nil, failure)
			return
		}
		doc, err := value.ParseDoc(string(output))
		switch {
		case err == nil:
			done(doc, nil)
		case json.Valid(output): // deeper than a document may be
			done(nil, &task.Error{Name: task.InvalidOutput, Cause: err.Error()})
		default:
			done(nil, task.NotJSON(output))
		}
	})
}

// failed is the event of a failure. An empty name was not given.
func failed(t *interp.InvokeTask, e *task.Error) *interp.TaskFailed {
	f := &interp.TaskFailed{Task: t.Task, Cause: &e.Cause}
	if e.Name != "" {
		f.Error = &e.Name
	}
	return f
}
