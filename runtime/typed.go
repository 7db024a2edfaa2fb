package runtime

import (
	"context"
	"encoding/json"

	"github.com/stepsmith-dev/stepsmith/runtime/flow"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Deploy makes the workflow known to an engine, with the worker that does its
// tasks. See [Engine.Deploy].
func (w *Workflow[In, Out]) Deploy(ctx context.Context, e *Engine, worker task.Worker) error {
	_, err := e.Deploy(ctx, w.Definition, worker.Handlers())
	return err
}

// Start begins an execution; the workflow must have been deployed. See
// [Engine.Start].
func (w *Workflow[In, Out]) Start(ctx context.Context, e *Engine, in In, opts ...Option) (*Execution[Out], error) {
	input, err := encode(in)
	if err != nil {
		return nil, err
	}
	arn, err := e.Start(ctx, w.Definition.Name, json.RawMessage(input.Text()), opts...)
	if err != nil {
		return nil, err
	}
	return &Execution[Out]{ARN: arn, engine: e, errors: w.Errors}, nil
}

// StartSync runs a synchronous Express execution and returns its output. The
// workflow must have been deployed. See [Engine.StartSync].
func (w *Workflow[In, Out]) StartSync(ctx context.Context, e *Engine, in In, opts ...Option) (Out, error) {
	var out Out
	input, err := encode(in)
	if err != nil {
		return out, err
	}
	d, err := e.StartSync(ctx, w.Definition.Name, json.RawMessage(input.Text()), opts...)
	if err != nil {
		return out, err
	}
	return output[Out](d, w.Errors)
}

// Execution returns the handle of an execution that was started before, for
// example by another process.
func (w *Workflow[In, Out]) Execution(e *Engine, arn string) *Execution[Out] {
	return &Execution[Out]{ARN: arn, engine: e, errors: w.Errors}
}

// An Execution is the handle of an execution of a workflow with output of type
// Out.
type Execution[Out any] struct {
	ARN    string
	engine *Engine
	errors flow.Errors
}

// Wait returns the output when the execution has ended. One that did not succeed
// is an [*ExecutionError]. When ctx is done first, the execution goes on and the
// error is ctx's. Asynchronous Express executions cannot be waited for.
func (x *Execution[Out]) Wait(ctx context.Context) (Out, error) {
	d, err := x.engine.Wait(ctx, x.ARN)
	if err != nil {
		var none Out
		return none, err
	}
	return output[Out](d, x.errors)
}

// Describe tells how the execution is getting on.
func (x *Execution[Out]) Describe(ctx context.Context) (*Description, error) {
	return x.engine.Describe(ctx, x.ARN)
}

// Stop aborts the execution. The name and the cause may be empty.
func (x *Execution[Out]) Stop(ctx context.Context, name, cause string) error {
	return x.engine.Stop(ctx, x.ARN, name, cause)
}

func output[Out any](d *Description, errors flow.Errors) (Out, error) {
	if d.Status != Succeeded {
		var none Out
		return none, (&ExecutionError{Execution: d.ARN, Status: d.Status, Name: d.Error, Cause: d.Cause}).as(errors)
	}
	return decode[Out](d.Output)
}
