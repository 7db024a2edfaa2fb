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
	var output json.RawMessage
	failure := &Error{Name: HandlerExited, Cause: "the handler ended its goroutine instead of returning"}
	defer func() {
		if v := recover(); v != nil {
			failure = panicked(v)
		}
		if failure != nil {
			output = nil
		}
		done(output, failure)
	}()
	output, err := h.Handle(ctx, input)
	failure = nil
	switch {
	case err != nil:
		failure = Failure(err)
	case len(output) == 0:
		output = json.RawMessage("null")
	case !json.Valid(output):
		failure = &Error{Name: InvalidOutput, Cause: fmt.Sprintf("the handler returned what is not JSON: %.200q", output)}
	}
}
