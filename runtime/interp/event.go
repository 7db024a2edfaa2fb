package interp

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A TaskID names one attempt of one task. It is the id of the history event
// that scheduled the attempt, hence unique in its execution.
type TaskID int64

// A TimerID names a timer. It is unique in its execution.
type TimerID int64

// Event is something that happened outside and that the kernel has to take
// into account: *Started, *ActivityFound, *ActivityMissing,
// *TaskStarted, *TaskSubmitted, *TaskSucceeded, *TaskFailed, *TaskHeartbeat,
// *MapRunSucceeded, *MapRunFailed, *TimerFired, *Stopped or
// *Redriven.
type Event interface{ event() }

// Started begins the execution. It is the first event and comes once.
type Started struct {
	// Input is the execution's input; nil means {}.
	Input *value.Doc
	// Info is what the context object and the history tell about the execution.
	Info Info
	// Limits bound the execution; the zero Limits are those of Express.
	Limits Limits
	// Seed feeds everything random in the execution: jitter, task tokens,
	// $random, States.UUID. Two executions with equal seeds draw equal values.
	Seed [2]uint64
}

// Info identifies an execution. The texts appear in the context object as they
// stand; the kernel gives them no meaning.
type Info struct {
	ExecutionID    string // ARN
	ExecutionName  string
	RoleARN        string
	StateMachineID string // ARN
	StateMachine   string // name
	Region         string // default us-east-1
	// AliasARN and VersionARN name what was started, when not the machine.
	AliasARN, VersionARN string
	// HideRedriveCount leaves RedriveCount out of the context object, as the
	// synchronous Express executions of AWS do.
	HideRedriveCount bool
	// RedriveCount is how often the execution was redriven.
	RedriveCount int
}

// Limits are the bounds that differ between the kinds of executions. The
// limits on the size of documents and variables are the same for all.
type Limits struct {
	// Events is the number of history events that an execution may have, 0 for
	// no limit. Standard executions have 25,000.
	Events int64
	// Duration bounds the execution, in addition to the definition's own
	// TimeoutSeconds; 0 for no limit. Express executions have five minutes,
	// Standard ones a year.
	Duration time.Duration
}

// StandardLimits are the limits of a Standard execution on AWS.
func StandardLimits() Limits { return Limits{Events: 25000, Duration: 365 * 24 * time.Hour} }

// ExpressLimits are the limits of an Express execution on AWS.
func ExpressLimits() Limits { return Limits{Duration: 5 * time.Minute} }

// A LookupID names a question about an activity. It is unique in its execution.
type LookupID int64

// ActivityFound answers [LookupActivity]: the activity exists.
type ActivityFound struct{ Lookup LookupID }

// ActivityMissing answers [LookupActivity]: there is no such activity, which
// fails the execution.
type ActivityMissing struct{ Lookup LookupID }

// TaskStarted reports that the work on a task has begun. The task's timeout
// counts from here. A driver may leave it out when the result follows at once;
// the kernel then records both.
type TaskStarted struct {
	Task TaskID
	// Worker is the name that the worker of an activity gave, if any.
	Worker string
}

// TaskSubmitted reports that the request behind a .sync or .waitForTaskToken
// task was accepted. Output is what the service answered.
type TaskSubmitted struct {
	Task   TaskID
	Output *value.Doc
}

// TaskSucceeded reports a task's result.
type TaskSucceeded struct {
	Task   TaskID
	Output *value.Doc
}

// TaskFailed reports a task's failure. A nil Error or Cause was not given,
// which AWS tells from an empty one.
type TaskFailed struct {
	Task         TaskID
	Error, Cause *string
}

// TaskHeartbeat reports a sign of life. It restarts the heartbeat clock only
// and leaves no trace in the history.
type TaskHeartbeat struct{ Task TaskID }

// MapRunSucceeded reports the result of a map run.
type MapRunSucceeded struct {
	Run    RunID
	Output *value.Doc
}

// MapRunFailed reports the failure of a map run.
type MapRunFailed struct {
	Run          RunID
	Error, Cause *string
}

// TimerFired reports that the time of a timer has come.
type TimerFired struct{ Timer TimerID }

// Stopped aborts the execution on request.
type Stopped struct{ Error, Cause *string }

func (*Started) event()         {}
func (*ActivityFound) event()   {}
func (*ActivityMissing) event() {}
func (*TaskStarted) event()     {}
func (*TaskSubmitted) event()   {}
func (*TaskSucceeded) event()   {}
func (*TaskFailed) event()      {}
func (*TaskHeartbeat) event()   {}
func (*MapRunSucceeded) event() {}
func (*MapRunFailed) event()    {}
func (*TimerFired) event()      {}
func (*Stopped) event()         {}
