package express

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/table"
)

// An Execution is an execution in memory; see [New]. Its methods may be called by
// several goroutines at the same time.
type Execution struct {
	options Options
	clock   Clock
	virtual bool
	machine *graph.Machine
	caller  invoke.Caller
	ctx     context.Context // has the values of the caller's, and is never done

	mu       sync.Mutex
	inbox    []item
	spare    []item // takes turns with the inbox
	room     [2][1]item
	busy     bool // some goroutine is the loop, or the execution has not begun
	awake    int  // handlers that are running and do not sleep; on a virtual clock
	hurried  bool // they are not waited for any more
	patience *time.Timer

	// Below belongs to the loop.
	kernel     *interp.Execution
	events     []interp.Event // scratch of digest
	alarm      alarm
	running    table.Table[interp.TaskID, *attempt]
	tokens     map[string]*attempt
	activities map[string]*activity
	mapRuns    map[interp.RunID]*mapRun
	life       context.Context // of map runs, from the first on
	endLife    context.CancelFunc
	visits     invoke.Visits
	free       bool        // the loop's goroutine can do a task when its turn is over
	next       *attempt    // which is this one
	unwatch    func() bool // stops waiting for the end of the caller's context
	then       func()      // is called at the end, before the clock may move; may be nil
	aborted    error       // why the caller wanted no more

	result Result
	ended  chan struct{} // closed when result is complete
}

// New returns an execution of a machine that has not begun. It is to be begun
// once, with [Execution.Start] or [Execution.Run].
func New(m *graph.Machine, o Options) (*Execution, error) {
	if m == nil {
		return nil, errors.New("express: no machine to run")
	}
	o.fill()
	_, virtual := o.Clock.(*clock.Virtual)
	x := &Execution{
		options: o, clock: o.Clock, virtual: virtual,
		machine: m,
		caller:  invoke.Caller{Handlers: o.Handlers, HTTP: o.HTTP},
		kernel:  interp.New(m),
		busy:    true,
		ended:   make(chan struct{}),
	}
	x.inbox, x.spare = x.room[0][:0], x.room[1][:0]
	if !x.watched() {
		x.kernel.DiscardEvents()
	}
	x.alarm = alarm{clock: x.clock, ring: func() { x.put(item{call: x.alarm.rung}) }}
	return x, nil
}

// Start begins an execution of a machine; see [New] and [Execution.Start].
func Start(ctx context.Context, m *graph.Machine, input *value.Doc, o Options) (*Execution, error) {
	x, err := New(m, o)
	if err != nil {
		return nil, err
	}
	x.Start(ctx, input)
	return x, nil
}

// Run executes a machine; see [New] and [Execution.Run].
func Run(ctx context.Context, m *graph.Machine, input *value.Doc, o Options) (*Result, error) {
	x, err := New(m, o)
	if err != nil {
		return nil, err
	}
	return x.Run(ctx, input)
}

// Start begins the execution on input (nil means {}) and returns while it runs.
// When ctx is done the execution is stopped as Run says.
func (x *Execution) Start(ctx context.Context, input *value.Doc) {
	if ctx.Done() != nil {
		x.unwatch = context.AfterFunc(ctx, func() { x.Abort(context.Cause(ctx)) })
	}
	x.launch(ctx, input)
}

// Run executes the machine on input (nil means {}) and returns when it has ended,
// however it ended: a failed execution is a Result, not an error.
//
// When ctx is done the execution is stopped (ABORTED), running handlers get
// their context cancelled, and Run returns the result together with the
// context's error.
func (x *Execution) Run(ctx context.Context, input *value.Doc) (*Result, error) {
	x.launch(ctx, input)
	select {
	case <-x.ended:
	case <-ctx.Done():
		x.Abort(context.Cause(ctx))
		<-x.ended
	}
	return &x.result, x.aborted
}

// Info tells what the execution is called.
func (x *Execution) Info() interp.Info { return x.options.Info }

// Done is closed when the execution has ended.
func (x *Execution) Done() <-chan struct{} { return x.ended }

// Wait returns how the execution ended, as Run does. The error is ctx's when
// it is done first; the execution goes on.
func (x *Execution) Wait(ctx context.Context) (*Result, error) {
	select {
	case <-x.ended:
		return &x.result, x.aborted
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Stop aborts the execution, with an error and a cause that may be empty. It
// does nothing when the execution has ended.
func (x *Execution) Stop(name, cause string) {
	stopped := &interp.Stopped{}
	if name != "" {
		stopped.Error = &name
	}
	if cause != "" {
		stopped.Cause = &cause
	}
	x.put(item{event: stopped})
}

// Abort stops the execution because nobody wants its result any more; Run and
// Wait then return the reason too. It does nothing when the execution has ended.
func (x *Execution) Abort(reason error) {
	x.put(item{call: func() {
		if x.kernel.Status() == interp.Running {
			x.aborted = reason
			x.step(&interp.Stopped{})
		}
	}})
}

// launch has the execution begun by another goroutine, which does its first task
// too. What came in before waits behind.
func (x *Execution) launch(ctx context.Context, input *value.Doc) {
	x.ctx = context.WithoutCancel(ctx)
	x.clock.Begin()
	started := &interp.Started{Input: input, Info: x.options.Info, Limits: x.options.limits(), Seed: x.options.Seed}
	x.mu.Lock()
	x.inbox = slices.Insert(x.inbox, 0, item{event: started})
	items := x.take()
	x.mu.Unlock()
	x.options.Hands.Do(func() { x.work(x.loop(items, true)) })
}

// step advances the kernel. An error about an event is of no interest to
// anybody here: a result came too late.
func (x *Execution) step(events ...interp.Event) error { return x.stepAt(x.clock.Now(), events...) }

func (x *Execution) stepAt(now time.Time, events ...interp.Event) error {
	if x.result.Started.IsZero() {
		x.result.Started = now
	}
	out, refused := x.kernel.Step(now, events...)
	invoked, found, over := x.carryOut(now, out, nil)
	for len(found) > 0 && !over {
		out, _ = x.kernel.Step(now, found...)
		invoked, found, over = x.carryOut(now, out, invoked)
	}
	if !over {
		x.invoke(invoked)
	}
	return refused
}

// carryOut does what the kernel asks for after a step, except for the tasks, which
// it appends to those of earlier steps, and the activities that it has found.
func (x *Execution) carryOut(now time.Time, out interp.Output, tasks []*interp.InvokeTask) (invoked []*interp.InvokeTask, found []interp.Event, over bool) {
	x.observe(out.Events)
	for _, c := range out.Commands {
		switch c := c.(type) {
		case *interp.InvokeTask:
			tasks = append(tasks, c)
		case *interp.CancelTask:
			x.forget(c.Task)
		case *interp.LookupActivity:
			found = append(found, x.lookUp(c))
		case *interp.StartMapRun:
			x.startMapRun(c)
		case *interp.StopMapRun:
			x.stopMapRun(c.Run)
		case *interp.StartTimer:
			x.alarm.timers.Set(c.Timer, c.At)
		case *interp.CancelTimer:
			x.alarm.timers.Remove(c.Timer)
		case *interp.Complete:
			x.complete(now, c)
			return nil, nil, true
		}
	}
	return tasks, found, false
}

func (x *Execution) observe(events []history.Event) {
	if !x.options.DiscardHistory {
		x.result.History = append(x.result.History, events...)
	}
	if !x.observed() {
		return
	}
	for _, e := range events {
		if x.options.Observe != nil {
			x.options.Observe(e)
		}
		if x.options.Hook != nil {
			x.options.Hook(x.options.Info.ExecutionID, e)
		}
	}
}

// observed reports whether somebody is told of every event.
func (x *Execution) observed() bool { return x.options.Observe != nil || x.options.Hook != nil }

// watched reports whether anybody sees the history. Where nobody does, the kernel
// can take in the start of a task together with its result.
func (x *Execution) watched() bool { return !x.options.DiscardHistory || x.observed() }

// complete takes note of how the execution ended, and lets go of all that it
// waited for.
func (x *Execution) complete(now time.Time, c *interp.Complete) {
	x.result.Status, x.result.Output, x.result.Stopped = c.Status, c.Output, now
	if c.Error != nil {
		x.result.Error = *c.Error
	}
	if c.Cause != nil {
		x.result.Cause = *c.Cause
	}
	for id := range x.running.All() {
		x.forget(id)
	}
	x.endMapRuns()
	x.alarm.stop()
	if x.unwatch != nil {
		x.unwatch()
	}
	if x.then != nil {
		x.then()
	}
	close(x.ended)
}
