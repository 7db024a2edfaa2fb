package flow

import (
	"encoding/json"
	"strings"
)

// A Declared error knows its name in the workflow and its cause.
type Declared interface {
	error
	ErrorName() string
	ErrorCause() string
}

// Text is the text of a declared error.
func Text(e Declared) string {
	if cause := e.ErrorCause(); cause != "" {
		return e.ErrorName() + ": " + cause
	}
	return e.ErrorName()
}

// Same reports whether an error is an E, whatever its cause.
func Same[E error](err error) bool {
	_, ok := err.(E)
	return ok
}

// Cause writes the document of a fault's cause.
func Cause(document any) string {
	text, err := Encode(document)
	if err != nil { // a document that is no JSON, such as a NaN: say why
		return err.Error()
	}
	return string(text)
}

// Fault returns how to make an error with a typed cause. A cause of another type
// gives no error of that kind.
func Fault[D any](of func(cause D) error) func(cause string) error {
	return func(text string) error {
		var cause D
		if json.Unmarshal([]byte(text), &cause) != nil {
			return nil
		}
		return of(cause)
	}
}

// None is the type of no input and of no output.
type None = struct{}

// Errors are the errors that a generated package declares, by their names in the
// workflow: each makes the Go error of a cause.
type Errors map[string]func(cause string) error

// Find returns the declared error; nil if there is none of that name, or if the
// cause is not of its type.
func (e Errors) Find(name, cause string) error {
	declared := e[name]
	if declared == nil {
		return nil
	}
	// What a Lambda function says is the error's text, which begins with its name.
	return declared(strings.TrimPrefix(message(cause), name+": "))
}

// message takes the message out of the cause that the failure of a Lambda
// function has: {"errorMessage": …, "errorType": …}.
func message(cause string) string {
	if !strings.HasPrefix(cause, "{") {
		return cause
	}
	var lambda struct {
		Message *string `json:"errorMessage"`
		Type    *string `json:"errorType"`
	}
	if json.Unmarshal([]byte(cause), &lambda) != nil || lambda.Message == nil || lambda.Type == nil {
		return cause
	}
	return *lambda.Message
}
