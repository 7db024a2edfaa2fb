// Package telemetry makes OpenTelemetry traces and metrics of what an engine
// does. A program that wants them imports it; nothing else does:
//
//	t, err := telemetry.New(telemetry.Options{})
//	…
//	defer t.Close()
//	engine, err := runtime.New(runtime.Options{Store: db, Observe: t.Observe})
//	…
//	err = ordersflow.Fulfil.Deploy(ctx, engine, t.Handlers(tasks))
//
// # Traces
//
// An execution is a trace: a span named after its machine, in which each visit
// of a state is a span named after the state, in which those of the branches and
// iterations are, and the calls of handlers. What happens to a task in between,
// such as failures that are retried, is on the state's span as span events. An
// execution that goes on in another process, or is redriven, has a trace there
// too, whose outermost span has stepsmith.resumed; stepsmith.execution.arn joins
// them. The trace is the execution's own, not that of whoever started it.
//
//	span                          attributes
//	of an execution               stepsmith.machine, stepsmith.execution.arn, stepsmith.status, stepsmith.resumed, error.type
//	of a state                    stepsmith.state.type, error.type
//	of a handler, "NAME handler"  stepsmith.machine, stepsmith.execution.arn, stepsmith.state, stepsmith.resource, stepsmith.attempt, error.type
//
// Inputs, outputs and variables are not recorded. Names of errors and their
// causes are.
//
// A span is exported when it ends, so an execution that waits for a year keeps
// its open spans in memory as long; without telemetry it would leave memory.
//
// # Metrics
//
//	stepsmith.executions.started   {execution}  by machine
//	stepsmith.executions.ended     {execution}  by machine, status
//	stepsmith.execution.duration   s            by machine, status
//	stepsmith.transitions          {transition} by machine
//	stepsmith.task.duration        s            by machine, state, error.type
//
// The duration of an execution is not measured when another process started it
// or when it was redriven. Buckets of the histograms are for seconds; a view of the
// meter provider can change them.
package telemetry

import (
	"errors"
	"sync"

	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
)

// Options say where traces and metrics go.
type Options struct {
	// TracerProvider and MeterProvider are the global ones when nil.
	TracerProvider trace.TracerProvider
	MeterProvider  metric.MeterProvider
}

// Telemetry makes traces and metrics. It is safe for concurrent use. Make one
// with [New].
type Telemetry struct {
	tracer trace.Tracer
	meters meters

	mu         sync.Mutex
	executions map[string]*execution
}

// meters are the instruments.
type meters struct {
	started, ended, transitions metric.Int64Counter
	execution, task             metric.Float64Histogram
}

// The buckets of durations, in seconds: OpenTelemetry's own are for milliseconds.
var (
	taskBuckets      = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600}
	executionBuckets = []float64{.01, .05, .1, .5, 1, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600}
)

const scope = "github.com/stepsmith-dev/stepsmith/runtime/telemetry"

// New makes the instruments. The error is the meter provider's.
func New(o Options) (*Telemetry, error) {
	if o.TracerProvider == nil {
		o.TracerProvider = otel.GetTracerProvider()
	}
	if o.MeterProvider == nil {
		o.MeterProvider = otel.GetMeterProvider()
	}
	t := &Telemetry{tracer: o.TracerProvider.Tracer(scope), executions: make(map[string]*execution)}
	m := o.MeterProvider.Meter(scope)
	var errs [5]error
	t.meters.started, errs[0] = m.Int64Counter("stepsmith.executions.started", metric.WithUnit("{execution}"), metric.WithDescription("Executions that were started"))
	t.meters.ended, errs[1] = m.Int64Counter("stepsmith.executions.ended", metric.WithUnit("{execution}"), metric.WithDescription("Executions that have ended"))
	t.meters.execution, errs[2] = m.Float64Histogram("stepsmith.execution.duration", metric.WithUnit("s"), metric.WithDescription("Time from the start of an execution to its end"),
		metric.WithExplicitBucketBoundaries(executionBuckets...))
	t.meters.transitions, errs[3] = m.Int64Counter("stepsmith.transitions", metric.WithUnit("{transition}"), metric.WithDescription("States that were entered"))
	t.meters.task, errs[4] = m.Float64Histogram("stepsmith.task.duration", metric.WithUnit("s"), metric.WithDescription("Time from the scheduling of a task to its end"),
		metric.WithExplicitBucketBoundaries(taskBuckets...))
	return t, errors.Join(errs[:]...)
}

// Observe takes a history event. It is for [runtime.Options.Observe], or, with
// the ARN filled in, for [runtime.WithObserver].
//
// [runtime.Options.Observe]: https://pkg.go.dev/github.com/stepsmith-dev/stepsmith/runtime#Options
// [runtime.WithObserver]: https://pkg.go.dev/github.com/stepsmith-dev/stepsmith/runtime#WithObserver
func (t *Telemetry) Observe(executionARN string, e history.Event) {
	t.mu.Lock()
	x := t.executions[executionARN]
	if x == nil {
		x = newExecution(t, executionARN)
		t.executions[executionARN] = x
	}
	if e.Type.Terminal() {
		delete(t.executions, executionARN)
	}
	t.mu.Unlock()
	x.observe(e)
}

// Close ends the spans of executions that are still running. Call it when the
// engine has shut down, before the tracer provider does.
func (t *Telemetry) Close() {
	t.mu.Lock()
	running := t.executions
	t.executions = make(map[string]*execution)
	t.mu.Unlock()
	for _, x := range running {
		x.close()
	}
}
