package interp

import (
	"fmt"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// The names of errors that the kernel raises itself.
const (
	errRuntime   = "States.Runtime"
	errTimeout   = "States.Timeout"
	errQuery     = "States.QueryEvaluationError"
	errDataLimit = "States.DataLimitExceeded"
	// errResultPath is the specification's name; it was not seen in recordings.
	errResultPath = "States.ResultPathMatchFailure"
)

// A failure is why a state failed. A nil text is absent, which is not the same
// as empty.
type failure struct {
	err, cause *string
	// heartbeat marks the States.Timeout of a missed heartbeat, which is also
	// matched by the name States.HeartbeatTimeout.
	heartbeat bool
	// fatal failures are neither retried nor caught, on any level.
	fatal bool
	// inner marks what came up from a branch or an iteration.
	inner bool
}

// name is the error's name, empty when it has none.
func (f *failure) name() string {
	if f.err == nil {
		return ""
	}
	return *f.err
}

// details is the part of the events that end an execution.
func (f *failure) details() *history.Failure {
	return &history.Failure{Error: f.err, Cause: f.cause}
}

// output is the Error Output that a catcher sees. A timeout has no cause in
// the history and an empty one here.
func (f *failure) output() *value.Doc {
	cause := textOrNull(f.cause)
	if f.cause == nil && f.name() == errTimeout {
		cause = value.String("")
	}
	return value.DocOf(value.Object(
		value.Member{Key: "Error", Value: textOrNull(f.err)},
		value.Member{Key: "Cause", Value: cause},
	))
}

func textOrNull(s *string) value.Value {
	if s == nil {
		return value.Null()
	}
	return value.String(*s)
}

// runtimeError is the failure that nothing can catch.
func runtimeError(t *thread, format string, args ...any) *failure {
	return &failure{err: history.Ref(errRuntime), cause: history.Ref(while(t) + fmt.Sprintf(format, args...)), fatal: true}
}

// while is how AWS begins the cause of what went wrong inside a state.
func while(t *thread) string {
	return fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). ",
		t.state.Shared().Name, t.entered)
}

// tooLarge is the failure of a result over the limit; what names the state or
// the resource that returned it.
func tooLarge(what string) *failure {
	return &failure{
		err:   history.Ref(errDataLimit),
		cause: history.Ref(fmt.Sprintf("The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit.", what)),
	}
}
