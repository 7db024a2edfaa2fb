package standard

import (
	"fmt"
	"unicode/utf8"
)

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

// The longest name and cause of an error that a request may give, in characters.
const (
	maxErrorName = 256
	maxCause     = 32768
)

// checkFailure refuses an error that is longer than AWS takes one.
func checkFailure(name, cause *string) error {
	switch {
	case name != nil && utf8.RuneCountInString(*name) > maxErrorName:
		return tooLong("error", maxErrorName)
	case cause != nil && utf8.RuneCountInString(*cause) > maxCause:
		return tooLong("cause", maxCause)
	}
	return nil
}

func tooLong(member string, most int) error {
	return refuse(ErrValidation, "1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have length less than or equal to %d", member, most)
}
