package flow

import (
	"context"
	"encoding/json"
	"maps"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Set returns the handlers without those that are nil.
func Set(handlers task.Handlers) task.Handlers {
	maps.DeleteFunc(handlers, func(_ string, h task.Handler) bool { return h == nil })
	return handlers
}

// Func makes a handler of a function; nil of nil. A nil slice or map in what the
// function returns is an empty one in the document: what the workflow calls a
// list is never null.
func Func[In, Out any](f func(context.Context, In) (Out, error)) task.Handler {
	if f == nil {
		return nil
	}
	return task.Func(func(ctx context.Context, in In) (json.RawMessage, error) {
		out, err := f(ctx, in)
		if err != nil {
			return nil, err
		}
		return Encode(out)
	})
}

// FuncIn is [Func] for a task without a result.
func FuncIn[In any](f func(context.Context, In) error) task.Handler {
	if f == nil {
		return nil
	}
	return task.Func(func(ctx context.Context, in In) (None, error) { return None{}, f(ctx, in) })
}

// FuncOut is [Func] for a task without an input.
func FuncOut[Out any](f func(context.Context) (Out, error)) task.Handler {
	if f == nil {
		return nil
	}
	return task.HandlerFunc(func(ctx context.Context, _ json.RawMessage) (json.RawMessage, error) {
		out, err := f(ctx)
		if err != nil {
			return nil, err
		}
		return Encode(out)
	})
}

// FuncNone is [Func] for a task with neither.
func FuncNone(f func(context.Context) error) task.Handler {
	if f == nil {
		return nil
	}
	return FuncOut(func(ctx context.Context) (None, error) { return None{}, f(ctx) })
}
