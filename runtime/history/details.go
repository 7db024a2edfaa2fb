package history

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// Details is the part of an event that depends on its type. It is one of the
// pointer types of this package:
//
//	*Started       ExecutionStarted
//	*Output        ExecutionSucceeded, LambdaFunctionSucceeded, ActivitySucceeded
//	*Failure       ExecutionFailed|Aborted|TimedOut, LambdaFunction…Failed|TimedOut,
//	               Activity…Failed|TimedOut, MapRunFailed
//	*Entered       …StateEntered
//	*Exited        …StateExited
//	*Scheduled     TaskScheduled
//	*Task          TaskStarted
//	*TaskOutput    TaskSubmitted, TaskSucceeded
//	*TaskFailure   TaskFailed, TaskTimedOut, TaskStartFailed, TaskSubmitFailed
//	*Invocation    LambdaFunctionScheduled, ActivityScheduled
//	*Worker        ActivityStarted
//	*Length        MapStateStarted
//	*Iteration     MapIterationStarted|Succeeded|Failed|Aborted
//	*MapRun        MapRunStarted, MapRunRedriven
//	*Redrive       ExecutionRedriven
//	*Evaluation    EvaluationFailed
//
// Details are shared by everybody who holds the event and must not be changed.
type Details interface {
	// fields appends the members of the details object to w.
	fields(w *object)
}

// Started is recorded when an execution begins.
type Started struct {
	// Input is the execution's input, with the very text the caller sent.
	Input *value.Doc
	// RoleARN is the role that the execution assumes.
	RoleARN string
	// AliasARN and VersionARN name what was started, when it was an alias or
	// a version; otherwise they are empty.
	AliasARN, VersionARN string
}

// Output is the result of an execution, of a direct Lambda call or of an
// activity.
type Output struct{ Output *value.Doc }

// Failure says why something failed. A nil text is absent from the history,
// which AWS tells from an empty one.
type Failure struct{ Error, Cause *string }

// Entered is recorded when a state begins, once per visit: a retry does not
// enter the state again.
type Entered struct {
	Name  string
	Input *value.Doc
}

// Exited is recorded when a state ends without failing its thread; a caught
// error counts as an ordinary end.
type Exited struct {
	Name   string
	Output *value.Doc
	// Assigned holds the variables that the exit assigned, in the order of
	// the definition; nil when there were none.
	Assigned []Variable
}

// Variable is an assigned variable with the JSON text of its value.
type Variable struct {
	Name  string
	Value *value.Doc
}

// Scheduled is recorded when a task of a service integration is due.
type Scheduled struct {
	ResourceType string // "lambda", "sqs", "aws-sdk:s3", …
	Resource     string // "invoke", "sendMessage.waitForTaskToken", …
	Region       string
	Parameters   *value.Doc
	// Timeout and Heartbeat are in seconds; 0 means not set.
	Timeout, Heartbeat int64
	// CredentialsRoleARN is the role of the state's Credentials field, empty
	// when it has none.
	CredentialsRoleARN string
}

// Task identifies the integration that an event is about.
type Task struct{ ResourceType, Resource string }

// TaskOutput is what an integration answered.
type TaskOutput struct {
	ResourceType, Resource string
	Output                 *value.Doc
}

// TaskFailure says how an integration failed.
type TaskFailure struct {
	ResourceType, Resource string
	Error, Cause           *string
}

// Invocation is recorded when a Lambda function given by its ARN, or an
// activity, is due.
type Invocation struct {
	Resource string
	Input    *value.Doc
	// Timeout and Heartbeat are in seconds; 0 means not set. Lambda functions
	// have no heartbeat.
	Timeout, Heartbeat int64
	// CredentialsRoleARN is the role of the state's Credentials field, empty
	// when it has none.
	CredentialsRoleARN string
}

// Worker is recorded when a worker takes an activity's task. The name is
// empty when the worker gave none.
type Worker struct{ Name string }

// Length is the number of items of a Map state.
type Length struct{ Length int }

// Iteration identifies one iteration of the Map state with this name; Index
// counts from 0.
type Iteration struct {
	Name  string
	Index int
}

// MapRun identifies the run of a distributed Map state. RedriveCount is 0
// except in MapRunRedriven.
type MapRun struct {
	ARN          string
	RedriveCount int
}

// Redrive is recorded when a failed execution is taken up again.
type Redrive struct{ Count int }

// Evaluation is recorded when a JSONata expression fails. Location is the
// field of the state, such as "Output/total"; it may be empty.
type Evaluation struct {
	State, Location, Error, Cause string
}
