package interp

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// A Visit runs one state by itself, outside of any execution, with the code
// that executions run: it is what TestState does. Nothing is retried and
// nothing follows; the answer says what would.
type Visit struct {
	State graph.State
	Input *value.Doc
	// Context is the context object that the state sees, as it stands.
	Context value.Value
	// Variables are those that exist when the state begins.
	Variables []history.Variable
	// Retried is how many retries went before, all by the retrier that covers
	// the error.
	Retried int
	// Region is the region of the history's events; default us-east-1.
	Region string
	Seed   [2]uint64
	// Bare leaves out of causes the sentence that names the state and its event.
	Bare bool
	// Inspect is told what the state makes of its data, stage by stage; nil for
	// nobody. A stage may be told more than once, with the same value.
	Inspect func(Stage, *value.Doc)
	// Answer is asked for what comes of an [*InvokeTask], of a [*StartMapRun],
	// which a Map state without distributed mode makes too, and of an
	// [*ForkBranches]. Its error ends the visit.
	Answer func(Command) (*Answer, error)
}

// An Answer is what came of a command: Output, or Error and Cause.
type Answer struct {
	Output       *value.Doc // nil for a failure
	Error, Cause *string
}

// ForkBranches asks a visit's driver for what the branches of a Parallel state
// give: the list of their outputs. Executions run the branches themselves.
type ForkBranches struct {
	State    string
	Branches int
	Input    *value.Doc
}

func (*ForkBranches) command() {}

// A Stage is one step in the processing of a state's data, with the name that
// it has in TestState's inspectionData.
type Stage string

// The stages, in their order.
const (
	AfterInputPath      Stage = "afterInputPath"
	AfterParameters     Stage = "afterParameters"
	AfterArguments      Stage = "afterArguments"
	AfterItemsPath      Stage = "afterItemsPath"
	AfterResultSelector Stage = "afterResultSelector"
	AfterResultPath     Stage = "afterResultPath"
	// RawResult is the result before anything is selected from it.
	RawResult Stage = "result"
	// Concurrency, ToleratedCount and ToleratedPercentage are numbers of a Map
	// state.
	Concurrency         Stage = "maxConcurrency"
	ToleratedCount      Stage = "toleratedFailureCount"
	ToleratedPercentage Stage = "toleratedFailurePercentage"
)

// Visited is how a visit ended.
type Visited struct {
	// Output is nil when the state failed.
	Output *value.Doc
	// Next is where the execution would go on; nil at the end of a flow, and
	// when the state failed.
	Next graph.State
	// Failed says that an error came up, whether it was caught or not. A nil
	// Error or Cause is absent.
	Failed       bool
	Error, Cause *string
	// Retrier and Catcher are the positions of those that cover the error, -1
	// for none. A retrier that is used up counts.
	Retrier, Catcher int
	// Retry says that the state would be tried again after Delay seconds.
	Retry bool
	Delay float64
	// Variables are those that exist when the state has ended.
	Variables []history.Variable
}

// visiting is what the kernel notes of a visit while it runs.
type visiting struct {
	*Visit
	result Visited
}

// note tells a visit what a stage gave.
func (x *Execution) note(s Stage, d *value.Doc) {
	if x.visit != nil && x.visit.Inspect != nil {
		x.visit.Inspect(s, d)
	}
}

// noteNumber tells a visit a number of a Map state.
func (x *Execution) noteNumber(s Stage, v value.Value) {
	if x.visit != nil {
		x.note(s, value.DocOf(v))
	}
}

// Run makes the visit at the given time. The machine is the one that the state
// is a part of. The error is that of Answer, or says that the state waits for
// something that a visit has not.
func (v *Visit) Run(m *graph.Machine, now time.Time) (*Visited, error) {
	x := New(m)
	x.visit = &visiting{Visit: v, result: Visited{Retrier: -1, Catcher: -1}}
	x.now, x.startedAt, x.burn = now, now, burst
	x.status, x.input = Running, v.Input
	x.info.Region = v.Region
	if x.info.Region == "" {
		x.info.Region = "us-east-1"
	}
	x.random = newSource(v.Seed)
	x.emit(0, history.ExecutionStarted, "", &history.Started{Input: v.Input})
	x.root = thread{flow: v.State.Shared().Flow, vars: v.Variables, attempts: v.Retried, found: true}
	x.root.state, x.root.input, x.root.phase = v.State, v.Input, entering
	x.advance(&x.root)
	for x.running() {
		if err := x.answerVisit(); err != nil {
			return nil, err
		}
		x.run()
	}
	r := &x.visit.result
	r.Variables = x.root.vars
	if r.Cause != nil && v.Bare {
		r.Cause = history.Ref(strings.TrimPrefix(*r.Cause, while(&x.root)))
	}
	return r, nil
}

// answerVisit lets happen what the state waits for.
func (x *Execution) answerVisit() error {
	t := &x.root
	if t.phase == sleeping {
		return x.timerFired(&TimerFired{Timer: t.timer})
	}
	var asked Command
	for _, c := range x.out.Commands {
		switch c.(type) {
		case *InvokeTask, *StartMapRun, *ForkBranches:
			asked = c
		}
	}
	x.out.Commands = nil
	if asked == nil || x.visit.Answer == nil {
		return fmt.Errorf("interp: nothing answers for the state %q", t.state.Shared().Name)
	}
	a, err := x.visit.Answer(asked)
	if err != nil {
		return err
	}
	if a == nil {
		return errors.New("interp: a visit without an answer")
	}
	return x.takeAnswer(asked, a)
}

func (x *Execution) takeAnswer(asked Command, a *Answer) error {
	switch c := asked.(type) {
	case *InvokeTask:
		if a.Output != nil {
			return x.taskSucceeded(&TaskSucceeded{Task: c.Task, Output: a.Output})
		}
		return x.taskFailed(&TaskFailed{Task: c.Task, Error: a.Error, Cause: a.Cause})
	case *StartMapRun:
		if a.Output != nil {
			return x.mapRunSucceeded(&MapRunSucceeded{Run: c.Run, Output: a.Output})
		}
		return x.mapRunFailed(&MapRunFailed{Run: c.Run, Error: a.Error, Cause: a.Cause})
	}
	t := &x.root
	t.reply, t.phase = a.Output, answered
	if a.Output == nil {
		t.fault = &failure{err: a.Error, cause: a.Cause, fatal: a.Error != nil && *a.Error == errRuntime, inner: true}
	}
	x.ready.push(t)
	return nil
}

// left ends a visit with the state's output.
func (v *visiting) left(x *Execution, output *value.Doc, next graph.State) {
	v.result.Output, v.result.Next = output, next
	x.complete(&Complete{Status: Succeeded, Output: output})
}

// failed notes the error of a state before anything handles it.
func (v *visiting) failed(f *failure) {
	v.result.Failed, v.result.Error, v.result.Cause = true, f.err, f.cause
}

// retry notes what the retrier i does about an error. It reports whether the
// state would be tried again, which ends the visit.
func (v *visiting) retry(x *Execution, r *graph.Retrier, i int) bool {
	v.result.Retrier = i
	if int64(v.Retried) >= r.MaxAttempts {
		return false
	}
	v.result.Retry, v.result.Delay = true, x.delay(r, v.Retried)
	x.root.phase = ended
	x.complete(&Complete{Status: Failed})
	return true
}
