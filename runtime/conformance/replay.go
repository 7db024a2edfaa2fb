package conformance

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// epoch is when replayed executions start.
var epoch = time.Date(2024, 2, 29, 12, 0, 0, 123e6, time.UTC)

// A Replay is how a recorded case ran on the kernel.
type Replay struct {
	Events []history.Event
	End    *interp.Complete
}

// errStuck says that an execution waits for something that was not recorded.
var errStuck = errors.New("the execution waits for a task whose outcome was not recorded")

// maxSteps ends a replay that does not end by itself.
const maxSteps = 100_000

// Run executes the case's definition with the outcomes that were recorded.
// Between two steps the execution passes through change, if that is not nil:
// tests write it out and read it back there.
func (c *Case) Run(change func(*graph.Machine, *interp.Execution) (*interp.Execution, error)) (*Replay, error) {
	m, err := c.compile()
	if err != nil {
		return nil, err
	}
	input, err := value.ParseDoc(c.Input)
	if err != nil {
		return nil, fmt.Errorf("the input: %w", err)
	}
	d := &driver{
		execution: interp.New(m), outcomes: outcomes(c.history()), now: epoch,
		timers: map[interp.TimerID]time.Time{}, replay: &Replay{},
	}
	if c.history() == nil {
		d.lambdas = c.lambdas
	}
	next := []interp.Event{c.start(input)}
	for range maxSteps {
		if next, err = d.step(next); err != nil || d.replay.End != nil {
			return d.replay, err
		}
		if change != nil {
			if d.execution, err = change(m, d.execution); err != nil {
				return nil, err
			}
		}
	}
	return nil, errors.New("the execution does not end")
}

func (c *Case) compile() (*graph.Machine, error) {
	document, list := asl.Decode([]byte(c.Definition), "definition.asl.json")
	if err := list.Err(); err != nil {
		return nil, fmt.Errorf("the definition is refused: %w", err)
	}
	m, list := graph.Compile(&document.Machine)
	if err := list.Err(); err != nil {
		return nil, fmt.Errorf("the definition is refused: %w", err)
	}
	return m, nil
}

func (c *Case) start(input *value.Doc) *interp.Started {
	s := &interp.Started{
		Input: input, Limits: interp.StandardLimits(), Seed: [2]uint64{1, 2},
		Info: interp.Info{
			ExecutionID: text(c.names, "execution_arn"), ExecutionName: text(c.names, "execution_name"),
			RoleARN: text(c.names, "role_arn"), StateMachineID: text(c.names, "state_machine_arn"),
			StateMachine: text(c.names, "state_machine_name"), HideRedriveCount: c.Kind == KindExpressSync,
		},
	}
	if c.Express {
		s.Limits = interp.ExpressLimits()
	}
	return s
}

// A driver carries out the kernel's commands from a recording.
type driver struct {
	execution *interp.Execution
	outcomes  []*outcome
	lambdas   value.Value // for cases without a recorded history, else undefined
	now       time.Time
	timers    map[interp.TimerID]time.Time
	// later holds what follows when everything else that happens at this moment
	// has been told.
	later  []interp.Event
	replay *Replay
}

// step tells the kernel what happened and returns what happens next.
func (d *driver) step(events []interp.Event) ([]interp.Event, error) {
	out, err := d.execution.Step(d.now, events...)
	if err != nil {
		return nil, err
	}
	d.replay.Events = append(d.replay.Events, out.Events...)
	var next []interp.Event
	for _, c := range out.Commands {
		switch c := c.(type) {
		case *interp.InvokeTask:
			next = append(next, d.invoke(c)...)
		case *interp.LookupActivity:
			next = append(next, d.lookup(c))
		case *interp.StartTimer:
			d.timers[c.Timer] = c.At
		case *interp.CancelTimer:
			delete(d.timers, c.Timer)
		case *interp.Complete:
			d.replay.End = c
			return nil, nil
		}
	}
	if len(next) == 0 {
		next, d.later = d.later, nil
	}
	if len(next) == 0 {
		next = d.fire()
	}
	if len(next) == 0 {
		return nil, errStuck
	}
	return next, nil
}

// invoke tells that a task has begun, and keeps what comes of it.
func (d *driver) invoke(c *interp.InvokeTask) []interp.Event {
	o := find(d.outcomes, c)
	if o == nil {
		o = d.imitate(c)
	}
	if o == nil {
		return nil
	}
	if o.submitted != nil {
		d.later = append(d.later, &interp.TaskSubmitted{Task: c.Task, Output: o.submitted})
	}
	switch {
	case o.output != nil:
		d.later = append(d.later, &interp.TaskSucceeded{Task: c.Task, Output: o.output})
	case o.failed:
		d.later = append(d.later, &interp.TaskFailed{Task: c.Task, Error: o.err, Cause: o.cause})
	}
	if o.started {
		return []interp.Event{&interp.TaskStarted{Task: c.Task, Worker: o.worker}}
	}
	return nil
}

// lookup finds an activity that was scheduled in the recording.
func (d *driver) lookup(c *interp.LookupActivity) interp.Event {
	for _, o := range d.outcomes {
		if !o.used && (o.state == "" || o.state == c.State) {
			return &interp.ActivityFound{Lookup: c.Lookup}
		}
	}
	return &interp.ActivityMissing{Lookup: c.Lookup}
}

// fire lets the time pass up to the next timer. Timers of one moment fire
// together, in the order in which they were started.
func (d *driver) fire() []interp.Event {
	var due []interp.Event
	var first time.Time
	for id, at := range d.timers {
		if len(due) == 0 || at.Before(first) {
			first, due = at, nil
		}
		if at.Equal(first) {
			due = append(due, &interp.TimerFired{Timer: id})
		}
	}
	sortTimers(due)
	for _, e := range due {
		delete(d.timers, e.(*interp.TimerFired).Timer)
	}
	if first.After(d.now) {
		d.now = first
	}
	return due
}

// unsupported returns why a case cannot be run, empty when it can.
func (c *Case) unsupported() string {
	switch c.Kind {
	case KindExecution, KindChoice, KindExpressSync, KindExpressAsync:
	default:
		return "unsupported: cases of kind " + c.Kind
	}
	if c.Kind != KindChoice && c.history() == nil && c.response().IsUndefined() && !c.recorded.Has("end_event") {
		return "unsupported: no history and no result was recorded"
	}
	if strings.Contains(c.Definition, `"Mode":"DISTRIBUTED"`) {
		return "unsupported: distributed Map"
	}
	return ""
}
