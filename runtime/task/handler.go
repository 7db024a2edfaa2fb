package task

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// A Handler does the work of a task. It is called by several goroutines at the
// same time.
//
// The input is the task's effective input, for lambda:invoke the Payload; it
// is valid JSON and must not be changed. The output is JSON; none is null. An
// error fails the attempt under the name that [Failure] gives it. ctx is done
// when the attempt has timed out, the execution has ended or the engine shuts
// down: what the handler returns then is not used. [Info] tells about the
// attempt.
type Handler interface {
	Handle(ctx context.Context, input json.RawMessage) (json.RawMessage, error)
}

// A HandlerFunc is a Handler that takes and gives JSON as it stands.
type HandlerFunc func(ctx context.Context, input json.RawMessage) (json.RawMessage, error)

// Handle calls f.
func (f HandlerFunc) Handle(ctx context.Context, input json.RawMessage) (json.RawMessage, error) {
	return f(ctx, input)
}

// Func makes a Handler of a typed function. Input that does not fit In fails
// the task as AWS's Go runtime for Lambda would, under the name of the error of
// encoding/json (UnmarshalTypeError and others); the cause names the field.
func Func[In, Out any](f func(context.Context, In) (Out, error)) Handler {
	return typed[In, Out](f)
}

type typed[In, Out any] func(context.Context, In) (Out, error)

func (f typed[In, Out]) Handle(ctx context.Context, input json.RawMessage) (json.RawMessage, error) {
	var in In
	if err := json.Unmarshal(input, &in); err != nil {
		return nil, unfit(err, reflect.TypeFor[In]())
	}
	out, err := f(ctx, in)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(out)
	if err != nil {
		return nil, &Error{Name: typeName(err), Cause: fmt.Sprintf("the result of type %s cannot be written as JSON: %v", reflect.TypeFor[Out](), err)}
	}
	return text, nil
}

// unfit explains input that cannot be decoded, and keeps the error's name.
func unfit(err error, t reflect.Type) *Error {
	cause := fmt.Sprintf("the input does not fit %s: %v", t, err)
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		where := "the input"
		if mismatch.Field != "" {
			where = fmt.Sprintf("the input's %q", mismatch.Field)
		}
		cause = fmt.Sprintf("%s is of JSON type %s and does not fit %s, of %s", where, mismatch.Value, mismatch.Type, t)
	}
	return &Error{Name: typeName(err), Cause: cause}
}
