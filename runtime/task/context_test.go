package task_test

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

type nameKey struct{}

func TestContext(t *testing.T) {
	t.Parallel()
	cause := errors.New("enough")
	tests := []struct {
		name  string
		end   func(c *task.Context, parent context.CancelCauseFunc)
		cause error
	}{
		{"cancelled", func(c *task.Context, _ context.CancelCauseFunc) { c.Cancel(); c.Cancel() }, context.Canceled},
		{"with its parent", func(_ *task.Context, parent context.CancelCauseFunc) { parent(cause) }, cause},
	}
	for _, tt := range tests {
		for _, early := range []bool{true, false} {
			parent, cancel := context.WithCancelCause(context.WithValue(t.Context(), nameKey{}, "Ada"))
			defer cancel(nil)
			c := new(task.Context)
			c.Begin(parent, &attempt{details: task.Details{State: "Pay"}})
			if c.Err() != nil || task.Info(c).State != "Pay" {
				t.Errorf("%s: a new context has ended: %v, or knows no attempt", tt.name, c.Err())
			}
			if early {
				tt.end(c, cancel)
			}
			var child context.Context = c
			if !early {
				derived, stop := context.WithCancel(c) // as a client of the handler's would
				defer stop()
				child = derived
				tt.end(c, cancel)
			}
			<-child.Done()
			<-c.Done()
			if !errors.Is(c.Err(), context.Canceled) || context.Cause(c) != tt.cause || context.Cause(child) != tt.cause {
				t.Errorf("%s: %v because of %v, child because of %v", tt.name, c.Err(), context.Cause(c), context.Cause(child))
			}
			if c.Value(nameKey{}) != "Ada" || task.Info(child).State != "Pay" {
				t.Errorf("%s: the values of its parent, or the attempt, are lost", tt.name)
			}
		}
	}
}

// TestContextNeedsNoGoroutine must not run beside others, which start some.
func TestContextNeedsNoGoroutine(t *testing.T) {
	c := new(task.Context)
	c.Begin(t.Context(), &attempt{})
	defer c.Cancel()
	before := runtime.NumGoroutine()
	for range 100 {
		_, cancel := context.WithCancel(c)
		defer cancel()
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("100 derived contexts need %d goroutines", n-before)
	}
}
