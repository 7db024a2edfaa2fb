package express

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
)

// An Execution is a running execution; see [Start]. Its methods may be called by
// several goroutines at the same time.
type Execution struct {
	options Options
	clock   Clock
	virtual bool
	machine *graph.Machine
	kernel  *interp.Execution
	caller  invoke.Caller
	ctx     context.Context // has the values of the caller's, and is never done

	inbox inbox
	// Below belongs to the goroutine that runs the loop.
	alarm      alarm
	running    map[interp.TaskID]*attempt
	tokens     map[string]*attempt
	activities map[string]*activity
	mapRuns    map[interp.RunID]*mapRun
	life       context.Context // of map runs, from the first on
	endLife    context.CancelFunc
	visits     invoke.Visits
	aborted    error // why the caller of Run wanted no more
	// lent says that the goroutine of a handler that has returned is the loop for
	// one turn; it does the task that is next afterwards.
	lent bool
	next *attempt

	awake  atomic.Int64  // handlers that are running and do not sleep
	rested chan struct{} // has one element after awake came down to 0

	result Result
	ended  chan struct{} // closed when result is complete
}

// Start begins an execution of a machine on input (nil means {}) and returns
// while it runs. When ctx is done the execution is stopped as [Run] says.
func Start(ctx context.Context, m *graph.Machine, input *value.Doc, o Options) (*Execution, error) {
	x, err := newExecution(m, o)
	if err != nil {
		return nil, err
	}
	x.clock.Begin()
	x.options.Hands.Do(func() {
		defer x.clock.End()
		x.run(ctx, input)
	})
	return x, nil
}

// Run executes a machine on input (nil means {}) and returns when it has
// ended, however it ended: a failed execution is a Result, not an error. The
// error is about running it at all.
//
// When ctx is done the execution is stopped (ABORTED), running handlers get
// their context cancelled, and Run returns the result together with the
// context's error.
func Run(ctx context.Context, m *graph.Machine, input *value.Doc, o Options) (*Result, error) {
	x, err := newExecution(m, o)
	if err != nil {
		return nil, err
	}
	x.clock.Begin()
	defer x.clock.End()
	x.run(ctx, input)
	return &x.result, x.aborted
}

func newExecution(m *graph.Machine, o Options) (*Execution, error) {
	if m == nil {
		return nil, errors.New("express: no machine to run")
	}
	o.fill()
	_, virtual := o.Clock.(*clock.Virtual)
	x := &Execution{
		options: o, clock: o.Clock, virtual: virtual,
		machine: m,
		kernel:  interp.New(m),
		caller:  invoke.Caller{Handlers: o.Handlers, HTTP: o.HTTP},
		inbox:   inbox{clock: o.Clock, ready: make(chan struct{}, 1)},
		running: make(map[interp.TaskID]*attempt),
		ended:   make(chan struct{}),
	}
	if virtual {
		x.rested = make(chan struct{}, 1)
	}
	x.alarm = alarm{clock: x.clock, ring: func() { x.inbox.put(item{call: x.alarm.rung}) }}
	return x, nil
}

// Info tells what the execution is called.
func (x *Execution) Info() interp.Info { return x.options.Info }

// Done is closed when the execution has ended.
func (x *Execution) Done() <-chan struct{} { return x.ended }

// Wait returns how the execution ended, as [Run] does. The error is ctx's when
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
	x.inbox.put(item{event: stopped})
}

// run is the loop: it hands to the kernel what has happened, and carries out
// what the kernel asks for, until the execution has ended. The caller has begun
// something on the clock, so that it stands still except while the loop waits.
func (x *Execution) run(ctx context.Context, input *value.Doc) {
	x.ctx = context.WithoutCancel(ctx)
	if ctx.Done() != nil {
		defer context.AfterFunc(ctx, func() { x.inbox.put(item{call: func() { x.abort(ctx) }}) })()
	}
	defer x.endMapRuns()
	defer x.alarm.stop()

	x.result.Started = x.clock.Now()
	x.stepAt(x.result.Started, &interp.Started{Input: input, Info: x.options.Info, Limits: x.options.limits(), Seed: x.options.Seed})
	for x.kernel.Status() == interp.Running {
		x.receive()
	}
	for id := range x.running {
		x.forget(id)
	}
	close(x.ended)
}

// abort stops the execution because its caller wants no more.
func (x *Execution) abort(ctx context.Context) {
	if x.kernel.Status() == interp.Running {
		x.aborted = context.Cause(ctx)
		x.step(&interp.Stopped{})
	}
}

// receive waits for something to happen and deals with it.
func (x *Execution) receive() {
	now := x.clock.Now()
	events := x.alarm.take(now, nil)
	if len(events) == 0 {
		x.alarm.arm()
		x.inbox.wait()
		x.settle()
		now = x.clock.Now()
	}
	items := x.inbox.take()
	if x.virtual {
		slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.order(), b.order()) })
	}
	x.digest(now, items, events)
}

// digest deals with what has happened.
func (x *Execution) digest(now time.Time, items []item, events []interp.Event) {
	for _, i := range items {
		switch {
		case i.call != nil:
			i.call()
		case i.from != nil:
			events = x.accept(i.from, i.event, events)
		default:
			events = append(events, i.event)
		}
	}
	if events = x.alarm.take(now, events); len(events) > 0 {
		x.stepAt(now, events...)
	}
}

// proceed deals with what came of a task in the goroutine of its handler, if the
// loop has nothing else to do, and returns the next task for this goroutine: a
// chain of tasks needs no change of goroutines. The inbox is for all else that
// happens, also while the next handler runs. It returns nil when there is no
// such task.
func (x *Execution) proceed(a *attempt) (next *attempt) {
	if x.virtual || x.observed() || !x.inbox.claim() {
		a.flush()
		return nil
	}
	result := item{event: a.last, from: a}
	a.last = nil
	x.lent = true
	x.digest(x.clock.Now(), []item{result}, nil)
	next, x.next, x.lent = x.next, nil, false
	over := x.kernel.Status() != interp.Running
	if !over {
		x.alarm.arm()
	}
	x.inbox.release(over)
	return next
}

// patience is how long, in real time, a virtual clock's execution waits for the
// other handlers after one has answered.
const patience = 250 * time.Millisecond

// settle makes executions on a virtual clock reproducible: results of handlers
// that run at the same virtual time are taken in together and in the order of the
// tasks, whichever is ready first. A handler that waits for what another state
// does later would never end if all were waited for; hence the patience.
func (x *Execution) settle() {
	if !x.virtual || x.awake.Load() == 0 {
		return
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for x.awake.Load() > 0 {
		select {
		case <-x.rested:
		case <-timer.C:
			return
		}
	}
}

// step advances the kernel. An error about an event is of no interest to
// anybody here: a result came too late.
func (x *Execution) step(events ...interp.Event) error { return x.stepAt(x.clock.Now(), events...) }

func (x *Execution) stepAt(now time.Time, events ...interp.Event) error {
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

// observed reports whether somebody is told of every event, which is to happen in
// the goroutine of the loop.
func (x *Execution) observed() bool { return x.options.Observe != nil || x.options.Hook != nil }

func (x *Execution) complete(now time.Time, c *interp.Complete) {
	x.result.Status, x.result.Output, x.result.Stopped = c.Status, c.Output, now
	if c.Error != nil {
		x.result.Error = *c.Error
	}
	if c.Cause != nil {
		x.result.Cause = *c.Cause
	}
}
