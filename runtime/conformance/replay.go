package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/maprun"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
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
	return c.run(outcomes(c.history()), change)
}

func (c *Case) run(results []*outcome, change func(*graph.Machine, *interp.Execution) (*interp.Execution, error)) (*Replay, error) {
	m, err := c.compile()
	if err != nil {
		return nil, err
	}
	input, err := value.ParseDoc(c.Input)
	if err != nil {
		return nil, fmt.Errorf("the input: %w", err)
	}
	w := &world{outcomes: results, change: change, now: epoch, objects: c.objects}
	w.stop, w.stopAfter = c.stopped()
	if c.history() == nil || hasChildren(m) {
		w.lambdas = c.lambdas
	}
	return w.run(m, c.start(input))
}

// stopped tells how the recorded execution was aborted, and after how many
// events.
func (c *Case) stopped() (*interp.Stopped, int) {
	events := c.history()
	if len(events) == 0 || text(events[len(events)-1], "type") != string(history.ExecutionAborted) {
		return nil, 0
	}
	d := details(events[len(events)-1])
	return &interp.Stopped{Error: recordedText(d.Get("error")), Cause: recordedText(d.Get("cause"))}, len(events) - 1
}

// hasChildren reports whether some of the work is done in executions whose
// histories were not recorded.
func hasChildren(m *graph.Machine) bool {
	return slices.ContainsFunc(m.States, func(s graph.State) bool {
		each, ok := s.(*graph.Map)
		return ok && each.Distributed != nil
	})
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

// A world is what executions see around them: the recording, and the time.
type world struct {
	outcomes []*outcome
	lambdas  value.Value // of tasks without a recorded outcome
	objects  *objects.Memory
	now      time.Time
	change   func(*graph.Machine, *interp.Execution) (*interp.Execution, error)
	// stop aborts the execution once it has recorded stopAfter events and waits;
	// nil if nobody did.
	stop      *interp.Stopped
	stopAfter int
}

// run runs one execution to its end.
func (w *world) run(m *graph.Machine, start *interp.Started) (*Replay, error) {
	d := &driver{
		world: w, machine: m, info: start.Info, execution: interp.New(m),
		timers: map[interp.TimerID]time.Time{}, replay: &Replay{},
	}
	next := []interp.Event{start}
	for range maxSteps {
		var err error
		if next, err = d.step(next); err != nil || d.replay.End != nil {
			return d.replay, err
		}
		if w.change != nil {
			if d.execution, err = w.change(m, d.execution); err != nil {
				return nil, err
			}
		}
	}
	return nil, errors.New("the execution does not end")
}

// A driver carries out the kernel's commands from a recording.
type driver struct {
	*world
	machine   *graph.Machine
	info      interp.Info
	execution *interp.Execution
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
		case *interp.StartMapRun:
			e, err := d.mapRun(c)
			if err != nil {
				return nil, err
			}
			next = append(next, e)
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
	if len(next) == 0 && d.stop != nil && len(d.replay.Events) >= d.stopAfter {
		next = append(next, d.stop)
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

// mapRun runs the children of a distributed Map state one after the other.
func (d *driver) mapRun(c *interp.StartMapRun) (interp.Event, error) {
	r := maprun.New(context.Background(), c, maprun.Options{Objects: d.objects, Parent: d.info, Seed: [2]uint64{3, 4}})
	for {
		if e := r.End(); e != nil {
			return e, nil
		}
		if child := r.Next(d.now); child != nil {
			replay, err := d.world.run(d.machine.Child(c.Map), child.Start)
			if err != nil {
				return nil, err
			}
			r.Done(child, replay.End, d.now)
		}
	}
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
	if c.Kind != KindChoice && c.history() == nil && c.response().IsUndefined() && c.logged() == nil {
		return "unsupported: no history and no result was recorded"
	}
	return ""
}
