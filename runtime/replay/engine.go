package replay

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/maprun"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
)

// An Execution is how an execution went.
type Execution struct {
	Events []history.Event
	End    *interp.Complete // nil when it did not end
}

// A StuckError says that an execution waits for tasks whose outcomes were not
// recorded. It has none when it waits for something else.
type StuckError struct{ Tasks []*interp.InvokeTask }

// Error names the first of the tasks.
func (e *StuckError) Error() string {
	if len(e.Tasks) == 0 {
		return "the execution waits for something that was not recorded"
	}
	t := e.Tasks[0]
	return fmt.Sprintf("the execution waits for a task whose outcome was not recorded: state %q, attempt %d of %s",
		t.State, t.Attempt+1, t.Resource.ARN)
}

// maxSteps ends a replay that does not end by itself.
const maxSteps = 1_000_000

// A World is what executions see around them: the recording, and the time. The
// time is virtual. A World is used by one goroutine.
type World struct {
	Outcomes []*Outcome
	// Imitate answers a task without a recorded outcome; nil, also as its
	// answer, leaves it waiting.
	Imitate func(*interp.InvokeTask) *Outcome
	// Find finds the outcome of a task among those that no task has used; nil is
	// the next of the task's state and iteration.
	Find func([]*Outcome, *interp.InvokeTask) *Outcome
	// MapRun answers for the run of a distributed Map state. Nil executes its
	// children, with items from Objects.
	MapRun  func(*interp.StartMapRun) (interp.Event, error)
	Objects objects.Store
	// Now is the time. It advances to the next timer when nothing else happens.
	Now time.Time
	// Timed lets outcomes come in the order and at the times that were recorded.
	// Otherwise they come at once.
	Timed bool
	// Change may replace the execution between two steps; nil leaves it.
	Change func(*graph.Machine, *interp.Execution) (*interp.Execution, error)
	// Stop aborts the execution once it has recorded StopAfter events and waits;
	// nil if nobody did.
	Stop      *interp.Stopped
	StopAfter int
	// Redrives are when the execution was redriven after it had ended.
	Redrives []time.Time
}

// Run runs one execution to its end. When it gets stuck it returns how far it
// came beside the [*StuckError].
func (w *World) Run(m *graph.Machine, start *interp.Started) (*Execution, error) {
	d := &driver{
		World: w, machine: m, info: start.Info, execution: interp.New(m),
		timers: map[interp.TimerID]time.Time{}, done: &Execution{}, redrives: w.Redrives,
	}
	next := []interp.Event{start}
	for range maxSteps {
		var err error
		if next, err = d.step(next); err != nil || d.done.End != nil {
			return d.done, err
		}
		if w.Change != nil {
			if d.execution, err = w.Change(m, d.execution); err != nil {
				return nil, err
			}
		}
	}
	return nil, errors.New("the execution does not end")
}

// A driver carries out the kernel's commands from a recording.
type driver struct {
	*World
	machine   *graph.Machine
	info      interp.Info
	execution *interp.Execution
	timers    map[interp.TimerID]time.Time
	// later holds what follows when everything else that happens at this moment
	// has been told.
	later    []interp.Event
	timed    queue                // what follows at its time
	stuck    []*interp.InvokeTask // tasks without an outcome
	redrives []time.Time          // those to come
	done     *Execution
}

// step tells the kernel what happened and returns what happens next.
func (d *driver) step(events []interp.Event) ([]interp.Event, error) {
	out, err := d.execution.Step(d.Now, events...)
	if err != nil {
		return nil, err
	}
	d.done.Events = append(d.done.Events, out.Events...)
	var next []interp.Event
	for _, c := range out.Commands {
		switch c := c.(type) {
		case *interp.InvokeTask:
			next = append(next, d.invoke(c)...)
		case *interp.CancelTask:
			d.timed.drop(c.Task)
			d.stuck = slices.DeleteFunc(d.stuck, func(t *interp.InvokeTask) bool { return t.Task == c.Task })
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
			return d.ends(c), nil
		}
	}
	return d.happens(next)
}

// ends ends the execution, unless it was redriven: then it goes on.
func (d *driver) ends(c *interp.Complete) []interp.Event {
	if len(d.redrives) == 0 || c.Status == interp.Succeeded {
		d.done.End = c
		return nil
	}
	if at := d.redrives[0]; at.After(d.Now) {
		d.Now = at
	}
	d.redrives, d.timed, d.later, d.stuck = d.redrives[1:], nil, nil, nil
	clear(d.timers)
	return []interp.Event{&interp.Redriven{}}
}

// happens returns what happens next: what has happened already, or else what the
// recording or the clock brings.
func (d *driver) happens(next []interp.Event) ([]interp.Event, error) {
	if len(next) == 0 {
		next, d.later = d.later, nil
	}
	if len(next) == 0 && d.Stop != nil && len(d.done.Events) >= d.StopAfter {
		next = append(next, d.Stop)
	}
	if len(next) == 0 {
		next = d.timed.pop(d)
	}
	if len(next) == 0 && d.Timed && len(d.stuck) > 0 {
		return nil, &StuckError{d.stuck} // it would have gone on by that task, not by a timeout
	}
	if len(next) == 0 {
		next = d.fire()
	}
	if len(next) == 0 {
		return nil, &StuckError{d.stuck}
	}
	return next, nil
}

// invoke tells that a task has begun, and keeps what comes of it.
func (d *driver) invoke(c *interp.InvokeTask) []interp.Event {
	find := d.Find
	if find == nil {
		find = next
	}
	o := find(d.Outcomes, c)
	if o != nil {
		o.used = true
	} else if d.Imitate != nil {
		o = d.Imitate(c)
	}
	if o == nil {
		d.stuck = append(d.stuck, c)
		return nil
	}
	var end interp.Event
	switch {
	case o.Output != nil:
		end = &interp.TaskSucceeded{Task: c.Task, Output: o.Output}
	case o.Failed:
		end = &interp.TaskFailed{Task: c.Task, Error: o.Error, Cause: o.Cause}
	}
	if d.Timed {
		d.timed.add(c, o, end)
		return nil
	}
	if o.Submitted != nil {
		d.later = append(d.later, &interp.TaskSubmitted{Task: c.Task, Output: o.Submitted})
	}
	if end != nil {
		d.later = append(d.later, end)
	}
	if o.Started {
		return []interp.Event{&interp.TaskStarted{Task: c.Task, Worker: o.Worker}}
	}
	return nil
}

// mapRun answers for a distributed Map state, or runs its children one after the
// other.
func (d *driver) mapRun(c *interp.StartMapRun) (interp.Event, error) {
	if d.MapRun != nil {
		return d.MapRun(c)
	}
	r := maprun.New(context.Background(), c, maprun.Options{Objects: d.Objects, Parent: d.info, Seed: [2]uint64{3, 4}})
	for {
		if e := r.End(); e != nil {
			return e, nil
		}
		if child := r.Next(d.Now); child != nil {
			done, err := d.World.Run(d.machine.Child(c.Map), child.Start)
			if err != nil {
				return nil, err
			}
			r.Done(child, done.End, d.Now)
		}
	}
}

// lookup finds an activity that was scheduled in the recording.
func (d *driver) lookup(c *interp.LookupActivity) interp.Event {
	for _, o := range d.Outcomes {
		if !o.used && (o.State == "" || o.State == c.State) {
			return &interp.ActivityFound{Lookup: c.Lookup}
		}
	}
	return &interp.ActivityMissing{Lookup: c.Lookup}
}

// due returns the time of the next timer.
func (d *driver) due() (first time.Time, ok bool) {
	for _, at := range d.timers {
		if !ok || at.Before(first) {
			first, ok = at, true
		}
	}
	return first, ok
}

// fire lets the time pass up to the next timer. Timers of one moment fire
// together, in the order in which they were started.
func (d *driver) fire() []interp.Event {
	first, _ := d.due()
	var ids []interp.TimerID
	for id, at := range d.timers {
		if at.Equal(first) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var due []interp.Event
	for _, id := range ids {
		delete(d.timers, id)
		due = append(due, &interp.TimerFired{Timer: id})
	}
	if first.After(d.Now) {
		d.Now = first
	}
	return due
}

// A queue holds what was recorded of running tasks, in the recorded order.
type queue []moment

// A moment is something that happens to a task.
type moment struct {
	id    int64 // of the recorded event
	at    time.Time
	task  interp.TaskID
	event interp.Event
}

// maxBeats bounds the heartbeats that are made up for one task.
const maxBeats = 10_000

// add puts the outcome of a task into the queue. Histories do not have the
// heartbeats of a task that came to its end, so they are made up.
func (q *queue) add(c *interp.InvokeTask, o *Outcome, end interp.Event) {
	t := c.Task
	first := timeOf(o.Event)
	if o.Started {
		*q = append(*q, momentOf(o.started, t, &interp.TaskStarted{Task: t, Worker: o.Worker}))
	}
	if o.Submitted != nil {
		*q = append(*q, momentOf(o.submitted, t, &interp.TaskSubmitted{Task: t, Output: o.Submitted}))
	}
	if end != nil {
		m := momentOf(o.ended, t, end)
		*q = append(*q, m)
		for at, n := first, 0; c.Heartbeat > 0 && at.Before(m.at) && n < maxBeats; at, n = at.Add(c.Heartbeat/2), n+1 {
			*q = append(*q, moment{at: at, task: t, event: &interp.TaskHeartbeat{Task: t}})
		}
	}
	slices.SortStableFunc(*q, func(a, b moment) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id))
	})
}

// drop forgets a task.
func (q *queue) drop(t interp.TaskID) {
	*q = slices.DeleteFunc(*q, func(m moment) bool { return m.task == t })
}

// pop returns the next that was recorded, unless a timer is due before.
func (q *queue) pop(d *driver) []interp.Event {
	if len(*q) == 0 {
		return nil
	}
	m := (*q)[0]
	if due, ok := d.due(); ok && due.Before(m.at) {
		return nil
	}
	*q = (*q)[1:]
	if m.at.After(d.Now) {
		d.Now = m.at
	}
	return []interp.Event{m.event}
}
