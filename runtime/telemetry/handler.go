package telemetry

import (
	"context"
	"encoding/json"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// Handlers returns the worker's handlers, each with a span around its calls that
// is in the trace of the execution: what a handler does with its context, such as
// a request to another service, becomes part of it. Where iterations of a Map
// state are in the same state at the same time, the span is in that of the
// execution, because a handler is not told its iteration.
func (t *Telemetry) Handlers(w task.Worker) task.Handlers {
	traced := make(task.Handlers)
	for name, h := range w.Handlers() {
		if h != nil {
			traced[name] = &handler{t, h}
		}
	}
	return traced
}

type handler struct {
	t *Telemetry
	task.Handler
}

// Handle calls the handler within a span.
func (h *handler) Handle(ctx context.Context, input json.RawMessage) (output json.RawMessage, err error) {
	d := task.Info(ctx)
	if around := h.t.around(d); around.IsValid() {
		ctx = trace.ContextWithSpanContext(ctx, around)
	}
	ctx, s := h.t.tracer.Start(ctx, d.State+" handler", trace.WithAttributes(
		attribute.String("stepsmith.execution.arn", d.Execution), attribute.String("stepsmith.machine", d.Machine),
		attribute.String("stepsmith.state", d.State), attribute.String("stepsmith.resource", d.Resource),
		attribute.Int("stepsmith.attempt", d.Attempt),
	))
	defer s.End()
	output, err = h.Handler.Handle(ctx, input)
	if err != nil {
		failure := task.Failure(err)
		s.SetAttributes(attribute.String("error.type", failure.Name))
		s.SetStatus(codes.Error, failure.Cause)
	}
	return output, err
}

// around finds the span of the attempt's state, or of its execution when there
// are several.
func (t *Telemetry) around(d task.Details) trace.SpanContext {
	t.mu.Lock()
	x := t.executions[d.Execution]
	t.mu.Unlock()
	if x == nil {
		return trace.SpanContext{}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	found := x.root
	for s := range x.open {
		if s.state == d.State {
			if found != x.root {
				return x.root.SpanContext()
			}
			found = s
		}
	}
	if found == nil {
		return trace.SpanContext{}
	}
	return found.SpanContext()
}
