package dsl

// An ErrorMatch names an error: an [ErrorName] or a [Fault].
type ErrorMatch interface {
	errorName() string
}

// An ErrorName is the name of an error, as tasks fail with, as Retry and Catch
// match it and as Fail gives it. A name of your own must not begin with
// "States.".
type ErrorName string

func (e ErrorName) errorName() string { return string(e) }

// The error names that AWS defines.
const (
	AllErrors               = ErrorName("States.ALL")        // every error but States.DataLimitExceeded and States.Runtime; must stand alone
	TaskFailed              = ErrorName("States.TaskFailed") // every error of a task but a timeout
	Timeout                 = ErrorName("States.Timeout")
	HeartbeatTimeout        = ErrorName("States.HeartbeatTimeout")
	Permissions             = ErrorName("States.Permissions")
	DataLimitExceeded       = ErrorName("States.DataLimitExceeded")
	QueryEvaluationError    = ErrorName("States.QueryEvaluationError")
	LambdaUnknown           = ErrorName("Lambda.Unknown")
	LambdaService           = ErrorName("Lambda.ServiceException")
	LambdaAWS               = ErrorName("Lambda.AWSLambdaException")
	LambdaSDK               = ErrorName("Lambda.SdkClientException")
	LambdaTooManyRequests   = ErrorName("Lambda.TooManyRequestsException")
	LambdaClientTimeout     = ErrorName("Lambda.ClientExecutionTimeoutException")
	LambdaResourceNotFound  = ErrorName("Lambda.ResourceNotFoundException")
	SandboxTimedOut         = ErrorName("Sandbox.Timedout")
	ExceedToleratedFailures = ErrorName("States.ExceedToleratedFailureThreshold")
)

// A Fault is an error whose cause is a document of type D, a type of this
// package or a struct of them; see [CatchFault].
type Fault[D any] struct {
	name string
}

// NewFault declares an error with a typed cause.
func NewFault[D any](name string) Fault[D] { return Fault[D]{name} }

func (f Fault[D]) errorName() string { return f.name }

// An Error is a caught error: its name and its cause, a text. A timeout has the
// cause "".
type Error struct {
	Error String
	Cause String
}

func errorNames(errors []ErrorMatch) []string {
	var names []string
	for _, e := range errors {
		names = append(names, e.errorName())
	}
	return names
}

// matched is errorNames with none meaning all.
func matched(errors []ErrorMatch) []string {
	if len(errors) == 0 {
		return []string{string(AllErrors)}
	}
	return errorNames(errors)
}
