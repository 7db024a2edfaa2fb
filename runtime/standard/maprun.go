package standard

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/maprun"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// A mapRun is a run of a distributed Map state. Like a run it has an inbox, and
// at most one batch that is not durable yet: children that are to start and
// Express children that have ended are written together, and the next items are
// not read before. It stays in memory until its children have ended.
//
// Standard children are executions like others. Express children run in memory
// and are written down when they have ended: those that a crash cuts off run
// again from the beginning.
type mapRun struct {
	command *interp.StartMapRun

	// Below is set by prepare or resume; without, the run does nothing.
	engine  *Engine
	key     mapKey
	machine *machine
	defined int64          // the parent's definition
	info    interp.Info    // of the parent
	parent  *graph.Machine // the parent's
	row     store.MapRun
	facts   mapFacts
	resumed bool
	ctx     context.Context // of what reads and writes objects
	cancel  context.CancelFunc

	mu    sync.Mutex
	inbox []func()
	busy  bool
	told  bool // the parent knows how the run has ended
	// express are the Express children that run, by ARN.
	express map[string]*expressChild
	shown   maprun.Counts // the counts as others may see them
	next    *mapRun       // begins when this one is gone

	// Below belongs to whoever made the run busy.
	run      *maprun.Run
	children map[int64]*maprun.Child // Standard children that run, by execution
	known    map[*maprun.Child]store.Execution
	waiting  []*maprun.Child // to be started before others: those of a run that is taken up
	held     maprun.Counts   // of those that wait
	done     []mapResult     // Express children whose ends are not written yet
	answers  []chan error    // who wait for what they asked for to be durable
	aborted  bool            // nobody wants the result
	stopped  bool            // the children are told to stop
	stopping bool            // not all have been told
	over     bool            // the end is known
}

// A mapKey names a map run: its execution, and the run with which it began.
type mapKey struct {
	execution int64
	origin    interp.RunID
}

// mapFacts is what the store keeps about a map run.
type mapFacts struct {
	State  string        `json:"state"`
	Status interp.Status `json:"status"`
	// Origin is the run as its children know it: that of the first start. Later
	// ones are redrives.
	Origin   interp.RunID  `json:"origin"`
	Seed     [2]uint64     `json:"seed"`
	Express  bool          `json:"express,omitempty"`
	Started  time.Time     `json:"started"`
	Stopped  time.Time     `json:"stopped,omitzero"`
	Redriven time.Time     `json:"redriven,omitzero"`
	Redrives int           `json:"redrives,omitempty"`
	Counts   maprun.Counts `json:"counts"`
	mapLimits
}

// mapLimits are what UpdateMapRun changes.
type mapLimits struct {
	MaxConcurrency      int64   `json:"maxConcurrency,omitempty"`
	ToleratedCount      int64   `json:"toleratedFailureCount,omitempty"`
	ToleratedPercentage float64 `json:"toleratedFailurePercentage,omitempty"`
	// Updated says that they are not what the definition says any more, and the
	// others which of the tolerances have been given since.
	Updated         bool `json:"updated,omitempty"`
	CountGiven      bool `json:"countGiven,omitempty"`
	PercentageGiven bool `json:"percentageGiven,omitempty"`
}

// prepare makes a run durable together with the step that asks for it.
func (r *run) prepare(m *mapRun, w *write) {
	e, c := r.engine, m.command
	m.facts = mapFacts{
		State: c.State, Status: interp.Running, Origin: c.Run, Seed: e.seed(), Express: c.Map.Distributed.Express, Started: w.now,
		mapLimits: mapLimits{MaxConcurrency: c.MaxConcurrency, ToleratedCount: c.ToleratedCount, ToleratedPercentage: c.ToleratedPercentage},
	}
	m.row = store.MapRun{ARN: c.ARN, Execution: r.row.ID, Run: int64(c.Run), Machine: r.machine.id, Open: true}
	if c.Redrives > 0 {
		if err := m.recall(e); err != nil {
			e.log.Error("a map run cannot be redriven, and begins anew", "mapRun", c.ARN, "error", err)
		} else {
			m.redriven(w.now)
		}
	}
	m.belong(r)
	w.batch.MapRuns = append(w.batch.MapRuns, m.stored())
}

// recall reads what the store has of the run.
func (m *mapRun) recall(e *Engine) error {
	row, err := e.store.MapRun(context.Background(), m.command.ARN)
	if err != nil {
		return err
	}
	var facts mapFacts
	if err := json.Unmarshal(row.Data, &facts); err != nil {
		return err
	}
	m.facts, m.resumed = facts, true
	if e.fault == childTwice {
		m.facts.Seed = e.seed() // the children's names come from it
	}
	return nil
}

// redriven notes that the run goes on after it had ended. The time is what tells
// this redrive from others: no two have the same.
func (m *mapRun) redriven(now time.Time) {
	if last := m.facts.Redriven; !now.After(last) {
		now = last.Add(1)
	}
	m.facts.Status, m.facts.Stopped = interp.Running, time.Time{}
	m.facts.Redriven, m.facts.Redrives = now, m.command.Redrives
}

// mark is what rows of children have as Redriven that ran since the run was
// redriven; 0 when it was not.
func (f *mapFacts) mark() int64 {
	if f.Redriven.IsZero() {
		return 0
	}
	return f.Redriven.UnixNano()
}

// belong ties a run to its execution.
func (m *mapRun) belong(r *run) {
	m.engine, m.machine, m.defined, m.info, m.parent = r.engine, r.machine, r.row.Definition, r.info, r.graph
	m.key = mapKey{r.row.ID, m.facts.Origin}
	m.ctx, m.cancel = context.WithCancel(r.engine.ctx)
	m.express = make(map[string]*expressChild)
	m.children, m.known = make(map[int64]*maprun.Child), make(map[*maprun.Child]store.Execution)
}

// stored is the row of the run.
func (m *mapRun) stored() store.MapRun {
	row := m.row
	row.Data, _ = json.Marshal(m.facts) // numbers, texts and times: it cannot fail
	return row
}

// resumeMapRuns takes up the runs of an execution that was read from the store.
func (r *run) resumeMapRuns() {
	for _, m := range r.maps {
		if m.engine != nil || r.machine.calls.Load() == nil {
			continue // it is there, or has to wait until the machine is deployed
		}
		m.row = store.MapRun{ARN: m.command.ARN, Execution: r.row.ID, Run: int64(m.command.Run), Machine: r.machine.id, Open: true}
		if err := m.recall(r.engine); err != nil {
			r.engine.log.Error("a map run cannot be taken up", "mapRun", m.command.ARN, "error", err)
			continue
		}
		if m.facts.Redrives < m.command.Redrives {
			m.redriven(r.engine.now()) // its end was written after its redrive
		}
		m.belong(r)
		m.launch()
	}
}

// launch begins a run that is durable, after another of the same name has gone.
func (m *mapRun) launch() {
	e := m.engine
	if e.o.Passive {
		return
	}
	e.mu.Lock()
	before := e.mapRuns[m.key]
	if before != nil {
		before.next = m
	} else {
		e.mapRuns[m.key] = m
	}
	e.mu.Unlock()
	if before == nil {
		m.put(func() {})
	}
}

// forget ends the run's life in memory.
func (m *mapRun) forget() {
	e := m.engine
	m.cancel()
	e.mu.Lock()
	next, current := m.next, e.mapRuns[m.key]
	switch {
	case current != m: // it never got its turn
		if current != nil && current.next == m {
			current.next = next
		}
		next = nil
	case next != nil:
		e.mapRuns[m.key] = next
	default:
		delete(e.mapRuns, m.key)
	}
	e.mu.Unlock()
	if next != nil {
		next.put(func() {})
	}
}

// abort ends the run because nobody wants its result any more; its children are
// stopped. It does nothing when the parent was the one that was told the end.
func (m *mapRun) abort() {
	if m.engine == nil || m.engine.o.Passive {
		return
	}
	m.mu.Lock()
	told := m.told
	m.mu.Unlock()
	if told {
		return
	}
	m.put(func() { m.aborted = true })
}

// put has something done about the run.
func (m *mapRun) put(f func()) {
	m.mu.Lock()
	m.inbox = append(m.inbox, f)
	idle := !m.busy
	m.busy = true
	m.mu.Unlock()
	if idle {
		m.engine.begin()
		go m.process()
	}
}

// process does what is in the inbox, and submits what follows; when it is
// durable, process goes on.
func (m *mapRun) process() {
	for {
		m.mu.Lock()
		items := m.inbox
		m.inbox = nil
		m.mu.Unlock()
		for _, f := range items {
			f()
		}
		w := &mapWrite{m: m, empty: true}
		switch {
		case m.over:
		case m.engine.ctx.Err() != nil: // the engine has ended: the next one goes on
		case m.aborted && m.run == nil:
			m.sweep()
		default:
			m.advance(w)
		}
		if !w.empty {
			m.engine.store.Submit(&w.batch, w.durable)
			return
		}
		m.mu.Lock()
		if len(m.inbox) == 0 {
			m.busy = false
			m.mu.Unlock()
			m.engine.end()
			return
		}
		m.mu.Unlock()
	}
}

// maxStarts is how many children start in one batch.
const maxStarts = 200

// advance starts the children that may start, and ends the run when it has ended.
func (m *mapRun) advance(w *mapWrite) {
	e := m.engine
	m.open(w)
	for !m.aborted && len(w.batch.Entries)+len(w.redrive) < maxStarts && e.usable() == nil {
		c := m.following()
		if c == nil {
			break
		}
		m.start(c, w)
	}
	if m.aborted {
		m.run.Abort()
	}
	for _, r := range m.done {
		m.record(r, w)
	}
	m.done = nil
	if m.run.Failed() {
		m.giveUp()
	}
	if m.run.Failed() && !m.stopped {
		m.stopped, m.stopping, w.stop = true, true, true
		m.stopExpress()
	}
	m.end(w)
	m.facts.Counts = m.counts()
	m.mu.Lock()
	m.shown = m.facts.Counts
	m.mu.Unlock()
	w.answers, m.answers = m.answers, nil
	w.empty = len(w.batch.Entries)+len(w.batch.MapRuns)+len(w.answers)+len(w.redrive) == 0 && w.end == nil && !w.stop
	if !w.empty && len(w.batch.MapRuns) == 0 {
		w.batch.MapRuns = append(w.batch.MapRuns, m.stored())
	}
}

// end notes how the run has ended.
func (m *mapRun) end(w *mapWrite) {
	if m.stopping {
		return
	}
	end := m.run.End()
	if end == nil || m.engine.ctx.Err() != nil {
		return
	}
	m.over = true
	m.facts.Counts = m.run.Counts()
	if m.aborted {
		w.batch.MapRuns = []store.MapRun{m.closed(interp.Aborted)}
		w.gone = true
		return
	}
	w.end = end
}

// closed is the row of the run when it has ended.
func (m *mapRun) closed(s interp.Status) store.MapRun {
	m.facts.Status, m.facts.Stopped, m.row.Open = s, m.engine.now(), false
	return m.stored()
}

// open reads the first items, and what there is of a run that is taken up.
func (m *mapRun) open(w *mapWrite) {
	if m.run != nil {
		return
	}
	o := m.engine.o
	m.run = maprun.New(m.ctx, m.command, maprun.Options{Objects: o.Objects, Parent: m.info, Limit: o.Workers, Seed: m.facts.Seed})
	m.limits()
	if m.resumed {
		m.resume()
		w.batch.MapRuns = append(w.batch.MapRuns, m.stored())
	}
}

// tell brings the end of the run to its parent.
func (m *mapRun) tell(end interp.Event) {
	e, refused := m.engine, false
	err := e.deliver(m.key.execution, item{
		events: func(r *run, w *write) []interp.Event {
			if r.maps[m.command.Run] != m {
				refused = true // stopped meanwhile
				return nil
			}
			status := interp.Succeeded
			if _, failed := end.(*interp.MapRunFailed); failed {
				status = interp.Failed
			}
			m.mu.Lock()
			m.told = true
			m.mu.Unlock()
			w.batch.MapRuns = append(w.batch.MapRuns, m.closed(status))
			return []interp.Event{end}
		},
		done: func(err error) {
			if err == nil && refused {
				go func() {
					if e.submit(&store.Batch{MapRuns: []store.MapRun{m.closed(interp.Aborted)}}) == nil {
						m.forget()
					}
				}()
				return
			}
			m.forget()
		},
	})
	if err != nil && e.usable() == nil {
		e.log.Error("a map run has nobody to report to", "mapRun", m.row.ARN, "error", err)
	}
}

// A mapWrite is what a map run makes durable together, and what is done then.
type mapWrite struct {
	m        *mapRun
	empty    bool
	batch    store.Batch
	children []*write
	redrive  map[int64]*maprun.Child // Standard children to redrive, by execution
	stop     bool                    // the children are to stop
	end      interp.Event            // of the run
	gone     bool                    // nothing remains to be done
	answers  []chan error
}

func (w *mapWrite) durable(err error) {
	m := w.m
	if err != nil {
		err = m.engine.fail(err)
	}
	for _, c := range w.children {
		c.durable(err)
	}
	for _, a := range w.answers {
		a <- err
	}
	if err != nil {
		m.engine.end()
		return
	}
	if len(w.redrive) > 0 {
		m.engine.begin()
		go m.redriveAll(w.redrive)
	}
	if w.stop {
		m.engine.begin()
		go m.stop()
	}
	if w.gone {
		m.forget()
	}
	go func() {
		if w.end != nil {
			m.tell(w.end)
		}
		m.process()
	}()
}

// stop stops the Standard children that run.
func (m *mapRun) stop() {
	e := m.engine
	defer e.end()
	if err := e.stopChildren(m.key); err != nil && e.usable() == nil {
		e.log.Error("the children of a map run cannot be stopped", "mapRun", m.row.ARN, "error", err)
	}
	m.put(func() { m.stopping = false })
}

// stopChildren stops all children of a map run that run according to the store.
func (e *Engine) stopChildren(key mapKey) error {
	ctx := context.Background()
	q := store.Query{Parent: key.execution, ParentTask: int64(key.origin), Status: store.Running, Limit: maxStarts}
	for {
		children, err := e.store.List(ctx, q)
		if err != nil || len(children) == 0 {
			return err
		}
		for i := range children {
			if _, err := e.stop(ctx, &children[i], nil, nil); err != nil {
				return err
			}
		}
	}
}

// sweep ends a run that is not wanted any more, unless its execution waits for it
// after all. A redrive of the run waits until the sweep has gone.
func (m *mapRun) sweep() {
	m.over = true
	e := m.engine
	e.begin()
	go func() {
		defer e.end()
		if err := m.sweepChildren(); err != nil && e.usable() == nil {
			e.log.Error("a map run cannot be ended", "mapRun", m.row.ARN, "error", err)
		}
		m.forget()
	}()
}

// adoptMapRuns ends what is left of the map runs of a machine that nobody waits
// for: their children may still run. The others go on with their executions.
func (e *Engine) adoptMapRuns(ctx context.Context, m *machine) error {
	rows, err := e.store.OpenMapRuns(ctx, m.id)
	if err != nil {
		return err
	}
	for _, row := range rows {
		m := &mapRun{engine: e, row: row, cancel: func() {}}
		if err := json.Unmarshal(row.Data, &m.facts); err != nil {
			return err
		}
		m.key, m.shown = mapKey{row.Execution, m.facts.Origin}, m.facts.Counts
		e.mu.Lock()
		known := e.mapRuns[m.key] != nil
		if !known {
			e.mapRuns[m.key] = m
		}
		e.mu.Unlock()
		if !known {
			m.sweep()
		}
	}
	return nil
}

// sweepChildren stops the children of a run that its execution does not wait for,
// and closes it.
func (m *mapRun) sweepChildren() error {
	e, wanted := m.engine, false
	err := e.ask(context.Background(), m.row.Execution, func(r *run, _ *write) []interp.Event {
		wanted = r.maps[interp.RunID(m.row.Run)] != nil
		return nil
	})
	if err != nil || wanted {
		return err
	}
	// It may have ended well since the row was read.
	row, err := e.store.MapRun(context.Background(), m.row.ARN)
	if err != nil || !row.Open || row.Run != m.row.Run {
		return err
	}
	if err := e.stopChildren(m.key); err != nil {
		return err
	}
	return e.submit(&store.Batch{MapRuns: []store.MapRun{m.closed(interp.Aborted)}})
}

// label is what comes behind the machine's name in the ARNs of a run and its
// children.
func label(arn string) string {
	_, rest, _ := strings.Cut(arn, "/")
	return rest[:strings.LastIndexByte(rest, ':')]
}
