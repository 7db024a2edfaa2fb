package teststate

import (
	"fmt"
	"slices"
	"strings"
)

// A Request is the input of TestState, with the names of its JSON. Members that
// hold JSON hold it as text, as they do on AWS; nil is absent.
type Request struct {
	// Definition is the JSON of a state, or of a whole machine when StateName is
	// given.
	Definition string `json:"definition"`
	// StateName chooses a state of the machine, at any depth.
	StateName *string `json:"stateName,omitempty"`
	// Input is {} when it is absent.
	Input *string `json:"input,omitempty"`
	// InspectionLevel is [Info] when it is empty.
	InspectionLevel Level `json:"inspectionLevel,omitempty"`
	// RoleARN appears in the context object only.
	RoleARN string `json:"roleArn,omitempty"`
	// RevealSecrets is refused beside a mock. What is hidden otherwise is up to the
	// [Wire].
	RevealSecrets bool `json:"revealSecrets,omitempty"`
	// Variables is an object of the variables that exist.
	Variables *string `json:"variables,omitempty"`
	// Context is the context object, as it stands. It needs a mock.
	Context *string `json:"context,omitempty"`
	Mock    *Mock   `json:"mock,omitempty"`
	// Configuration says what came before.
	Configuration *Configuration `json:"stateConfiguration,omitempty"`
}

// A Level says how much a test tells.
type Level string

// The levels. Trace tells besides what an HTTP task sent and got, if the test has
// a [Wire].
const (
	Info  Level = "INFO"
	Debug Level = "DEBUG"
	Trace Level = "TRACE"
)

// A Mock stands in for the work of a Task, Map or Parallel state. It has a
// Result or an ErrorOutput.
type Mock struct {
	Result      *string      `json:"result,omitempty"`
	ErrorOutput *ErrorOutput `json:"errorOutput,omitempty"`
	// FieldValidationMode is [Strict] when it is empty.
	FieldValidationMode Mode `json:"fieldValidationMode,omitempty"`
}

// ErrorOutput is the failure of a mock.
type ErrorOutput struct {
	Error *string `json:"error,omitempty"`
	Cause *string `json:"cause,omitempty"`
}

// A Mode says how a mock's result is checked against the model of the API that
// the task calls. Members that the model does not know are always taken.
type Mode string

// The modes.
const (
	Strict  Mode = "STRICT"  // members are of their types, the required ones are there
	Present Mode = "PRESENT" // members that are there are of their types
	None    Mode = "NONE"    // nothing is checked
)

// A Configuration says what came before the test, or happens inside of it.
type Configuration struct {
	// RetrierRetryCount is how many retries the retrier that covers the error
	// has used.
	RetrierRetryCount *int `json:"retrierRetryCount,omitempty"`
	// ErrorCausedByState names the state inside of a Map or Parallel state that
	// the mocked error comes from.
	ErrorCausedByState *string `json:"errorCausedByState,omitempty"`
	// MapIterationFailureCount is how many iterations have failed. It counts
	// when the Map state says how many it tolerates.
	MapIterationFailureCount *int `json:"mapIterationFailureCount,omitempty"`
	// MapItemReaderData is what the ItemReader of a Map state reads: JSON.
	MapItemReaderData *string `json:"mapItemReaderData,omitempty"`
}

// An Error is the refusal of a request.
type Error struct {
	// Code is AWS's name of the error, such as ValidationException.
	Code    string
	Message string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

func invalid(format string, args ...any) error {
	return &Error{"ValidationException", fmt.Sprintf(format, args...)}
}

// check refuses what no definition can make right.
func (r *Request) check() error {
	if r.StateName != nil && *r.StateName == "" { // the clients of AWS refuse it themselves
		return &Error{"ParamValidationError", "Parameter validation failed:\nInvalid length for parameter stateName, value: 0, valid min length: 1"}
	}
	if err := oneOf("inspectionLevel", r.InspectionLevel, "", Info, Debug, Trace); err != nil {
		return err
	}
	if c := r.Configuration; c != nil && c.RetrierRetryCount != nil && *c.RetrierRetryCount < 0 {
		return constraint("stateConfiguration.retrierRetryCount", fmt.Sprint(*c.RetrierRetryCount), "Member must have value greater than or equal to 0")
	}
	if c := r.Configuration; c != nil && c.MapIterationFailureCount != nil && *c.MapIterationFailureCount < 0 {
		return constraint("stateConfiguration.mapIterationFailureCount", fmt.Sprint(*c.MapIterationFailureCount), "Member must have value greater than or equal to 0")
	}
	m := r.Mock
	if m == nil {
		return r.checkUnmocked()
	}
	if err := oneOf("mock.fieldValidationMode", m.FieldValidationMode, "", Strict, Present, None); err != nil {
		return err
	}
	switch {
	case r.RevealSecrets:
		return invalid("TestState does not support RevealSecrets when a mock is specified.")
	case m.Result != nil && m.ErrorOutput != nil:
		return invalid("A test mock should have only one of the following fields: [result, errorOutput].")
	case m.Result == nil && m.ErrorOutput == nil:
		return invalid("A test mock should have one of the following fields: [result, errorOutput].")
	}
	return nil
}

// checkUnmocked refuses what needs a mock.
func (r *Request) checkUnmocked() error {
	if r.Context != nil {
		return invalid("TestState does not support Context when a mock is not specified.")
	}
	c := r.Configuration
	if c == nil {
		return nil
	}
	for _, field := range []struct {
		name  string
		given bool
	}{
		{"RetrierRetryCount", c.RetrierRetryCount != nil},
		{"ErrorCausedByState", c.ErrorCausedByState != nil},
		{"MapIterationFailureCount", c.MapIterationFailureCount != nil},
		{"MapItemReaderData", c.MapItemReaderData != nil},
	} {
		if field.given {
			return invalid("TestState does not support %s when a mock is not specified.", field.name)
		}
	}
	return nil
}

func oneOf[T ~string](field string, got T, allowed ...T) error {
	if slices.Contains(allowed, got) {
		return nil
	}
	var names []string
	for _, a := range allowed {
		if a != "" {
			names = append(names, string(a))
		}
	}
	return constraint(field, string(got), "Member must satisfy enum value set: ["+strings.Join(names, ", ")+"]")
}

func constraint(field, got, what string) error {
	return invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s", got, field, what)
}
