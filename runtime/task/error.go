package task

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

// Error fails a task with a name of the workflow's, which Retry and Catch
// match, and a cause. It may be wrapped.
type Error struct{ Name, Cause string }

// Error returns the name and the cause.
func (e *Error) Error() string {
	if e.Cause == "" {
		return e.Name
	}
	return e.Name + ": " + e.Cause
}

// ErrorName returns the name.
func (e *Error) ErrorName() string { return e.Name }

// ErrorCause returns the cause.
func (e *Error) ErrorCause() string { return e.Cause }

// Named is what an error has that knows its name in the workflow, such as the
// declared errors of generated code. When it has ErrorCause() string too, that
// is the cause; else the cause is the text of the error, in Lambda's form.
type Named interface {
	error
	ErrorName() string
}

// Names of failures that come from here rather than from a handler's error.
const (
	// NoHandler is the name of the error of a task that nobody handles.
	NoHandler = "Stepsmith.NoHandler"
	// InvalidOutput is the name of the error of a handler whose output is not
	// JSON.
	InvalidOutput = "Stepsmith.InvalidOutput"
	// Interrupted is the name of the error of an attempt that was running when
	// the engine ended: whether the work was done is not known.
	Interrupted = "Stepsmith.Interrupted"
	// HandlerExited is the name of the error of a handler that ended its
	// goroutine, as testing.T.FailNow does.
	HandlerExited = "Stepsmith.HandlerExited"
)

// Failure returns the name and the cause under which an error fails a task. An
// error that knows its name (see [Named]), at any depth, has it. Any other has
// what the Go runtime of Lambda makes of it: the name is that of its Go type
// (errors.New gives "errorString"), the cause a JSON object with errorMessage
// and errorType.
func Failure(err error) *Error {
	if plain, ok := err.(*Error); ok {
		return plain
	}
	var named Named
	if !errors.As(err, &named) {
		name := typeName(err)
		return &Error{Name: name, Cause: lambdaCause(err.Error(), name, nil)}
	}
	if c, ok := named.(interface{ ErrorCause() string }); ok {
		return &Error{Name: named.ErrorName(), Cause: c.ErrorCause()}
	}
	return &Error{Name: named.ErrorName(), Cause: lambdaCause(err.Error(), named.ErrorName(), nil)}
}

// Missing is the error of a task that has no handler: it says what to register.
func Missing(t Target) *Error {
	names := t.Names()
	if len(names) == 0 {
		names = []string{"?"}
	}
	cause := fmt.Sprintf("no handler for the task of state %q: register one as %q", t.State, names[0])
	if len(names) > 1 {
		cause += fmt.Sprintf(" (or as %q)", names[1:])
	}
	return &Error{Name: NoHandler, Cause: cause}
}

// typeName is the name of a value's type as the Go runtime of Lambda reports
// it: without package and pointer.
func typeName(v any) string {
	t := reflect.TypeOf(v)
	if t == nil {
		return "nil"
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name, _, _ := strings.Cut(t.Name(), "[") // type arguments
	return name
}

// lambdaError is what the Go runtime of Lambda answers for a failed function.
type lambdaError struct {
	Message string  `json:"errorMessage"`
	Type    string  `json:"errorType"`
	Stack   []frame `json:"stackTrace,omitempty"`
}

type frame struct {
	Path  string `json:"path"`
	Line  int    `json:"line"`
	Label string `json:"label"`
}

func lambdaCause(message, typ string, stack []frame) string {
	text, err := json.Marshal(lambdaError{message, typ, stack})
	if err != nil { // cannot be: strings and numbers only
		return message
	}
	return string(text)
}

// panicked is the failure of a handler that panicked with v. It must be called
// by the deferred function that recovered.
func panicked(v any) *Error {
	return &Error{Name: typeName(v), Cause: lambdaCause(fmt.Sprint(v), typeName(v), panicStack())}
}

// panicStack returns the frames from the panic outwards to the handler.
func panicStack() []frame {
	var counters [64]uintptr
	frames := runtime.CallersFrames(counters[:runtime.Callers(4, counters[:])])
	var stack []frame
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		switch {
		case strings.HasPrefix(f.Function, "runtime."):
		case strings.HasSuffix(f.Function, "/runtime/task.DoUnchecked"):
			return stack
		default:
			stack = append(stack, frame{Path: f.File, Line: f.Line, Label: f.Function})
		}
	}
	return stack
}
