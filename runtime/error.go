package runtime

import (
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/flow"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
)

// An Error refuses a request, with the code that AWS's API has for it.
type Error = standard.Error

// Errors to compare with errors.Is. Those without a comment are AWS's, by their
// codes.
var (
	ErrActivityDoesNotExist         = standard.ErrActivityDoesNotExist
	ErrConflict                     = standard.ErrConflict
	ErrExecutionAlreadyExists       = standard.ErrExecutionAlreadyExists
	ErrExecutionDoesNotExist        = standard.ErrExecutionDoesNotExist
	ErrExecutionNotRedrivable       = standard.ErrExecutionNotRedrivable
	ErrInvalidArn                   = standard.ErrInvalidArn
	ErrInvalidExecutionInput        = standard.ErrInvalidExecutionInput
	ErrInvalidName                  = standard.ErrInvalidName
	ErrInvalidOutput                = standard.ErrInvalidOutput
	ErrInvalidToken                 = standard.ErrInvalidToken
	ErrResourceNotFound             = standard.ErrResourceNotFound
	ErrStateMachineAlreadyExists    = standard.ErrStateMachineAlreadyExists
	ErrStateMachineDoesNotExist     = standard.ErrStateMachineDoesNotExist
	ErrStateMachineTypeNotSupported = standard.ErrStateMachineTypeNotSupported
	ErrTaskDoesNotExist             = standard.ErrTaskDoesNotExist
	ErrTaskTimedOut                 = standard.ErrTaskTimedOut
	ErrValidation                   = standard.ErrValidation

	// ErrOverload refuses an asynchronous Express execution because too many are
	// waiting: see [Options].
	ErrOverload = express.ErrOverload
	// ErrShutdown refuses what comes after [Engine.Shutdown] has begun.
	ErrShutdown = standard.ErrShutdown
)

// Status is the state of an execution.
type Status = interp.Status

// The states of an execution.
const (
	Running   = interp.Running
	Succeeded = interp.Succeeded
	Failed    = interp.Failed
	TimedOut  = interp.TimedOut
	Aborted   = interp.Aborted
	// PendingRedrive is a child of a map run that is redriven, before its turn.
	PendingRedrive = standard.PendingRedrive
)

// An ExecutionError says how an execution ended that did not succeed.
type ExecutionError struct {
	// Execution is the ARN of the execution.
	Execution string
	// Status is Failed, TimedOut or Aborted.
	Status Status
	// Name is the name of the error, as Retry and Catch see it, and Cause what
	// came with it. Both may be empty.
	Name, Cause string

	declared error
}

// as makes the error wrap the declared error that it is, if it is one.
func (e *ExecutionError) as(errors flow.Errors) *ExecutionError {
	e.declared = errors.Find(e.Name, e.Cause)
	return e
}

// Unwrap returns the error of the workflow's Go package that stands for this
// one, for errors.Is and errors.As; nil if none is declared.
func (e *ExecutionError) Unwrap() error { return e.declared }

// Error tells the status, the name and the cause.
func (e *ExecutionError) Error() string {
	text := "the execution " + map[Status]string{TimedOut: "timed out", Aborted: "was aborted"}[e.Status]
	if e.Status == Failed {
		text = "the execution failed"
	}
	if e.Name != "" {
		text += ": " + e.Name
	}
	if e.Cause != "" {
		text += ": " + e.Cause
	}
	return text
}

// ErrorName returns the name, so that a handler may return the error of an
// execution that it ran and keep its name.
func (e *ExecutionError) ErrorName() string { return e.Name }

// ErrorCause returns the cause.
func (e *ExecutionError) ErrorCause() string { return e.Cause }
