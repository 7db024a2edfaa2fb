package runtime_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

const double = `{"StartAt": "Double", "States": {"Double": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
	"Parameters": {"FunctionName": "double", "Payload.$": "$"}, "OutputPath": "$.Payload", "End": true}}}`

func workflow(t runtime.Type) *runtime.Workflow[int, int] {
	return &runtime.Workflow[int, int]{Definition: runtime.Definition{Name: "Double", Type: t, ASL: double}}
}

var doubles = task.Handlers{"double": task.Func(func(_ context.Context, n int) (int, error) {
	if n < 0 {
		return 0, &task.Error{Name: "Negative", Cause: "no"}
	}
	return 2 * n, nil
})}

func engine(t *testing.T, o runtime.Options) *runtime.Engine {
	t.Helper()
	e, err := runtime.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Shutdown(context.Background()) })
	return e
}

func TestRun(t *testing.T) {
	t.Parallel()
	w := workflow(runtime.Standard)
	if n, err := w.Run(t.Context(), doubles, 21); n != 42 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	_, err := w.Run(t.Context(), doubles, -1)
	var failed *runtime.ExecutionError
	if !errors.As(err, &failed) || failed.Name != "Negative" || failed.Cause != "no" || failed.Status != runtime.Failed {
		t.Errorf("%#v", err)
	}
	invalid := runtime.Workflow[int, int]{Definition: runtime.Definition{Name: "Double", ASL: `{"StartAt": "A"}`}}
	if _, err := invalid.Run(t.Context(), doubles, 1); err == nil || !strings.Contains(err.Error(), "Double") {
		t.Errorf("an invalid definition: %v", err)
	}
}

// A workflow compiles its definition once, also when it is first run by several
// goroutines.
func TestCompiledOnce(t *testing.T) {
	t.Parallel()
	w := workflow(runtime.Express)
	machines := make(chan *graph.Machine, 8)
	var wg sync.WaitGroup
	for range cap(machines) {
		wg.Go(func() {
			if n, err := w.Run(t.Context(), doubles, 21); n != 42 || err != nil {
				t.Errorf("%d, %v", n, err)
			}
			m, _ := w.Graph()
			machines <- m
		})
	}
	wg.Wait()
	first := <-machines
	for range cap(machines) - 1 {
		if m := <-machines; m != first {
			t.Error("compiled more than once")
		}
	}
}

func TestStandard(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x.db")
	db, err := sqlite.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	e := engine(t, runtime.Options{Store: db})
	w := workflow("")
	if err := w.Deploy(ctx, e, doubles); err != nil {
		t.Fatal(err)
	}
	x, err := w.Start(ctx, e, 21, runtime.Name("a"))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := x.Wait(ctx); n != 42 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := w.StartSync(ctx, e, 1); !errors.Is(err, runtime.ErrStateMachineTypeNotSupported) {
		t.Errorf("StartSync of a Standard machine: %v", err)
	}
	if err := e.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	if db, err = sqlite.Open(file); err != nil {
		t.Fatal(err)
	}
	e = engine(t, runtime.Options{Store: db})
	x = w.Execution(e, x.ARN)
	if n, err := x.Wait(ctx); n != 42 || err != nil {
		t.Errorf("after reopening: %d, %v", n, err)
	}
	d, err := x.Describe(ctx)
	if err != nil || d.Name != "a" || d.Input.Text() != "21" {
		t.Errorf("%+v, %v", d, err)
	}
	var types []history.Type
	for event, err := range e.History(ctx, x.ARN, true) {
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, event.Type)
	}
	if len(types) != 7 || types[0] != history.ExecutionSucceeded {
		t.Error(types)
	}
	p, err := e.List(ctx, runtime.Query{Machine: "Double"})
	if err != nil || len(p.Executions) != 1 || p.Executions[0].ARN != x.ARN {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := e.Start(ctx, "Double", json.RawMessage(`{`)); !errors.Is(err, runtime.ErrInvalidExecutionInput) {
		t.Errorf("bad input: %v", err)
	}
}

func TestExpressSync(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := engine(t, runtime.Options{})
	w := workflow(runtime.Express)
	if err := w.Deploy(ctx, e, doubles); err != nil {
		t.Fatal(err)
	}
	if n, err := w.StartSync(ctx, e, 21); n != 42 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	_, err := w.StartSync(ctx, e, -1)
	var failed *runtime.ExecutionError
	if !errors.As(err, &failed) || failed.Name != "Negative" || !strings.Contains(failed.Execution, ":express:Double:") {
		t.Errorf("%#v", err)
	}
}

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) lines() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Split(strings.TrimSpace(b.b.String()), "\n")
}

func TestExpressAsync(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	file := filepath.Join(t.TempDir(), "x.db")
	db, err := sqlite.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	type call struct{ arn, key string }
	calls := make(chan call, 10)
	block := task.Handlers{"double": task.Func(func(ctx context.Context, n int) (int, error) {
		d := task.Info(ctx)
		calls <- call{d.Execution, d.IdempotencyKey}
		<-ctx.Done()
		return 0, ctx.Err()
	})}
	e := engine(t, runtime.Options{Store: db})
	w := workflow(runtime.Express)
	if err := w.Deploy(ctx, e, block); err != nil {
		t.Fatal(err)
	}
	arn, err := e.Start(ctx, "Double", json.RawMessage("21"))
	if err != nil {
		t.Fatal(err)
	}
	first := <-calls
	now, cancel := context.WithCancel(ctx)
	cancel()
	e.Shutdown(now)
	closed := e

	if db, err = sqlite.Open(file); err != nil {
		t.Fatal(err)
	}
	var logs buffer
	e = engine(t, runtime.Options{Store: db, Logs: express.Logs{Level: history.LogAll, Sink: express.LogTo(&logs)}})
	again := task.Handlers{"double": task.Func(func(ctx context.Context, n int) (int, error) {
		d := task.Info(ctx)
		calls <- call{d.Execution, d.IdempotencyKey}
		return 2 * n, nil
	})}
	if err := w.Deploy(ctx, e, again); err != nil {
		t.Fatal(err)
	}
	if _, err := closed.Start(ctx, "Double", json.RawMessage("1")); !errors.Is(err, runtime.ErrShutdown) {
		t.Errorf("a start after Shutdown: %v", err)
	}
	if second := <-calls; second != first || second.arn != arn {
		t.Errorf("run again as %v, not %v of %s", second, first, arn)
	}
	if _, err := e.Start(ctx, "Double", json.RawMessage("1"), runtime.Twice()); err != nil {
		t.Fatal(err)
	}
	if a, b := <-calls, <-calls; a != b {
		t.Errorf("a duplicate run differs: %v, %v", a, b)
	}
	if err := e.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	lines := logs.lines()
	if len(lines) != 3*7 || strings.Contains(lines[0], `"input"`) || !strings.Contains(lines[0], `"execution_arn":"`+arn+`"`) {
		t.Errorf("%d log records:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	if db, err = sqlite.Open(file); err != nil {
		t.Fatal(err)
	}
	starts, err := db.ExpressStarts(ctx, 1)
	if err != nil || len(starts) > 0 {
		t.Errorf("not taken off the list: %v, %v", starts, err)
	}
	db.Close()
}

func TestOverload(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	e := engine(t, runtime.Options{ExpressRunning: 1, ExpressWaiting: 1})
	release := make(chan struct{})
	w := workflow(runtime.Express)
	if err := w.Deploy(ctx, e, task.Handlers{"double": task.Func(func(context.Context, int) (int, error) { <-release; return 1, nil })}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := e.Start(ctx, "Double", json.RawMessage("1")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := e.Start(ctx, "Double", json.RawMessage("1")); !errors.Is(err, runtime.ErrOverload) {
		t.Errorf("the third start: %v", err)
	}
	close(release)
}

func TestTokensThroughTheEngine(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	const arn = "arn:aws:states:us-east-1:1:activity:a"
	e := engine(t, runtime.Options{})
	w := &runtime.Workflow[int, string]{Definition: runtime.Definition{Name: "W", ASL: `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "` + arn + `", "End": true}}}`}}
	if err := w.Deploy(ctx, e, task.Handlers{}); err != nil {
		t.Fatal(err)
	}
	x, err := w.Start(ctx, e, 5)
	if err != nil {
		t.Fatal(err)
	}
	work, err := e.Poll(ctx, arn, "")
	if err != nil || string(work.Input) != "5" {
		t.Fatalf("%+v, %v", work, err)
	}
	if err := e.SendTaskSuccess(ctx, work.Token, json.RawMessage("{")); !errors.Is(err, runtime.ErrInvalidOutput) {
		t.Errorf("bad output: %v", err)
	}
	if err := e.SendTaskHeartbeat(ctx, work.Token); err != nil {
		t.Error(err)
	}
	if err := e.SendTaskSuccess(ctx, work.Token, json.RawMessage(`"done"`)); err != nil {
		t.Error(err)
	}
	if s, err := x.Wait(ctx); s != "done" || err != nil {
		t.Errorf("%q, %v", s, err)
	}
	short, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	if none, err := e.Poll(short, arn, ""); none != nil || err != nil {
		t.Errorf("%+v, %v", none, err)
	}
}

func TestStandardStartsExpress(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	called := make(chan int, 1)
	e := engine(t, runtime.Options{})
	if err := workflow(runtime.Express).Deploy(ctx, e, task.Handlers{"double": task.Func(func(_ context.Context, n int) (int, error) {
		called <- n
		return n, nil
	})}); err != nil {
		t.Fatal(err)
	}
	w := &runtime.Workflow[int, string]{Definition: runtime.Definition{Name: "Parent", ASL: `{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
		"Resource": "arn:aws:states:::states:startExecution", "Parameters": {"StateMachineArn": "Double", "Input.$": "$"}, "OutputPath": "$.ExecutionArn"}}}`}}
	if err := w.Deploy(ctx, e, task.Handlers{}); err != nil {
		t.Fatal(err)
	}
	x, err := w.Start(ctx, e, 7)
	if err != nil {
		t.Fatal(err)
	}
	if arn, err := x.Wait(ctx); err != nil || !strings.Contains(arn, ":express:Double:") {
		t.Errorf("%s, %v", arn, err)
	}
	if n := <-called; n != 7 {
		t.Errorf("called with %d", n)
	}
}
