package runtime_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Whoever follows an execution from another process sees each event once, as it
// comes, through a redrive to the end.
func TestFollow(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	file := filepath.Join(t.TempDir(), "x.db")
	db, err := sqlite.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	answers := make(chan error)
	e := engine(t, runtime.Options{Store: db})
	w := workflow(runtime.Standard)
	if err := w.Deploy(ctx, e, task.Handlers{"double": task.Func(func(context.Context, int) (int, error) { return 42, <-answers })}); err != nil {
		t.Fatal(err)
	}
	x, err := w.Start(ctx, e, 21)
	if err != nil {
		t.Fatal(err)
	}
	reading, err := sqlite.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	beside := engine(t, runtime.Options{Store: reading, Passive: true})

	first := follow(t, beside, x.ARN, func(e history.Event) {
		if e.Type == history.TaskStarted {
			answers <- &task.Error{Name: "Broken"}
		}
	})
	if !slices.Equal(first, []history.Type{
		history.ExecutionStarted, history.TaskStateEntered, history.TaskScheduled, history.TaskStarted, history.TaskFailed, history.ExecutionFailed,
	}) {
		t.Error(first)
	}
	if err := e.Redrive(ctx, x.ARN); err != nil {
		t.Fatal(err)
	}
	starts := 0
	second := follow(t, beside, x.ARN, func(e history.Event) {
		if e.Type == history.TaskStarted {
			if starts++; starts == 2 {
				answers <- nil
			}
		}
	})
	if !slices.Equal(second[:len(first)], first) || !slices.Equal(second[len(first):], []history.Type{
		history.ExecutionRedriven, history.TaskScheduled, history.TaskStarted, history.TaskSucceeded, history.TaskStateExited, history.ExecutionSucceeded,
	}) {
		t.Error(second)
	}
}

// follow returns the types of the events, whose ids must count up from 1.
func follow(t *testing.T, e *runtime.Engine, arn string, see func(history.Event)) (types []history.Type) {
	t.Helper()
	for event, err := range e.Follow(t.Context(), arn) {
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, event.Type)
		if event.ID != int64(len(types)) {
			t.Errorf("event %d has the id %d", len(types), event.ID)
		}
		see(event)
	}
	return types
}

func TestFollowCancelled(t *testing.T) {
	t.Parallel()
	e := engine(t, runtime.Options{})
	if err := greet.Deploy(t.Context(), e, greeters); err != nil { // it waits for a day
		t.Fatal(err)
	}
	x, err := greet.Start(t.Context(), e, "Ada")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for event, err := range e.Follow(ctx, x.ARN) {
		if last = err; event.Type == history.WaitStateEntered {
			cancel()
		}
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("it ended with %v", last)
	}
	for _, err := range e.Follow(t.Context(), x.ARN+"7") {
		if !errors.Is(err, runtime.ErrExecutionDoesNotExist) {
			t.Error(err)
		}
	}
}
