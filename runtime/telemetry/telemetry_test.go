package telemetry_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
	"github.com/stepsmith-dev/stepsmith/runtime/telemetry"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

const definition = `{"StartAt": "Both", "States": {
	"Both": {"Type": "Parallel", "Next": "Each", "Branches": [
		{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 5, "Next": "After"}, "After": {"Type": "Pass", "End": true}}},
		{"StartAt": "Charge", "States": {"Charge": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "charge"},
			"Retry": [{"ErrorEquals": ["Throttled"], "IntervalSeconds": 2}], "End": true}}}]},
	"Each": {"Type": "Map", "ItemProcessor": {"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": true}}}, "Next": "Reject"},
	"Reject": {"Type": "Fail", "Error": "Rejected", "Cause": "no"}}}`

// A lab keeps what an engine's telemetry says.
type lab struct {
	*telemetry.Telemetry
	spans   *tracetest.SpanRecorder
	metrics *sdkmetric.ManualReader
}

func newLab(t *testing.T) *lab {
	t.Helper()
	l := &lab{spans: tracetest.NewSpanRecorder(), metrics: sdkmetric.NewManualReader()}
	var err error
	l.Telemetry, err = telemetry.New(telemetry.Options{
		TracerProvider: trace.NewTracerProvider(trace.WithSpanProcessor(l.spans)),
		MeterProvider:  sdkmetric.NewMeterProvider(sdkmetric.WithReader(l.metrics)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// tree shows the spans: each within its parent, with how long it took in virtual
// time, its events and its status.
func (l *lab) tree() []string {
	var lines []string
	var show func(parent string, depth int)
	show = func(parent string, depth int) {
		for _, s := range l.spans.Ended() {
			if s.Parent().SpanID().String() != parent {
				continue
			}
			line := strings.Repeat("  ", depth) + s.Name()
			if !strings.HasSuffix(s.Name(), "handler") { // real time
				line += fmt.Sprint(" ", s.EndTime().Sub(s.StartTime()))
			}
			for _, e := range s.Events() {
				line += " " + e.Name
			}
			if s.Status().Code == codes.Error {
				line += " error: " + s.Status().Description
			}
			lines = append(lines, line)
			show(s.SpanContext().SpanID().String(), depth+1)
		}
	}
	show("0000000000000000", 0)
	return lines
}

// points shows the counts of all metrics.
func (l *lab) points(t *testing.T) []string {
	t.Helper()
	var data metricdata.ResourceMetrics
	if err := l.metrics.Collect(t.Context(), &data); err != nil {
		t.Fatal(err)
	}
	var lines []string
	line := func(name string, set attribute.Set, value any) {
		lines = append(lines, fmt.Sprint(name, " ", set.Encoded(attribute.DefaultEncoder()), " ", value))
	}
	for _, m := range data.ScopeMetrics[0].Metrics {
		switch d := m.Data.(type) {
		case metricdata.Sum[int64]:
			for _, p := range d.DataPoints {
				line(m.Name, p.Attributes, p.Value)
			}
		case metricdata.Histogram[float64]:
			for _, p := range d.DataPoints {
				line(m.Name, p.Attributes, fmt.Sprint(p.Count, " took ", p.Sum))
				if p.Bounds[0] > .01 {
					t.Errorf("%s has buckets from %v s: they do not tell short durations apart", m.Name, p.Bounds[0])
				}
			}
		}
	}
	slices.Sort(lines)
	return lines
}

func TestEngine(t *testing.T) {
	t.Parallel()
	for _, kind := range []runtime.Type{runtime.Standard, runtime.Express} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			ctx := t.Context()
			e, err := runtime.New(runtime.Options{Observe: l.Observe, Clock: clock.NewVirtual(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))})
			if err != nil {
				t.Fatal(err)
			}
			handlers := l.Handlers(task.Handlers{"charge": task.Func(func(ctx context.Context, _ any) (int, error) {
				if task.Info(ctx).Attempt == 0 {
					return 0, &task.Error{Name: "Throttled", Cause: "slow down"}
				}
				return 7, nil
			})})
			if _, err := e.Deploy(ctx, runtime.Definition{Name: "Fulfil", Type: kind, ASL: definition}, handlers); err != nil {
				t.Fatal(err)
			}
			if kind == runtime.Standard {
				arn, err := e.Start(ctx, "Fulfil", []byte(`{}`))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := e.Wait(ctx, arn); err != nil {
					t.Fatal(err)
				}
			} else if _, err := e.StartSync(ctx, "Fulfil", []byte(`{}`)); err != nil {
				t.Fatal(err)
			}
			if err := e.Shutdown(ctx); err != nil {
				t.Fatal(err)
			}
			l.Close()
			want := []string{
				"Fulfil 5s error: no",
				"  Both 5s ParallelStateStarted ParallelStateSucceeded",
				"    Charge 2s TaskScheduled TaskStarted TaskFailed TaskScheduled TaskStarted TaskSucceeded",
				"      Charge handler error: slow down",
				"      Charge handler",
				"    Wait 5s",
				"    After 0s",
				"  Each 0s MapStateStarted MapIterationStarted MapIterationStarted MapIterationSucceeded MapIterationSucceeded MapStateSucceeded",
				"    Pass 0s",
				"    Pass 0s",
				"  Reject 0s error: no",
			}
			got := l.tree()
			slices.Sort(got) // spans end in any order at the same time
			slices.Sort(want)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("spans (-want +got):\n%s", d)
			}
			want = []string{
				"stepsmith.execution.duration stepsmith.machine=Fulfil,stepsmith.status=FAILED 1 took 5",
				"stepsmith.executions.ended stepsmith.machine=Fulfil,stepsmith.status=FAILED 1",
				"stepsmith.executions.started stepsmith.machine=Fulfil 1",
				"stepsmith.task.duration error.type=Throttled,stepsmith.machine=Fulfil,stepsmith.state=Charge 1 took 0",
				"stepsmith.task.duration stepsmith.machine=Fulfil,stepsmith.state=Charge 1 took 0",
				"stepsmith.transitions stepsmith.machine=Fulfil 8",
			}
			if d := cmp.Diff(want, l.points(t)); d != "" {
				t.Errorf("metrics (-want +got):\n%s", d)
			}
		})
	}
}

// An execution that another process started is a trace of its own, and one that
// has not ended does not keep its spans.
func TestResumed(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	const arn = "arn:aws:states:us-east-1:123456789012:execution:Fulfil:x"
	l.Observe(arn, history.Event{ID: 7, PreviousID: 6, Time: time.Now(), Type: history.WaitStateExited, State: "Wait", Details: &history.Exited{Name: "Wait"}})
	l.Observe(arn, history.Event{ID: 8, PreviousID: 7, Time: time.Now(), Type: history.PassStateEntered, State: "Pass", Details: &history.Entered{Name: "Pass"}})
	l.Close()
	var names []string
	for _, s := range l.spans.Ended() {
		names = append(names, s.Name())
		if resumed := slices.Contains(s.Attributes(), attribute.Bool("stepsmith.resumed", true)); resumed != (s.Name() == "Fulfil") {
			t.Errorf("%s: %v", s.Name(), s.Attributes())
		}
	}
	if !slices.Equal(names, []string{"Pass", "Fulfil"}) {
		t.Error(names)
	}
}
