package standard_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/store/memory"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

func compile(name, text string) (*graph.Machine, error) {
	d, problems := asl.Decode([]byte(text), name)
	if problems.HasErrors() {
		return nil, problems.Err()
	}
	m, problems := graph.Compile(&d.Machine)
	if problems.HasErrors() {
		return nil, problems.Err()
	}
	return m, nil
}

// A bed is where an engine is tested: a store that outlives it.
type bed struct {
	t testing.TB
	*standard.Engine
	options standard.Options
	store   store.Store
	memory  *memory.Store // nil: in a file
	file    string
	deploy  []func(*standard.Engine)
}

// both runs a test on both stores.
func both(t *testing.T, f func(t *testing.T, b *bed)) {
	t.Helper()
	t.Parallel()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		f(t, newBed(t, "", standard.Options{}))
	})
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, newBed(t, filepath.Join(t.TempDir(), "x.db"), standard.Options{}))
	})
}

func newBed(t testing.TB, file string, o standard.Options) *bed {
	t.Helper()
	b := &bed{t: t, options: o, file: file}
	if file == "" {
		b.memory = memory.New()
	}
	b.open()
	t.Cleanup(b.close)
	return b
}

func (b *bed) open() {
	b.t.Helper()
	var err error
	if b.file == "" {
		b.store = &fenced{Store: b.memory}
	} else if b.store, err = sqlite.Open(b.file); err != nil {
		b.t.Fatal(err)
	}
	b.options.Store, b.options.Compile = b.store, compile
	if b.Engine, err = standard.Open(context.Background(), b.options); err != nil {
		b.t.Fatal(err)
	}
	for _, f := range b.deploy {
		f(b.Engine)
	}
}

func (b *bed) close() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // handlers are not waited for
	b.Shutdown(ctx)
	b.store.Close()
}

// fenced is a store in memory that can be closed and opened again: what an engine
// of before still has to say is refused.
type fenced struct {
	*memory.Store
	closed atomic.Bool
	see    func(*store.Batch) // is shown what is submitted; may be nil
}

func (f *fenced) Submit(b *store.Batch, done func(error)) {
	if f.closed.Load() {
		done(store.ErrClosed)
		return
	}
	if f.see != nil {
		f.see(b)
	}
	f.Store.Submit(b, done)
}

func (f *fenced) Close() error {
	f.closed.Store(true)
	return nil
}

// reopen ends the engine without waiting for handlers, and starts another.
func (b *bed) reopen() {
	b.t.Helper()
	b.close()
	b.open()
}

// machine deploys a machine now and whenever the engine is opened again.
func (b *bed) machine(name, definition string, h task.Handlers) {
	b.t.Helper()
	f := func(e *standard.Engine) {
		if _, err := e.Deploy(context.Background(), name, "STANDARD", definition, h); err != nil {
			b.t.Fatal(err)
		}
	}
	b.deploy = append(b.deploy, f)
	f(b.Engine)
}

func (b *bed) start(machine, name, input string) string {
	b.t.Helper()
	x, err := b.Start(b.t.Context(), machine, name, doc(b.t, input))
	if err != nil {
		b.t.Fatal(err)
	}
	return x.ARN
}

func (b *bed) wait(arn string) *standard.Description {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	d, err := b.Wait(ctx, arn)
	if err != nil {
		b.t.Fatalf("%v\n%s", err, b.types(arn))
	}
	return d
}

func (b *bed) types(arn string) string {
	b.t.Helper()
	var names []string
	for e, err := range b.History(context.Background(), arn, false) {
		if err != nil {
			b.t.Fatal(err)
		}
		names = append(names, string(e.Type))
	}
	return strings.Join(names, " ")
}

func doc(t testing.TB, text string) *value.Doc {
	t.Helper()
	d, err := value.ParseDoc(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func outcome(d *standard.Description) string {
	text := string(d.Status)
	if d.Output != nil {
		text += " " + d.Output.Text()
	}
	for _, s := range []*string{d.Error, d.Cause} {
		if s != nil {
			text += " " + *s
		}
	}
	return text
}

func lambda(name, more string) string {
	return fmt.Sprintf(`{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
		"Parameters": {"FunctionName": %q, "Payload.$": "$"}, "OutputPath": "$.Payload", %s}`, name, more)
}

func machine(start string, states ...string) string {
	return fmt.Sprintf(`{"StartAt": %q, "States": {%s}}`, start, strings.Join(states, ","))
}

func add(n int) task.Handler {
	return task.Func(func(_ context.Context, x int) (int, error) { return x + n, nil })
}

func chain(n int) string {
	var states []string
	for i := range n {
		next := fmt.Sprintf(`"Next": "S%d"`, i+1)
		if i == n-1 {
			next = `"End": true`
		}
		states = append(states, fmt.Sprintf(`"S%d":`, i)+lambda("add", next))
	}
	return machine("S0", states...)
}

func TestChain(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		b.machine("chain", chain(5), task.Handlers{"add": add(1)})
		arn := b.start("chain", "a", "1")
		d := b.wait(arn)
		if outcome(d) != "SUCCEEDED 6" || d.Input.Text() != "1" || d.Name != "a" || d.Stopped.Before(d.Started) {
			t.Errorf("%s: %+v", outcome(d), d)
		}
		want := "ExecutionStarted" + strings.Repeat(" TaskStateEntered TaskScheduled TaskStarted TaskSucceeded TaskStateExited", 5) + " ExecutionSucceeded"
		if got := b.types(arn); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		b.reopen()
		if again := b.wait(arn); outcome(again) != outcome(d) || b.types(arn) != want {
			t.Errorf("after reopening: %s\n%s", outcome(again), b.types(arn))
		}
	})
}

func TestStartIsIdempotent(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		release := make(chan struct{})
		b.machine("m", machine("A", `"A":`+lambda("f", `"End": true`)), task.Handlers{"f": task.Func(func(context.Context, any) (int, error) { <-release; return 1, nil })})
		first, err := b.Start(t.Context(), "m", "x", doc(t, `{"a": 1}`))
		if err != nil {
			t.Fatal(err)
		}
		again, err := b.Start(t.Context(), "m", "x", doc(t, `{"a": 1}`))
		if err != nil || again.ARN != first.ARN || !again.Started.Equal(first.Started) {
			t.Errorf("%+v, %v; want %+v", again, err, first)
		}
		if _, err := b.Start(t.Context(), "m", "x", doc(t, `{"a": 2}`)); !errors.Is(err, standard.ErrExecutionAlreadyExists) {
			t.Errorf("another input: %v", err)
		}
		close(release)
		b.wait(first.ARN)
		if _, err := b.Start(t.Context(), "m", "x", doc(t, `{"a": 1}`)); !errors.Is(err, standard.ErrExecutionAlreadyExists) {
			t.Errorf("after it was closed: %v", err)
		}
		for _, tt := range []struct {
			machine, name string
			want          error
		}{
			{"none", "y", standard.ErrStateMachineDoesNotExist},
			{"m", "a b", standard.ErrInvalidName},
			{"arn:aws:states:us-east-1:123456789012:stateMachine:m:7", "y", standard.ErrStateMachineDoesNotExist},
			{"arn:aws:sns:x", "y", standard.ErrInvalidArn},
		} {
			if _, err := b.Start(t.Context(), tt.machine, tt.name, nil); !errors.Is(err, tt.want) {
				t.Errorf("%q %q: %v", tt.machine, tt.name, err)
			}
		}
	})
}

// What was running when the engine ended is not run again.
func TestAtMostOnce(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		calls := make(chan int, 10)
		block := task.Func(func(ctx context.Context, x int) (int, error) {
			calls <- task.Info(ctx).Attempt
			if task.Info(ctx).Attempt > 0 {
				return x, nil
			}
			<-ctx.Done()
			return 0, ctx.Err()
		})
		b.machine("plain", machine("A", `"A":`+lambda("f", `"End": true`)), task.Handlers{"f": block})
		b.machine("retry", machine("A", `"A":`+lambda("f", `"Retry": [{"ErrorEquals": ["Stepsmith.Interrupted"], "IntervalSeconds": 1}], "End": true`)), task.Handlers{"f": block})
		plain, retry := b.start("plain", "", "1"), b.start("retry", "", "2")
		<-calls
		<-calls
		b.reopen()
		if got := outcome(b.wait(plain)); !strings.HasPrefix(got, "FAILED Stepsmith.Interrupted") {
			t.Error(got)
		}
		if got := outcome(b.wait(retry)); got != "SUCCEEDED 2" {
			t.Error(got)
		}
		if n := <-calls; n != 1 || len(calls) > 0 {
			t.Errorf("attempt %d, and %d more", n, len(calls))
		}
	})
}

// Executions go on where they were, also when they had left memory.
func TestGoesOn(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		b.machine("m", machine("W", `"W": {"Type": "Wait", "Seconds": 1, "Next": "A"}`, `"A":`+lambda("add", `"End": true`)), task.Handlers{"add": add(1)})
		arn := b.start("m", "", "1")
		b.reopen()
		if d := b.wait(arn); outcome(d) != "SUCCEEDED 2" || d.Stopped.Sub(d.Started) < time.Second {
			t.Errorf("%s after %v", outcome(d), d.Stopped.Sub(d.Started))
		}
	})
}

func TestVirtualTime(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := clock.NewVirtual(start)
	b := newBed(t, "", standard.Options{Clock: c, Retention: -1})
	b.machine("m", machine("W", `"W": {"Type": "Wait", "Seconds": 30000000, "Next": "A"}`,
		`"A":`+lambda("f", `"Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 100, "MaxAttempts": 2}], "End": true`)),
		task.Handlers{"f": task.Func(func(ctx context.Context, _ any) (int, error) {
			if n := task.Info(ctx).Attempt; n < 2 {
				return 0, task.Sleep(ctx, 50*time.Second)
			}
			return 7, nil
		})})
	c.Begin()
	arn := b.start("m", "", "{}")
	c.End()
	d := b.wait(arn)
	if took := d.Stopped.Sub(d.Started); outcome(d) != "SUCCEEDED 0" || took != 30000050*time.Second {
		t.Errorf("%s after %v", outcome(d), took)
	}
	for b.Live() > 0 {
		runtime.Gosched()
	}
	c.Begin()
	c.End()
	if now := c.Now(); !now.Equal(d.Stopped) {
		t.Errorf("time went on to %v, when there was nothing to wait for", now)
	}
}

// stale is a store that tells about an execution as it was.
type stale struct {
	store.Store
	row store.Execution
}

func (s *stale) Named(context.Context, int64, string) (store.Execution, error) { return s.row, nil }

// TestDescribeDuringRedrive: an execution that is redriven while it is being
// described runs.
func TestDescribeDuringRedrive(t *testing.T) {
	t.Parallel()
	b := newBed(t, "", standard.Options{})
	held, calls := make(chan struct{}), 0
	b.machine("m", machine("A", `"A":`+lambda("f", `"End": true`)), task.Handlers{"f": task.Func(func(ctx context.Context, n int) (int, error) {
		if calls++; calls > 1 {
			held <- struct{}{}
			<-ctx.Done()
		}
		return 0, errors.New("no")
	})})
	arn := b.start("m", "x", "1")
	b.wait(arn)
	failed, err := b.store.Named(t.Context(), 1, "x")
	if err != nil {
		t.Fatal(err)
	}
	go b.Redrive(context.Background(), arn)
	<-held
	e, err := standard.Open(t.Context(), standard.Options{Store: &stale{b.store, failed}, Compile: compile, Passive: true})
	if err != nil {
		t.Fatal(err)
	}
	if d, err := e.Describe(t.Context(), arn); err != nil || d.Status != interp.Running || d.RedriveCount != 1 {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestTokens(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		tokens := make(chan string, 1)
		b.machine("m", `{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
			"Parameters": {"FunctionName": "ask", "Payload.$": "$$.Task.Token"}, "TimeoutSeconds": 600, "HeartbeatSeconds": 60, "End": true}}}`,
			task.Handlers{"ask": task.Func(func(_ context.Context, token string) (any, error) { tokens <- token; return nil, nil })})
		arn := b.start("m", "", "{}")
		token := <-tokens
		for !strings.Contains(b.types(arn), "TaskSubmitted") {
			time.Sleep(time.Millisecond)
		}
		b.reopen()
		ctx := t.Context()
		if err := b.SendTaskSuccess(ctx, "x", doc(t, "1")); !errors.Is(err, standard.ErrInvalidToken) {
			t.Errorf("garbage: %v", err)
		}
		if err := b.SendTaskSuccess(ctx, strings.Repeat("A", 32), doc(t, "1")); !errors.Is(err, standard.ErrTaskDoesNotExist) {
			t.Errorf("unknown: %v", err)
		}
		if err := b.SendTaskHeartbeat(ctx, token); err != nil {
			t.Error(err)
		}
		if err := b.SendTaskSuccess(ctx, token, doc(t, `{"yes": 1}`)); err != nil {
			t.Error(err)
		}
		if err := b.SendTaskFailure(ctx, token, nil, nil); !errors.Is(err, standard.ErrTaskTimedOut) {
			t.Errorf("a second answer: %v", err)
		}
		if got := outcome(b.wait(arn)); got != `SUCCEEDED {"yes": 1}` {
			t.Error(got)
		}
		b.reopen()
		if err := b.SendTaskHeartbeat(ctx, token); !errors.Is(err, standard.ErrTaskTimedOut) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestActivities(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		const arn = "arn:aws:states:us-east-1:1:activity:print"
		ctx := t.Context()
		b.machine("m", machine("A", `"A": {"Type": "Task", "Resource": "`+arn+`", "End": true}`), nil)
		first, second := b.start("m", "", "1"), b.start("m", "", "2")
		work, err := b.Poll(ctx, arn, "w")
		if err != nil || work == nil || work.Input.Text() != "1" {
			t.Fatalf("%+v, %v", work, err)
		}
		b.reopen()
		other, err := b.Poll(ctx, arn, "w")
		if err != nil || other == nil || other.Input.Text() != "2" {
			t.Fatalf("%+v, %v", other, err)
		}
		short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
		defer cancel()
		if none, err := b.Poll(short, arn, "w"); none != nil || err != nil {
			t.Errorf("handed out twice: %+v, %v", none, err)
		}
		if err := b.SendTaskSuccess(ctx, work.Token, doc(t, "10")); err != nil {
			t.Error(err)
		}
		if err := b.SendTaskFailure(ctx, other.Token, history.Ref("Jam"), nil); err != nil {
			t.Error(err)
		}
		if got := outcome(b.wait(first)); got != "SUCCEEDED 10" {
			t.Error(got)
		}
		if got := outcome(b.wait(second)); got != "FAILED Jam" {
			t.Error(got)
		}
	})
}

func TestStop(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		stopped := make(chan struct{})
		b.machine("m", machine("A", `"A":`+lambda("f", `"End": true`)), task.Handlers{"f": task.Func(func(ctx context.Context, _ any) (any, error) {
			<-ctx.Done()
			close(stopped)
			return nil, ctx.Err()
		})})
		arn := b.start("m", "", "{}")
		at, err := b.Stop(t.Context(), arn, history.Ref("E"), history.Ref("c"))
		if err != nil {
			t.Fatal(err)
		}
		<-stopped
		d := b.wait(arn)
		if outcome(d) != "ABORTED E c" || !d.Stopped.Equal(at) {
			t.Errorf("%s at %v, not %v", outcome(d), d.Stopped, at)
		}
		if again, err := b.Stop(t.Context(), arn, nil, nil); err != nil || !again.Equal(at) {
			t.Errorf("a second stop: %v, %v", again, err)
		}
		if _, err := b.Stop(t.Context(), arn+"x", nil, nil); !errors.Is(err, standard.ErrExecutionDoesNotExist) {
			t.Error(err)
		}
	})
}

func TestDistributedMap(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		const definition = `{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
			"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "A", "States": {"A":`
		calls := make(chan int, 10)
		b.machine("m", definition+lambda("add", `"End": true`)+`}}}}}`, task.Handlers{"add": add(1)})
		b.machine("blocked", definition+lambda("f", `"End": true`)+`}}}}}`, task.Handlers{"f": task.Func(func(ctx context.Context, n int) (int, error) {
			calls <- n
			<-ctx.Done()
			return 0, ctx.Err()
		})})
		if got := outcome(b.wait(b.start("m", "", "[1,2,3]"))); got != "SUCCEEDED [2,3,4]" {
			t.Error(got)
		}
		arn := b.start("blocked", "", "[1]")
		<-calls
		b.reopen()
		if got := outcome(b.wait(arn)); !strings.HasPrefix(got, "FAILED States.ExceedToleratedFailureThreshold") || len(calls) > 0 {
			t.Error(got)
		}
		stopped := b.start("blocked", "", "[1]")
		<-calls
		if _, err := b.Stop(t.Context(), stopped, nil, nil); err != nil {
			t.Error(err)
		}
	})
}

func TestRedrive(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		broken := make(chan bool, 10)
		broken <- true
		b.machine("m", machine("A", `"A":`+lambda("add", `"Next": "B"`), `"B":`+lambda("f", `"End": true`)), task.Handlers{
			"add": add(1),
			"f": task.Func(func(_ context.Context, x int) (int, error) {
				if <-broken {
					return 0, errors.New("no")
				}
				return x, nil
			})})
		arn := b.start("m", "", "1")
		if d := b.wait(arn); d.Status != interp.Failed {
			t.Fatal(outcome(d))
		}
		b.reopen()
		if _, err := b.Redrive(t.Context(), arn); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Redrive(t.Context(), arn); !errors.Is(err, standard.ErrExecutionNotRedrivable) {
			t.Errorf("while it runs: %v", err)
		}
		broken <- false
		if d := b.wait(arn); outcome(d) != "SUCCEEDED 2" || d.RedriveCount != 1 || d.Redriven.IsZero() {
			t.Errorf("%s: %+v", outcome(d), d)
		}
		if got := b.types(arn); !strings.HasSuffix(got, "TaskFailed ExecutionFailed ExecutionRedriven TaskScheduled TaskStarted TaskSucceeded TaskStateExited ExecutionSucceeded") {
			t.Error(got)
		}
		if _, err := b.Redrive(t.Context(), arn); !errors.Is(err, standard.ErrExecutionNotRedrivable) {
			t.Errorf("after it succeeded: %v", err)
		}
	})
}

func TestChildren(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		start := func(suffix, more string) string {
			return machine("A", `"A": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution`+suffix+`",
				"Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:child", "Input.$": "$"}, `+more+` "End": true}`)
		}
		b.machine("child", machine("W", `"W": {"Type": "Wait", "Seconds": 1, "Next": "A"}`, `"A":`+lambda("add", `"Retry": [{"ErrorEquals": ["Stepsmith.Interrupted"]}], "End": true`)), task.Handlers{"add": add(1)})
		b.machine("sync", start(".sync:2", `"OutputPath": "$.Output",`), nil)
		b.machine("timeout", start(".sync", `"TimeoutSeconds": 1,`), nil)
		b.machine("ask", start("", ""), nil)
		b.machine("twice", strings.ReplaceAll(start("", `"OutputPath": "$.ExecutionArn",`), `"Input`, `"Name": "one", "Input`), nil)
		sync, late := b.start("sync", "", "1"), b.start("sync", "", "5")
		if got := outcome(b.wait(sync)); got != "SUCCEEDED 2" {
			t.Error(got)
		}
		b.reopen() // the other child may have ended, or not
		if got := outcome(b.wait(late)); got != "SUCCEEDED 6" {
			t.Error(got)
		}
		b.wait(b.start("ask", "", "7"))
		if got := outcome(b.wait(b.start("twice", "", "1"))); got != `SUCCEEDED "arn:aws:states:us-east-1:123456789012:execution:child:one"` {
			t.Error(got)
		}
		if got := outcome(b.wait(b.start("twice", "", "1"))); !strings.HasPrefix(got, "FAILED StepFunctions.ExecutionAlreadyExistsException Execution Already Exists: ") {
			t.Error(got)
		}
	})
}

func TestList(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		b.machine("m", machine("A", `"A":`+lambda("f", `"End": true`)), task.Handlers{"f": task.Func(func(_ context.Context, x int) (int, error) {
			if x%3 == 0 {
				return 0, errors.New("no")
			}
			return x, nil
		})})
		for i := range 10 {
			b.wait(b.start("m", fmt.Sprint("x", i), fmt.Sprint(i)))
		}
		list := func(q standard.Query) string {
			q.Machine = "m"
			var names []string
			for {
				p, err := b.List(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				for _, x := range p.Executions {
					names = append(names, x.Name)
				}
				if p.Next == "" {
					return strings.Join(names, " ")
				}
				names = append(names, "|")
				q.Next = p.Next
			}
		}
		if got := list(standard.Query{Limit: 4}); got != "x9 x8 x7 x6 | x5 x4 x3 x2 | x1 x0" {
			t.Error(got)
		}
		if got := list(standard.Query{Status: interp.Failed, Limit: 2}); got != "x9 x6 | x3 x0" {
			t.Error(got)
		}
		if p, err := b.List(t.Context(), standard.Query{Machine: "m", Limit: 10}); err != nil || p.Next != "" {
			t.Errorf("a page that holds all: next %q, %v", p.Next, err)
		}
		p, err := b.List(t.Context(), standard.Query{Machine: "m", Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		forged := "AAAA" + p.Next[4:8] + "AAA" + p.Next[11:] // another id with this one's checksum
		for _, tt := range []struct {
			query standard.Query
			want  error
		}{
			{standard.Query{Machine: "m", Next: "made up"}, standard.ErrInvalidToken},
			{standard.Query{Machine: "m", Next: forged}, standard.ErrInvalidToken},
			{standard.Query{Machine: "m", Limit: 1001}, standard.ErrValidation},
			{standard.Query{Machine: "m", Limit: -1}, standard.ErrValidation},
			{standard.Query{Machine: "m", Status: "DONE"}, standard.ErrValidation},
			{standard.Query{Machine: "none"}, standard.ErrStateMachineDoesNotExist},
		} {
			if _, err := b.List(t.Context(), tt.query); !errors.Is(err, tt.want) {
				t.Errorf("%+v: %v", tt.query, err)
			}
		}
	})
}

// What is started before its machine is deployed to the engine waits for that.
func TestStartsBeforeDeploying(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		b.machine("m", machine("A", `"A":`+lambda("add", `"End": true`)), task.Handlers{"add": add(1)})
		deploy := b.deploy
		b.deploy = nil
		b.reopen()
		first := b.start("m", "x", "1")
		b.reopen()
		second, stopped := b.start("m", "y", "2"), b.start("m", "z", "3")
		if _, err := b.Stop(t.Context(), stopped, nil, nil); err != nil {
			t.Error(err)
		}
		deploy[0](b.Engine)
		if got := outcome(b.wait(first)) + outcome(b.wait(second)); got != "SUCCEEDED 2SUCCEEDED 3" {
			t.Error(got)
		}
	})
}

func TestRedeploying(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		release := make(chan struct{})
		h := task.Handlers{"f": task.Func(func(context.Context, any) (int, error) { <-release; return 1, nil }), "add": add(10)}
		b.machine("m", machine("A", `"A":`+lambda("f", `"Next": "B"`), `"B":`+lambda("add", `"End": true`)), h)
		old := b.start("m", "", "{}")
		m, err := b.Deploy(t.Context(), "m", "STANDARD", machine("B", `"B":`+lambda("add", `"End": true`)), task.Handlers{"add": add(20)})
		if err != nil || m.Revision != 1 {
			t.Fatalf("%+v, %v", m, err)
		}
		if got := outcome(b.wait(b.start("m", "", "1"))); got != "SUCCEEDED 21" {
			t.Error(got)
		}
		close(release)
		if got := outcome(b.wait(old)); got != "SUCCEEDED 21" { // the old definition, the latest handlers
			t.Error(got)
		}
		if _, err := b.Deploy(t.Context(), "m", "EXPRESS", machine("B", `"B": {"Type": "Succeed"}`), nil); !errors.Is(err, standard.ErrStateMachineAlreadyExists) {
			t.Error(err)
		}
	})
}

func TestVersionsAndAliases(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		ctx := t.Context()
		first, second := `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "End": true}}}`, `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 2, "End": true}}}`
		b.machine("m", first, nil)
		one, err := b.PublishVersion(ctx, "m", "the first")
		if err != nil || !strings.HasSuffix(one, ":stateMachine:m:1") {
			t.Fatalf("%s, %v", one, err)
		}
		if again, err := b.PublishVersion(ctx, "m", ""); again != one || err != nil {
			t.Errorf("published again: %s, %v", again, err)
		}
		b.machine("m", second, nil)
		two, err := b.PublishVersion(ctx, "m", "")
		if err != nil || !strings.HasSuffix(two, ":m:2") {
			t.Fatalf("%s, %v", two, err)
		}
		live, err := b.SetAlias(ctx, "m", "live", standard.Route{Version: 1, Weight: 100})
		if err != nil {
			t.Fatal(err)
		}
		if got := outcome(b.wait(b.start(one, "", "{}"))) + outcome(b.wait(b.start(two, "", "{}"))); got != "SUCCEEDED 1SUCCEEDED 2" {
			t.Error(got)
		}
		d := b.wait(b.start(live, "", "{}"))
		if outcome(d) != "SUCCEEDED 1" || d.VersionARN != one || d.AliasARN != live {
			t.Errorf("%s: %+v", outcome(d), d)
		}
		if err := b.DeleteVersion(ctx, one); !errors.Is(err, standard.ErrConflict) {
			t.Errorf("deleting what an alias refers to: %v", err)
		}
		if _, err := b.SetAlias(ctx, "m", "live", standard.Route{Version: 1, Weight: 50}, standard.Route{Version: 2, Weight: 49}); !errors.Is(err, standard.ErrValidation) {
			t.Errorf("99 per cent: %v", err)
		}
		if _, err := b.SetAlias(ctx, "m", "17", standard.Route{Version: 2, Weight: 100}); !errors.Is(err, standard.ErrInvalidName) {
			t.Errorf("an alias of digits: %v", err)
		}
		if _, err := b.SetAlias(ctx, "m", "live", standard.Route{Version: 1, Weight: 0}, standard.Route{Version: 2, Weight: 100}); err != nil {
			t.Fatal(err)
		}
		b.options.Retention = 0
		b.deploy = b.deploy[1:]
		b.reopen()
		versions, err := b.Versions("m")
		if err != nil || len(versions) != 2 || versions[0].ARN != two || versions[1].ARN != one || versions[1].Description != "the first" {
			t.Errorf("versions: %+v, %v", versions, err)
		}
		aliases, err := b.Aliases("m")
		if err != nil || len(aliases) != 1 || aliases[0].ARN != live || aliases[0].Name != "live" || aliases[0].Routes[1].Weight != 100 {
			t.Errorf("aliases: %+v, %v", aliases, err)
		}
		if m, err := b.DescribeMachine(ctx, one); err != nil || m.ARN != one || m.Definition != first || m.Description != "the first" {
			t.Errorf("version 1: %+v, %v", m, err)
		}
		if m, err := b.DescribeMachine(ctx, "m"); err != nil || m.Definition != second {
			t.Errorf("the machine: %+v, %v", m, err)
		}
		if _, err := b.DescribeMachine(ctx, one+"7"); !errors.Is(err, standard.ErrStateMachineDoesNotExist) {
			t.Errorf("a version that is not there: %v", err)
		}
		if got := outcome(b.wait(b.start(live, "", "{}"))); got != "SUCCEEDED 2" {
			t.Error(got)
		}
		if err := b.DeleteAlias(ctx, live); err != nil {
			t.Fatal(err)
		}
		if err := b.DeleteVersion(ctx, one); err != nil {
			t.Fatal(err)
		}
		for _, arn := range []string{live, one} {
			if _, err := b.Start(ctx, arn, "", nil); !errors.Is(err, standard.ErrStateMachineDoesNotExist) {
				t.Errorf("%s after it was deleted: %v", arn, err)
			}
		}
	})
}

func TestPollRefuses(t *testing.T) {
	t.Parallel()
	const there = "arn:aws:states:us-east-1:123456789012:activity:there"
	b := newBed(t, "", standard.Options{Activity: func(arn string) bool { return arn == there }})
	for arn, want := range map[string]error{
		"there": standard.ErrInvalidArn, strings.Replace(there, "activity", "stateMachine", 1): standard.ErrInvalidArn, there + "7": standard.ErrActivityDoesNotExist,
	} {
		if _, err := b.Poll(t.Context(), arn, ""); !errors.Is(err, want) {
			t.Errorf("%s: %v", arn, err)
		}
	}
}

// Executions that wait leave memory.
func TestIdleLeaveMemory(t *testing.T) {
	t.Parallel()
	b := newBed(t, "", standard.Options{})
	b.machine("m", `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 86400, "End": true}}}`, nil)
	for range 100 {
		b.start("m", "", "{}")
	}
	for b.Live() > 0 {
		time.Sleep(time.Millisecond)
	}
}

// A passive engine records, and an active one carries out.
func TestPassive(t *testing.T) {
	t.Parallel()
	b := newBed(t, filepath.Join(t.TempDir(), "x.db"), standard.Options{Passive: true})
	b.machine("m", machine("A", `"A":`+lambda("add", `"End": true`)), task.Handlers{"add": add(1)})
	arn, stopped := b.start("m", "", "1"), b.start("m", "", "1")
	if _, err := b.Stop(t.Context(), stopped, nil, nil); err != nil {
		t.Fatal(err)
	}
	if d, err := b.Describe(t.Context(), arn); err != nil || d.Status != interp.Running {
		t.Errorf("%v, %+v", err, d)
	}
	b.options.Passive = false
	b.reopen()
	if got := outcome(b.wait(arn)); got != "SUCCEEDED 2" {
		t.Error(got)
	}
	if got := outcome(b.wait(stopped)); got != "ABORTED" {
		t.Error(got)
	}
}

func TestShutdownWaits(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		running, release := make(chan struct{}), make(chan struct{})
		b.machine("m", machine("A", `"A":`+lambda("f", `"Next": "B"`), `"B":`+lambda("add", `"End": true`)), task.Handlers{
			"f":   task.Func(func(context.Context, any) (int, error) { close(running); <-release; return 1, nil }),
			"add": add(1),
		})
		arn := b.start("m", "", "{}")
		<-running
		done := make(chan error)
		go func() { done <- b.Shutdown(context.Background()) }()
		close(release)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if _, err := b.Start(t.Context(), "m", "", nil); !errors.Is(err, standard.ErrShutdown) {
			t.Errorf("a start after Shutdown: %v", err)
		}
		b.reopen()
		if got := outcome(b.wait(arn)); got != "SUCCEEDED 2" {
			t.Error(got)
		}
	})
}

func TestConcurrentStarts(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		b.machine("m", chain(3), task.Handlers{"add": add(1)})
		type result struct {
			arn string
			err error
		}
		results := make(chan result)
		const n = 50
		for i := range n {
			go func() {
				x, err := b.Start(context.Background(), "m", fmt.Sprint("n", i%10), doc(t, "1"))
				results <- result{x.ARN, err}
			}()
		}
		arns := make(map[string]bool)
		for range n {
			r := <-results
			if r.err == nil {
				arns[r.arn] = true
			} else if !errors.Is(r.err, standard.ErrExecutionAlreadyExists) {
				t.Error(r.err)
			}
		}
		if len(arns) != 10 {
			t.Errorf("%d executions", len(arns))
		}
		for arn := range arns {
			if got := outcome(b.wait(arn)); got != "SUCCEEDED 4" {
				t.Error(got)
			}
		}
	})
}

// TestSyncHandler: behind .sync a handler does the whole job.
func TestSyncHandler(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		b.machine("m", machine("J", `"J": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "End": true}`),
			task.Handlers{"J": task.Func(func(_ context.Context, n int) (int, error) { return n + 1, nil })})
		arn := b.start("m", "", "1")
		if got := outcome(b.wait(arn)); got != "SUCCEEDED 2" {
			t.Error(got)
		}
		if got := b.types(arn); got != "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSubmitted TaskSucceeded TaskStateExited ExecutionSucceeded" {
			t.Error(got)
		}
	})
}
