package task_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

func TestNames(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:lambda:us-east-1:111111111111:function:charge"
	const invoke = "arn:aws:states:::lambda:invoke"
	const activity = "arn:aws:states:us-east-1:111111111111:activity:print"
	tests := []struct {
		name   string
		target task.Target
		want   []string
	}{
		{"name", task.Target{"Pay", invoke, "charge", ""}, []string{"charge", "Pay", invoke}},
		{"qualified name", task.Target{"Pay", invoke, "charge:live", ""}, []string{"charge:live", "charge", "Pay", invoke}},
		{"qualifier apart", task.Target{"Pay", invoke, arn, "7"}, []string{arn + ":7", "charge:7", arn, "charge", "Pay", invoke}},
		{"partial ARN", task.Target{"Pay", invoke, "111111111111:function:charge", ""}, []string{"111111111111:function:charge", "charge", "Pay", invoke}},
		{"direct", task.Target{"Pay", arn + ":live", "", ""}, []string{arn + ":live", "charge:live", arn, "charge", "Pay"}},
		{"state of that name", task.Target{"charge", invoke, "charge", ""}, []string{"charge", invoke}},
		{"activity", task.Target{"Print it", activity, "", ""}, []string{activity, "print", "Print it"}},
		{"service", task.Target{"Send", "arn:aws:states:::sqs:sendMessage", "", ""}, []string{"Send", "arn:aws:states:::sqs:sendMessage"}},
	}
	for _, tt := range tests {
		if d := cmp.Diff(tt.want, tt.target.Names()[:min(len(tt.want), len(tt.target.Names()))]); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
	}
}

type declined struct{ card string }

func (e *declined) Error() string     { return "card " + e.card + " declined" }
func (e *declined) ErrorName() string { return "CardDeclined" }

type generic[T any] struct{}

func (generic[T]) Error() string { return "generic" }

func TestFailure(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err  error
		want task.Error
	}{
		{errors.New("boom"), task.Error{"errorString", `{"errorMessage":"boom","errorType":"errorString"}`}},
		{fmt.Errorf("a: %w", errors.New("b")), task.Error{"wrapError", `{"errorMessage":"a: b","errorType":"wrapError"}`}},
		{generic[int]{}, task.Error{"generic", `{"errorMessage":"generic","errorType":"generic"}`}},
		{&task.Error{Name: "Throttled", Cause: "busy"}, task.Error{"Throttled", "busy"}},
		{fmt.Errorf("charging: %w", &task.Error{Name: "Throttled", Cause: "busy"}), task.Error{"Throttled", "busy"}},
		{fmt.Errorf("pay: %w", &declined{"42"}), task.Error{"CardDeclined", `{"errorMessage":"pay: card 42 declined","errorType":"CardDeclined"}`}},
		{context.DeadlineExceeded, task.Error{"deadlineExceededError", `{"errorMessage":"context deadline exceeded","errorType":"deadlineExceededError"}`}},
	}
	for _, tt := range tests {
		if d := cmp.Diff(&tt.want, task.Failure(tt.err)); d != "" {
			t.Errorf("%v (-want +got):\n%s", tt.err, d)
		}
	}
}

func do(t *testing.T, h task.Handler, input string) (string, *task.Error) {
	t.Helper()
	var output json.RawMessage
	var failure *task.Error
	calls := make(chan struct{}, 2)
	go func() {
		task.Do(t.Context(), h, json.RawMessage(input), func(o json.RawMessage, f *task.Error) {
			output, failure = o, f
			calls <- struct{}{}
		})
	}()
	<-calls
	return string(output), failure
}

func TestDo(t *testing.T) {
	t.Parallel()
	type item struct {
		Price float64 `json:"price"`
	}
	type order struct {
		Items []item `json:"items"`
	}
	double := task.Func(func(_ context.Context, o order) (item, error) {
		return item{2 * o.Items[0].Price}, nil
	})
	tests := []struct {
		name, input, output, fails, cause string
		handler                           task.Handler
	}{
		{"typed", `{"items":[{"price":21}]}`, `{"price":42}`, "", "", double},
		{"bad input", `{"items":[{"price":"x"}]}`, "", "UnmarshalTypeError", `the input's "items.price" is of JSON type string and does not fit float64, of task_test.order`, double},
		{"panic", `{"items":[]}`, "", "boundsError", `index out of range [0] with length 0`, double},
		{"panic with a text", `null`, "", "string", `"errorMessage":"oh"`, task.Func(func(context.Context, any) (any, error) { panic("oh") })},
		{"exit", `null`, "", task.HandlerExited, "ended its goroutine", task.Func(func(context.Context, any) (any, error) { runtime.Goexit(); return nil, nil })},
		{"no output", `null`, "null", "", "", task.HandlerFunc(func(context.Context, json.RawMessage) (json.RawMessage, error) { return nil, nil })},
		{"garbage", `null`, "", task.InvalidOutput, `"{"`, task.HandlerFunc(func(context.Context, json.RawMessage) (json.RawMessage, error) { return json.RawMessage("{"), nil })},
		{"unencodable", `null`, "", "UnsupportedTypeError", "the result of type chan int cannot be written", task.Func(func(context.Context, any) (chan int, error) { return make(chan int), nil })},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			output, failure := do(t, tt.handler, tt.input)
			if output != tt.output {
				t.Errorf("output %q, want %q", output, tt.output)
			}
			if failure == nil {
				failure = &task.Error{}
			}
			if failure.Name != tt.fails || !strings.Contains(failure.Cause, tt.cause) {
				t.Errorf("failure %q: %q; want %q: %q", failure.Name, failure.Cause, tt.fails, tt.cause)
			}
		})
	}
}

func TestPanicShowsWhere(t *testing.T) {
	t.Parallel()
	_, failure := do(t, task.Func(func(context.Context, any) (any, error) { panic(errors.New("oh")) }), "null")
	var cause struct {
		StackTrace []struct{ Path, Label string }
	}
	if err := json.Unmarshal([]byte(failure.Cause), &cause); err != nil {
		t.Fatal(err)
	}
	if len(cause.StackTrace) == 0 || !strings.HasSuffix(cause.StackTrace[0].Path, "task_test.go") {
		t.Errorf("the stack does not begin at the panic: %s", failure.Cause)
	}
}

type attempt struct {
	details task.Details
	beats   int
	slept   time.Duration
}

func (e *attempt) Details() task.Details { return e.details }

func (e *attempt) Heartbeat() error { e.beats++; return nil }

func (e *attempt) Sleep(_ context.Context, d time.Duration) error { e.slept += d; return nil }

func TestInfo(t *testing.T) {
	t.Parallel()
	if err := task.Heartbeat(t.Context()); !errors.Is(err, task.ErrNoHeartbeat) {
		t.Errorf("Heartbeat outside a task: %v", err)
	}
	want := task.Details{Execution: "arn", State: "Pay", Attempt: 2, IdempotencyKey: "k"}
	e := attempt{details: want}
	ctx := task.WithAttempt(t.Context(), &e)
	if got := task.Info(task.WithInfo(t.Context(), want)); got != want {
		t.Errorf("WithInfo: got %+v, want %+v", got, want)
	}
	if got := task.Info(ctx); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if err := task.Heartbeat(ctx); err != nil || e.beats != 1 {
		t.Errorf("%d beats, %v", e.beats, err)
	}
	if err := task.Sleep(ctx, time.Hour); err != nil || e.slept != time.Hour {
		t.Errorf("slept %v, %v", e.slept, err)
	}
}
