package standard

import "fmt"

// An Error refuses a request, with the code that AWS's API has for it.
type Error struct {
	Code    string
	Message string
}

// Error returns the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// ErrorCode returns the code.
func (e *Error) ErrorCode() string { return e.Code }

// Is makes errors.Is compare codes: the target is an Error with a code alone.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code && t.Message == ""
}

// Errors to compare with errors.Is.
var (
	ErrActivityDoesNotExist         = &Error{Code: "ActivityDoesNotExist"}
	ErrConflict                     = &Error{Code: "ConflictException"}
	ErrExecutionAlreadyExists       = &Error{Code: "ExecutionAlreadyExists"}
	ErrExecutionDoesNotExist        = &Error{Code: "ExecutionDoesNotExist"}
	ErrExecutionNotRedrivable       = &Error{Code: "ExecutionNotRedrivable"}
	ErrInvalidArn                   = &Error{Code: "InvalidArn"}
	ErrInvalidExecutionInput        = &Error{Code: "InvalidExecutionInput"}
	ErrInvalidName                  = &Error{Code: "InvalidName"}
	ErrInvalidOutput                = &Error{Code: "InvalidOutput"}
	ErrInvalidToken                 = &Error{Code: "InvalidToken"}
	ErrStateMachineDoesNotExist     = &Error{Code: "StateMachineDoesNotExist"}
	ErrStateMachineTypeNotSupported = &Error{Code: "StateMachineTypeNotSupported"}
	ErrStateMachineAlreadyExists    = &Error{Code: "StateMachineAlreadyExists"}
	ErrTaskDoesNotExist             = &Error{Code: "TaskDoesNotExist"}
	ErrTaskTimedOut                 = &Error{Code: "TaskTimedOut"}
	ErrResourceNotFound             = &Error{Code: "ResourceNotFound"}
	ErrValidation                   = &Error{Code: "ValidationException"}
	// ErrShutdown refuses what comes after Shutdown has begun.
	ErrShutdown = &Error{Code: "ServiceUnavailable"}
)

func refuse(kind *Error, format string, args ...any) error {
	return &Error{Code: kind.Code, Message: fmt.Sprintf(format, args...)}
}
