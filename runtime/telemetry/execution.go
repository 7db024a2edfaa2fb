package telemetry

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
)

// An execution is one that runs, with its open spans.
type execution struct {
	t       *Telemetry
	arn     string
	machine string

	mu      sync.Mutex // handlers look for their state while events come
	root    *span
	started time.Time       // zero: not in this process
	owner   map[int64]*span // of each event so far
	open    map[*span]bool  // without the root
}

// A span is one visit of a state, or the whole execution.
type span struct {
	trace.Span
	state     string
	parent    *span
	context   context.Context
	scheduled time.Time // when its task was
	failed    bool      // it is why the execution failed
	ended     bool
}

func newExecution(t *Telemetry, arn string) *execution {
	x := &execution{t: t, arn: arn, owner: make(map[int64]*span), open: make(map[*span]bool)}
	// arn:aws:states:region:account:execution:machine:name
	if parts := strings.Split(arn, ":"); len(parts) > 6 {
		x.machine = parts[6]
	}
	return x
}

func (x *execution) observe(e history.Event) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.root == nil {
		x.begin(e)
	}
	s := x.at(e)
	x.owner[e.ID] = s
	switch d := e.Details.(type) {
	case *history.Entered:
		s = x.enter(s, e)
		x.owner[e.ID] = s
	case *history.Exited:
		x.end(s, e.Time)
	case *history.Failure:
		x.failed(s, e, d.Error, d.Cause)
	case *history.TaskFailure:
		x.failed(s, e, d.Error, d.Cause)
	default:
		x.note(s, e)
	}
	if e.Type.Terminal() {
		x.finish(e)
	}
}

// begin opens the span of the execution.
func (x *execution) begin(e history.Event) {
	attributes := []attribute.KeyValue{attribute.String("stepsmith.execution.arn", x.arn), attribute.String("stepsmith.machine", x.machine)}
	if e.Type == history.ExecutionStarted {
		x.started = e.Time
		x.t.meters.started.Add(context.Background(), 1, x.labels())
	} else {
		attributes = append(attributes, attribute.Bool("stepsmith.resumed", true))
	}
	ctx, s := x.t.tracer.Start(context.Background(), x.machine, trace.WithTimestamp(e.Time), trace.WithAttributes(attributes...))
	x.root = &span{Span: s, context: ctx}
}

// at finds the span that an event belongs to, from the event that led to it: the
// one of its state, or of what is around.
func (x *execution) at(e history.Event) *span {
	s := x.owner[e.PreviousID]
	if s == nil {
		return x.root
	}
	if _, enters := e.Details.(*history.Entered); enters {
		for s.ended && s.parent != nil {
			s = s.parent
		}
		return s
	}
	for s.state != e.State && s.parent != nil {
		s = s.parent
	}
	return s
}

func (x *execution) enter(around *span, e history.Event) *span {
	kind := strings.TrimSuffix(string(e.Type), "StateEntered")
	ctx, s := x.t.tracer.Start(around.context, e.State, trace.WithTimestamp(e.Time), trace.WithAttributes(attribute.String("stepsmith.state.type", kind)))
	x.t.meters.transitions.Add(ctx, 1, x.labels())
	entered := &span{Span: s, state: e.State, parent: around, context: ctx}
	x.open[entered] = true
	return entered
}

// end ends a span and what is open in it.
func (x *execution) end(s *span, at time.Time) {
	if s == x.root || s.ended {
		return
	}
	x.endWithin(s, at)
	s.ended = true
	s.End(trace.WithTimestamp(at))
	delete(x.open, s)
}

func (x *execution) endWithin(s *span, at time.Time) {
	for inner := range x.open {
		for around := inner.parent; around != nil; around = around.parent {
			if around == s {
				x.end(inner, at)
				break
			}
		}
	}
}

// note takes an event that is neither the begin nor the end of a state.
func (x *execution) note(s *span, e history.Event) {
	name := string(e.Type)
	switch {
	case strings.HasSuffix(name, "StateAborted"):
		s.SetStatus(codes.Error, "aborted")
		x.end(s, e.Time)
		return
	case strings.HasSuffix(name, "StateFailed"):
		x.endWithin(s, e.Time) // it may be tried again
	case strings.HasSuffix(name, "Scheduled"):
		s.scheduled = e.Time
	case strings.HasSuffix(name, "Succeeded") && !s.scheduled.IsZero():
		x.measure(s, e.Time)
	case e.Type == history.ExecutionStarted || e.Type.Terminal():
		return
	}
	s.AddEvent(name, trace.WithTimestamp(e.Time))
}

// failed takes an event that says that a task or the execution failed.
func (x *execution) failed(s *span, e history.Event, name, cause *string) {
	kind := errorType(name)
	if e.Type.Terminal() {
		x.root.fail(kind, text(cause))
		if state := x.owner[e.PreviousID]; state != nil {
			state.fail(kind, text(cause))
		}
		return
	}
	if !s.scheduled.IsZero() {
		x.measure(s, e.Time, attribute.String("error.type", kind))
	}
	s.SetAttributes(attribute.String("error.type", kind))
	s.AddEvent(string(e.Type), trace.WithTimestamp(e.Time),
		trace.WithAttributes(attribute.String("exception.type", kind), attribute.String("exception.message", text(cause))))
}

// fail marks the span of what failed in the end.
func (s *span) fail(kind, cause string) {
	s.failed = true
	s.SetAttributes(attribute.String("error.type", kind))
	s.SetStatus(codes.Error, cause)
}

func (x *execution) measure(s *span, at time.Time, more ...attribute.KeyValue) {
	more = append(more, attribute.String("stepsmith.state", s.state))
	x.t.meters.task.Record(s.context, at.Sub(s.scheduled).Seconds(), x.labels(more...))
	s.scheduled = time.Time{}
}

var statuses = map[history.Type]string{
	history.ExecutionSucceeded: "SUCCEEDED", history.ExecutionFailed: "FAILED",
	history.ExecutionTimedOut: "TIMED_OUT", history.ExecutionAborted: "ABORTED",
}

// finish ends the execution. States that are still open were cut off.
func (x *execution) finish(e history.Event) {
	for s := range x.open {
		if !s.failed {
			s.SetStatus(codes.Error, "the execution has ended")
		}
	}
	x.endWithin(x.root, e.Time)
	status := attribute.String("stepsmith.status", statuses[e.Type])
	x.root.SetAttributes(status)
	x.root.End(trace.WithTimestamp(e.Time))
	x.root.ended = true
	x.t.meters.ended.Add(x.root.context, 1, x.labels(status))
	if !x.started.IsZero() {
		x.t.meters.execution.Record(x.root.context, e.Time.Sub(x.started).Seconds(), x.labels(status))
	}
}

// close ends the spans of an execution that goes on elsewhere or later.
func (x *execution) close() {
	x.mu.Lock()
	defer x.mu.Unlock()
	now := time.Now()
	x.endWithin(x.root, now)
	x.root.SetAttributes(attribute.String("stepsmith.status", "RUNNING"))
	x.root.End(trace.WithTimestamp(now))
}

func (x *execution) labels(more ...attribute.KeyValue) metric.MeasurementOption {
	return metric.WithAttributes(append(more, attribute.String("stepsmith.machine", x.machine))...)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// errorType is the name of an error. A failure without one still is one.
func errorType(name *string) string {
	if text(name) == "" {
		return "_OTHER"
	}
	return *name
}
