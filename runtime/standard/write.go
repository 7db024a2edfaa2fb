package standard

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// A write is one advance of a run: the batch that must become durable, and what
// is done when it is.
type write struct {
	run     *run
	now     time.Time
	items   []item
	batch   store.Batch
	data    []byte      // of the journal entry
	written func(error) // the method durable

	observed []history.Event
	asked    []*attempt // by the kernel, and not yet dealt with
	launch   []*attempt // handlers to call
	offer    []*attempt // activity tasks to hand out
	ended    []*attempt // tasks that nobody waits for any more
	runs     []*mapRun  // to launch
	stopped  []*mapRun  // that nobody waits for any more
	children []*write   // executions that this one starts
	result   *interp.Complete
}

// newWrite returns an empty write. What one needs is used again: see [write.recycle].
func (e *Engine) newWrite(r *run, now time.Time) *write {
	w, _ := e.writes.Get().(*write)
	if w == nil {
		w = new(write)
		w.written = w.durable
	}
	w.run, w.now = r, now
	return w
}

// recycle leaves a write that nobody needs any more to the next one: its batch is
// durable, or there was none.
func (w *write) recycle() {
	data := w.data[:0]
	if cap(data) > 32*usualEntry {
		data = nil
	}
	writes := &w.run.engine.writes
	*w = write{
		written: w.written, data: data, items: emptied(w.items),
		batch: store.Batch{Create: emptied(w.batch.Create), Entries: emptied(w.batch.Entries), Update: emptied(w.batch.Update)},
		asked: emptied(w.asked), launch: emptied(w.launch), ended: emptied(w.ended), observed: emptied(w.observed),
	}
	writes.Put(w)
}

// emptied is the room of a slice.
func emptied[T any](s []T) []T {
	clear(s)
	return s[:0]
}

func (w *write) begun(a *attempt) { w.asked = append(w.asked, a) }

func (w *write) over(a *attempt) {
	w.ended = append(w.ended, a)
	if !a.local && !a.started && a.task.Token != "" {
		w.batch.Taken = append(w.batch.Taken, a.task.Token)
	}
}

func (w *write) mapBegun(m *mapRun) {
	w.runs = append(w.runs, m)
	w.run.prepare(m, w)
}

func (w *write) mapOver(m *mapRun) { w.stopped = append(w.stopped, m) }

// fired returns the events of the timers that are due.
func (w *write) fired() []interp.Event {
	var events []interp.Event
	now := w.now
	if w.run.engine.fault == timerEarly {
		now = now.Add(5 * time.Second)
	}
	for _, id := range w.run.timers.Due(now) {
		events = append(events, &interp.TimerFired{Timer: id})
	}
	if w.run.engine.fault == timerTwice {
		events = append(events, events...)
	}
	return events
}

// step advances the kernel and writes down why.
func (w *write) step(events []interp.Event) {
	r := w.run
	w.data = appendStep(w.data, w.now, events)
	// Events that are out of place are refused in the same way when the journal
	// is read back.
	out, _ := r.kernel.Step(w.now, events...)
	r.apply(events, out.Commands, w)
	if r.engine.observed() {
		w.observed = append(w.observed, out.Events...)
	}
	var found []interp.Event
	for _, c := range out.Commands {
		switch c := c.(type) {
		case *interp.LookupActivity:
			found = append(found, r.engine.lookUp(c))
		case *interp.Complete:
			w.result = c
		}
	}
	if len(found) > 0 && w.result == nil {
		w.step(found)
	}
}

// finish deals with the tasks that were asked for and completes the batch.
func (w *write) finish() {
	for n := 0; n < len(w.asked) && w.result == nil; {
		asked := w.asked[n:]
		n = len(w.asked)
		var events []interp.Event
		for _, a := range asked {
			events = append(events, w.dispose(a)...)
		}
		if len(events) > 0 {
			w.step(events)
		}
	}
	r := w.run
	if w.result != nil {
		w.data = appendResult(w.data, w.result)
		w.close()
	} else if wake := r.attention(); wake != r.row.Wake {
		r.row.Wake = wake
		w.changed()
	}
	if len(w.data) > 0 {
		r.seq++
		w.data = append(w.data, ']')
		w.batch.Entries = append(w.batch.Entries, store.Entry{
			Execution: r.row.ID, Seq: r.seq, Events: r.kernel.Events(), Data: w.data,
		})
	}
	for _, c := range w.children {
		join(&w.batch, &c.batch)
	}
}

// join adds what an execution that is started writes to what starts it.
func join(b, child *store.Batch) {
	b.Create = append(b.Create, child.Create...)
	b.Entries = append(b.Entries, child.Entries...)
	b.Update = append(b.Update, child.Update...)
	b.Tokens = append(b.Tokens, child.Tokens...)
	b.Taken = append(b.Taken, child.Taken...)
	b.MapRuns = append(b.MapRuns, child.MapRuns...)
	b.Express = append(b.Express, child.Express...)
}

// dispose decides what is to be done about a task and returns what the kernel
// has to know of that.
func (w *write) dispose(a *attempt) []interp.Event {
	r, t := w.run, a.task
	if t.Token != "" {
		token := store.Token{Token: t.Token, Execution: r.row.ID, Task: int64(t.Task), Machine: r.row.Machine}
		if t.Resource.Kind == graph.Activity && !a.local {
			token.Activity = t.Resource.ARN
		}
		w.batch.Tokens = append(w.batch.Tokens, token)
	}
	if child, ok := r.machine.caller().ChildOf(t); ok {
		return w.startChild(a, child)
	}
	if !a.local {
		w.offer = append(w.offer, a)
		return nil
	}
	return w.admit(a)
}

// admit begins an attempt when there is a place in the pool, and keeps it until
// its machine is deployed: before that, nobody knows its handlers.
func (w *write) admit(a *attempt) []interp.Event {
	if a.held = w.run.machine.calls.Load() == nil; a.held || !w.run.engine.pool.acquire(a) {
		return nil
	}
	return w.begin(a)
}

// begin starts an attempt that has a place in the pool: that it has started is
// durable before its handler is called.
func (w *write) begin(a *attempt) []interp.Event {
	a.started = true
	if w.run.engine.fault == noIntent {
		a.launch()
		return nil
	}
	w.launch = append(w.launch, a)
	return []interp.Event{invoke.Started(a.task)}
}

func (w *write) close() {
	r := w.run
	r.row.Status = statusOf(w.result.Status)
	r.row.Stopped = w.now.UnixNano()
	r.row.Wake = store.Never
	w.changed()
}

// changed puts the row's changes into the batch, once.
func (w *write) changed() {
	x := &w.run.row
	if len(w.batch.Create) > 0 && w.batch.Create[0].ID == x.ID {
		w.batch.Create[0] = *x
		return
	}
	w.batch.Update = append(w.batch.Update, store.Change{
		ID: x.ID, Status: x.Status, Stopped: x.Stopped, Redriven: x.Redriven, Redrives: x.Redrives, Wake: x.Wake,
	})
}

// durable is called by the store: now the effects may be seen. It is quick, and
// leaves what is next to another goroutine.
func (w *write) durable(err error) {
	r := w.run
	if err != nil {
		err = r.engine.fail(err)
		w.answer(err)
		r.die(err)
		r.engine.end()
		for _, c := range w.children {
			c.durable(err)
		}
		return
	}
	w.effects()
	w.answer(nil)
	w.recycle()
	r.mu.Lock()
	more := len(r.inbox) > 0
	if !more {
		r.rest()
		return
	}
	r.mu.Unlock()
	go r.process()
}

func (w *write) effects() {
	r := w.run
	r.observe(w.observed)
	for _, a := range w.launch {
		a.launch()
	}
	for _, a := range w.offer {
		r.engine.offer(a)
	}
	for _, a := range w.ended {
		a.end()
	}
	for _, m := range w.runs {
		m.launch()
	}
	for _, m := range w.stopped {
		m.abort()
	}
	for _, c := range w.children {
		c.durable(nil)
	}
	if w.result != nil {
		r.engine.ended(r, w.result)
	}
}

func (w *write) answer(err error) {
	for _, i := range w.items {
		i.answer(err)
	}
}

// attention is when the run has to be looked after if the process ends now.
func (r *run) attention() int64 {
	if len(r.maps) > 0 {
		return 0
	}
	for _, a := range r.tasks.All() {
		if a.local && !a.submitted || a.child {
			return 0
		}
	}
	if next, ok := r.timers.Next(); ok {
		return next.UnixNano()
	}
	return store.Never
}

var statuses = map[interp.Status]store.Status{
	interp.Running: store.Running, interp.Succeeded: store.Succeeded, interp.Failed: store.Failed,
	interp.TimedOut: store.TimedOut, interp.Aborted: store.Aborted,
}

func statusOf(s interp.Status) store.Status { return statuses[s] }

func statusFrom(s store.Status) interp.Status {
	for name, number := range statuses {
		if number == s {
			return name
		}
	}
	return ""
}
