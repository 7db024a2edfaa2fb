package interp

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// Command is something that the kernel asks its driver to do: *InvokeTask,
// *CancelTask, *LookupActivity, *StartMapRun, *StopMapRun, *StartTimer,
// *CancelTimer or *Complete.
type Command interface{ command() }

// InvokeTask asks for one attempt of a task. The driver answers with
// [TaskStarted], [TaskSubmitted], and [TaskSucceeded] or [TaskFailed].
type InvokeTask struct {
	Task  TaskID
	State string // name of the state
	// Resource is the parsed Resource of the state: what to call, and whether
	// to wait for a job or for a token. Shared, not to be changed.
	Resource *graph.Resource
	// Parameters is the effective input; shared, not to be changed.
	Parameters *value.Doc
	// Visit is the visit of the state: the id of the event that entered it.
	Visit int64
	// Attempt counts from 0 within one visit of the state, and again from 0 when it
	// is redriven.
	Attempt int
	// Timeout and Heartbeat are for information: the kernel sets the timers
	// itself, and cancels the task when one of them fires. 0 means none.
	Timeout, Heartbeat time.Duration
	// Token is the task token. Only .waitForTaskToken tasks and activities
	// have one.
	Token string
	// RoleARN is the role of the state's Credentials, empty when it has none.
	RoleARN string
	// Path tells which branches and iterations the task runs in, outermost
	// first; empty for the execution itself.
	Path []Slot
}

// A Slot is one branch of a Parallel state or one iteration of a Map state.
type Slot struct {
	State string // name of the Parallel or Map state
	Index int    // branch or iteration, from 0
}

// CancelTask tells that the result of a task is no longer wanted. An answer
// that arrives nevertheless is refused with [ErrNotPending].
type CancelTask struct{ Task TaskID }

// LookupActivity asks whether an activity exists before it is scheduled. The
// driver answers with [ActivityFound] or [ActivityMissing].
type LookupActivity struct {
	Lookup LookupID
	State  string // name of the state
	ARN    string
}

// StartMapRun asks for the run of a distributed Map state: an execution of
// [graph.Machine.Child] for every item, or batch of items. The driver answers
// with [MapRunSucceeded] or [MapRunFailed].
type StartMapRun struct {
	Run   RunID
	ARN   string
	State string // name of the state
	// Redrives is not 0 when the run with this ARN, which did not succeed, is to
	// go on: what has succeeded of it is not done again.
	Redrives int
	Map      *graph.Map // its definition; Distributed is not nil
	// Items are the items when they are part of the state's data, else nil.
	Items *value.Doc
	// Reader holds the evaluated parameters of the ItemReader, and Writer those
	// of the ResultWriter; nil when the state has none.
	Reader, Writer *value.Doc
	// MaxItems bounds the items that are read; 0 is no bound. It is as the
	// definition says, and may be negative.
	MaxItems int64
	// Selector makes the input of a child from an item.
	Selector *Selector
	Batch    Batch
	// MaxConcurrency is how many children may run at the same time, 0 for no
	// bound of the definition's.
	MaxConcurrency int64
	// The run fails when more items fail than either of these allows.
	ToleratedCount      int64
	ToleratedPercentage float64
	// Path tells which branches and iterations the state runs in, outermost
	// first.
	Path []Slot
}

// StopMapRun tells that the result of a map run is no longer wanted.
type StopMapRun struct{ Run RunID }

// StartTimer asks for [TimerFired] at the given time, which may have passed
// already. A timer never fires early.
type StartTimer struct {
	Timer TimerID
	At    time.Time
}

// CancelTimer tells that a timer is no longer wanted.
type CancelTimer struct{ Timer TimerID }

// Complete tells that the execution has ended. It is the last command.
type Complete struct {
	Status Status
	// Output is set when the execution succeeded.
	Output *value.Doc
	// Error and Cause are set when it failed or was aborted, as far as known.
	Error, Cause *string
}

func (*InvokeTask) command()     {}
func (*CancelTask) command()     {}
func (*LookupActivity) command() {}
func (*StartMapRun) command()    {}
func (*StopMapRun) command()     {}
func (*StartTimer) command()     {}
func (*CancelTimer) command()    {}
func (*Complete) command()       {}

// Status is the state of an execution as DescribeExecution spells it.
type Status string

// The states of an execution. A new execution has the empty status.
const (
	Running   Status = "RUNNING"
	Succeeded Status = "SUCCEEDED"
	Failed    Status = "FAILED"
	TimedOut  Status = "TIMED_OUT"
	Aborted   Status = "ABORTED"
)
