package express_test

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// The second handler of a chain runs in the goroutine of the first. What can
// happen to a handler has to happen to the second all the same, in real time.

const pair = `{"StartAt": "A", "States": {
	"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:first", "Next": "B"},
	"B": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:second", "TimeoutSeconds": 1,
		"Retry": [{"ErrorEquals": ["Again"], "MaxAttempts": 2, "IntervalSeconds": 1, "MaxDelaySeconds": 2}],
		"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}], "Next": "C"},
	"C": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:third", "End": true},
	"Caught": {"Type": "Pass", "Parameters": {"caught.$": "$.Error"}, "End": true}}}`

func TestHandOff(t *testing.T) {
	t.Parallel()
	forever := make(chan struct{})
	t.Cleanup(func() { close(forever) })
	tests := []struct {
		name   string
		second func(ctx context.Context, x int) (int, error)
		want   string
	}{
		{"returns", func(_ context.Context, x int) (int, error) { return x + 1, nil }, "SUCCEEDED 3"},
		{"fails", func(context.Context, int) (int, error) { return 0, &task.Error{Name: "Broken"} }, `SUCCEEDED {"caught":"Broken"}`},
		{"panics", func(context.Context, int) (int, error) { panic("oh") }, `SUCCEEDED {"caught":"string"}`},
		{"exits", func(context.Context, int) (int, error) { runtime.Goexit(); return 0, nil }, `SUCCEEDED {"caught":"Stepsmith.HandlerExited"}`},
		{"times out", func(ctx context.Context, _ int) (int, error) { <-ctx.Done(); return 0, ctx.Err() }, `SUCCEEDED {"caught":"States.Timeout"}`},
		{"never returns", func(context.Context, int) (int, error) { <-forever; return 0, nil }, `SUCCEEDED {"caught":"States.Timeout"}`},
		{"is tried again", func(ctx context.Context, x int) (int, error) {
			if task.Info(ctx).Attempt == 0 {
				return 0, &task.Error{Name: "Again"}
			}
			return x, nil
		}, "SUCCEEDED 2"},
		{"beats and sleeps", func(ctx context.Context, x int) (int, error) {
			return x, errors.Join(task.Heartbeat(ctx), task.Sleep(ctx, time.Millisecond), task.Heartbeat(ctx))
		}, "SUCCEEDED 2"},
	}
	for _, discard := range []bool{true, false} {
		for _, tt := range tests {
			name := tt.name
			if discard {
				name += " without history"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r := run(t, pair, "0", express.Options{DiscardHistory: discard, Handlers: task.Handlers{
					"first": add(1), "second": task.Func(tt.second), "third": add(1),
				}})
				if got := outcome(r); got != tt.want {
					t.Errorf("got %s, want %s", got, tt.want)
				}
			})
		}
	}
}

// goroutine is the number of the goroutine that calls it.
func goroutine() string {
	b := make([]byte, 64)
	return strings.Fields(string(b[:runtime.Stack(b, false)]))[1]
}

func TestHandOffSavesGoroutines(t *testing.T) {
	t.Parallel()
	here := task.HandlerFunc(func(_ context.Context, in json.RawMessage) (json.RawMessage, error) {
		var seen []string
		if err := json.Unmarshal(in, &seen); err != nil {
			return nil, err
		}
		return json.Marshal(append(seen, goroutine()))
	})
	o := express.Options{Handlers: task.Handlers{"first": here, "second": here, "third": here}}
	// A handler that has returned before the loop sleeps leaves the next to another.
	for range 100 {
		var seen []string
		if err := json.Unmarshal([]byte(run(t, pair, "[]", o).Output.Text()), &seen); err != nil {
			t.Fatal(err)
		}
		if slices.Contains(seen, goroutine()) {
			t.Fatal("a handler ran in the goroutine of the caller")
		}
		if len(seen) == 3 && seen[0] == seen[1] && seen[1] == seen[2] {
			return
		}
	}
	t.Error("the handlers of a chain never ran in the same goroutine")
}

func TestHandOffKeepsHistory(t *testing.T) {
	t.Parallel()
	o := express.Options{Handlers: task.Handlers{"first": add(1), "second": add(1), "third": add(1)}}
	kept := run(t, pair, "0", o).History
	var observed []history.Event
	o.Observe = func(e history.Event) { observed = append(observed, e) } // one at a time
	run(t, pair, "0", o)
	if d := cmp.Diff(types(observed), types(kept)); d != "" {
		t.Errorf("kept history differs from observed (-observed +kept):\n%s", d)
	}
}

func TestHandOffIsCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	forever := make(chan struct{})
	defer close(forever)
	r, err := express.Run(ctx, compile(t, pair), doc(t, "0"), express.Options{Handlers: task.Handlers{
		"first":  add(1),
		"second": task.Func(func(context.Context, int) (int, error) { cancel(); <-forever; return 0, nil }),
	}})
	if !errors.Is(err, context.Canceled) || r.Status != interp.Aborted {
		t.Errorf("%v, %s", err, outcome(r))
	}
}
