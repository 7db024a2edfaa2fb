package task

import (
	"context"
	"encoding/json"
	"fmt"
)

// Do calls a handler and hands its result to done, exactly once, from the same
// goroutine: the output, which is valid JSON, or the failure. A handler that
// panics, or that ends its goroutine, fails its task and nothing else.
func Do(ctx context.Context, h Handler, input json.RawMessage, done func(output json.RawMessage, failure *Error)) {
	DoUnchecked(ctx, h, input, func(output json.RawMessage, failure *Error) {
		if failure == nil && !json.Valid(output) {
			output, failure = nil, NotJSON(output)
		}
		done(output, failure)
	})
}

// DoUnchecked is [Do] for who parses the output anyway: the output need not be
// JSON, though it is never empty. One that is not fails the task with [NotJSON].
func DoUnchecked(ctx context.Context, h Handler, input json.RawMessage, done func(output json.RawMessage, failure *Error)) {
	var output json.RawMessage
	var err error
	returned := false
	defer func() {
		v := recover()
		switch {
		case v != nil:
			done(nil, panicked(v))
		case !returned:
			done(nil, &Error{Name: HandlerExited, Cause: "the handler ended its goroutine instead of returning"})
		case err != nil:
			done(nil, Failure(err))
		case len(output) == 0:
			done(json.RawMessage("null"), nil)
		default:
			done(output, nil)
		}
	}()
	output, err = h.Handle(ctx, input)
	returned = true
}

// NotJSON is the failure of a handler that gave an output which is not JSON.
func NotJSON(output json.RawMessage) *Error {
	return &Error{Name: InvalidOutput, Cause: fmt.Sprintf("the handler returned what is not JSON: %.200q", output)}
}
