package standard

import (
	"context"
	"sync"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/table"
)

// A run is an execution in memory.
type run struct {
	engine  *Engine
	machine *machine
	row     store.Execution // as it is in the store, or will be
	info    interp.Info

	input *value.Doc
	over  bool // everybody knows that it has ended; guarded by Engine.mu

	load    sync.Once // reads the journal
	loadErr error

	mu    sync.Mutex
	inbox []item
	busy  bool  // somebody advances the kernel, or a batch is not durable yet
	gone  bool  // left memory: whoever holds it has to get another
	dead  error // why nothing more happens to it: the store has failed

	// Below belongs to whoever made the run busy.
	kernel *interp.Execution
	timers clock.Timers[interp.TimerID]
	tasks  table.Table[interp.TaskID, *attempt]
	maps   map[interp.RunID]*mapRun // nil until there is one
	graph  *graph.Machine
	visits invoke.Visits
	seq    int64     // last entry of the journal
	next   time.Time // when the run is looked after; zero is never
}

// An item is something that happens to a run. Both functions may be nil.
type item struct {
	// events returns what the kernel has to know. It may add to the write.
	events func(r *run, w *write) []interp.Event
	// done is called when what followed is durable, or with an error when that
	// failed.
	done func(error)
}

func (i item) answer(err error) {
	if i.done != nil {
		i.done(err)
	}
}

// deliver puts an item into the inbox of a run, and reads the run into memory
// when it is not there. The error is about that; what becomes of the item, its
// done tells.
func (e *Engine) deliver(id int64, i item) error {
	for {
		r, err := e.run(id)
		if err != nil {
			return err
		}
		if r.put(i) {
			return nil
		}
	}
}

// ask delivers an item and waits for what came of it.
func (e *Engine) ask(ctx context.Context, id int64, events func(r *run, w *write) []interp.Event) error {
	done := make(chan error, 1)
	if err := e.deliver(id, item{events: events, done: func(err error) { done <- err }}); err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run returns a run, read from the store if need be.
func (e *Engine) run(id int64) (*run, error) {
	e.mu.Lock()
	if e.failed != nil {
		e.mu.Unlock()
		return nil, e.failed
	}
	r := e.live[id]
	if r == nil {
		r = &run{engine: e, row: store.Execution{ID: id}}
		e.live[id] = r
	}
	e.mu.Unlock()
	r.load.Do(r.read)
	if r.loadErr != nil {
		e.mu.Lock()
		if e.live[id] == r {
			delete(e.live, id)
		}
		e.mu.Unlock()
	}
	return r, r.loadErr
}

// put adds an item and processes the inbox unless somebody is at it. It returns
// false when the run has left memory.
func (r *run) put(i item) bool {
	r.mu.Lock()
	if r.gone {
		r.mu.Unlock()
		return false
	}
	if err := r.dead; err != nil {
		r.mu.Unlock()
		i.answer(err)
		return true
	}
	r.inbox = append(r.inbox, i)
	if r.busy {
		r.mu.Unlock()
		return true
	}
	r.busy = true
	r.mu.Unlock()
	r.engine.begin()
	r.process()
	return true
}

// process takes what is in the inbox, advances the kernel and submits what
// follows. When the inbox is empty the run is idle again. Only one goroutine at a
// time is at this: the one that made the run busy, and then the one that is told
// that the batch is durable.
func (r *run) process() {
	for {
		r.mu.Lock()
		if len(r.inbox) == 0 {
			r.rest()
			return
		}
		w := r.engine.newWrite(r, r.engine.now())
		w.items, r.inbox = r.inbox, w.items
		r.mu.Unlock()
		if r.advance(w) {
			r.engine.store.Submit(&w.batch, w.written)
			return
		}
		w.answer(nil)
		w.recycle()
	}
}

// die tells everybody that nothing more happens to the run.
func (r *run) die(err error) {
	r.mu.Lock()
	items := r.inbox
	r.inbox, r.dead = nil, err
	r.mu.Unlock()
	for _, i := range items {
		i.answer(err)
	}
}

// rest makes the run idle, and has it leave memory when it need not be there.
// r.mu is held, and is released.
func (r *run) rest() {
	e := r.engine
	idle, next := r.idle()
	e.mu.Lock()
	if idle && e.live[r.row.ID] == r {
		delete(e.live, r.row.ID)
		delete(e.liveNames, nameKey{r.row.Machine, r.row.Name})
	}
	if next.IsZero() || !next.Equal(r.next) { // who took the machine up may have set one
		e.wake(r.row.ID, next)
	}
	e.mu.Unlock()
	r.busy, r.gone, r.next = false, idle, next
	r.mu.Unlock()
	e.end()
}

// linger is how soon a timer must be due for its run to stay in memory.
const linger = 2 * time.Second

// idle tells whether the run may leave memory, and when it has to be looked
// after again; zero is never.
func (r *run) idle() (idle bool, next time.Time) {
	if r.kernel == nil || r.kernel.Status() != interp.Running {
		return true, time.Time{}
	}
	idle = len(r.maps) == 0
	for _, a := range r.tasks.All() {
		if a.local && !a.submitted {
			idle = false
		}
	}
	if at, ok := r.timers.Next(); ok {
		next = at
		if at.Before(r.engine.clock.Now().Add(linger)) {
			idle = false
		}
	}
	return idle, next
}

// advance hands to the kernel what has happened and prepares the batch. It
// returns false when nothing has happened. Timers that are due at the same time
// are one step, as they are on AWS; each item is a step of its own, so that the
// next one sees what came of it: of two answers to a token, one is late.
func (r *run) advance(w *write) bool {
	if events := w.fired(); len(events) > 0 {
		w.step(events)
	}
	for _, i := range w.items {
		if i.events == nil {
			continue
		}
		if events := i.events(r, w); len(events) > 0 {
			w.step(events)
		}
	}
	if len(w.data) == 0 {
		return false
	}
	w.finish()
	return true
}

// A ledger is told what changes about a run's tasks. It is nil while the journal
// is read back.
type ledger interface {
	begun(a *attempt)
	over(a *attempt)
	mapBegun(m *mapRun)
	mapOver(m *mapRun)
}

// apply keeps the driver's books by what the kernel was told and asked for, alike
// when things happen and when the journal is read back.
func (r *run) apply(events []interp.Event, commands []interp.Command, l ledger) {
	for _, e := range events {
		r.note(e, l)
	}
	for _, c := range commands {
		switch c := c.(type) {
		case *interp.InvokeTask:
			a := r.newAttempt(c)
			r.tasks.Set(c.Task, a)
			if l != nil {
				l.begun(a)
			}
		case *interp.CancelTask:
			r.drop(c.Task, l)
		case *interp.StartMapRun:
			m := &mapRun{command: c}
			if r.maps == nil {
				r.maps = make(map[interp.RunID]*mapRun)
			}
			r.maps[c.Run] = m
			if l != nil {
				l.mapBegun(m)
			}
		case *interp.StopMapRun:
			r.dropMap(c.Run, l)
		case *interp.StartTimer:
			r.timers.Set(c.Timer, c.At)
		case *interp.CancelTimer:
			r.timers.Remove(c.Timer)
		}
	}
	if r.kernel.Status() != interp.Running {
		for id := range r.tasks.All() {
			r.drop(id, l)
		}
		for id := range r.maps {
			r.dropMap(id, l)
		}
		r.timers = clock.Timers[interp.TimerID]{}
	}
}

func (r *run) note(e interp.Event, l ledger) {
	switch e := e.(type) {
	case *interp.Started:
		r.input = e.Input
	case *interp.TaskStarted:
		if a := r.tasks.Get(e.Task); a != nil {
			a.started = true
			a.local = a.local && (a.task.Resource.Kind != graph.Activity || e.Worker == invoke.Worker)
		}
	case *interp.TaskSubmitted:
		// Behind .sync it is the handler that goes on with the job.
		if a := r.tasks.Get(e.Task); a != nil {
			a.submitted = a.task.Resource.Pattern == graph.Callback
		}
	case *interp.TaskSucceeded:
		r.drop(e.Task, l)
	case *interp.TaskFailed:
		r.drop(e.Task, l)
	case *interp.MapRunSucceeded:
		r.dropMap(e.Run, l)
	case *interp.MapRunFailed:
		r.dropMap(e.Run, l)
	case *interp.TimerFired:
		r.timers.Remove(e.Timer)
	}
}

func (r *run) dropMap(id interp.RunID, l ledger) {
	m := r.maps[id]
	if m == nil {
		return
	}
	delete(r.maps, id)
	if l != nil {
		l.mapOver(m)
	}
}

func (r *run) drop(id interp.TaskID, l ledger) {
	a := r.tasks.Get(id)
	if a == nil {
		return
	}
	r.tasks.Remove(id)
	if l != nil {
		l.over(a)
	}
}

// observed reports whether anybody wants to know about events.
func (e *Engine) observed() bool { return e.o.Observe != nil || e.o.Logs.On() }

// observe tells about events that have become durable.
func (r *run) observe(events []history.Event) {
	if len(events) == 0 {
		return
	}
	tell := r.engine.o.Logs.Observer(r.engine.o.Observe, int(r.row.Redrives))
	for _, e := range events {
		tell(r.info.ExecutionID, e)
	}
}
