package standard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/maprun"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// A mapResult is how an Express child has ended.
type mapResult struct {
	child            *maprun.Child
	end              *interp.Complete
	started, stopped time.Time
}

// start begins a child.
func (m *mapRun) start(c *maprun.Child, w *mapWrite) {
	if c.Express {
		m.startExpress(c)
		return
	}
	if x, ok := m.known[c]; ok {
		m.children[x.ID] = c
		if w.redrive == nil {
			w.redrive = make(map[int64]*maprun.Child)
		}
		w.redrive[x.ID] = c
		return
	}
	m.run.Begun(c, m.engine.now())
	child := m.engine.newRun(m.parent.Child(m.command.Map), m.machine, m.childRow(c), c.Start)
	m.children[child.run.row.ID] = c
	w.children = append(w.children, child)
	join(&w.batch, &child.batch)
}

// childRow is the row of a child, as far as it depends on nothing but the run.
func (m *mapRun) childRow(c *maprun.Child) store.Execution {
	return store.Execution{
		Machine: -m.machine.id, Name: childName(c), Definition: m.defined, Alias: label(m.row.ARN),
		Version: int64(c.Items), Parent: m.key.execution, ParentTask: int64(m.key.origin), Redriven: m.facts.mark(), Wake: store.Never,
	}
}

// childName is what is behind the machine in the ARN of a child: of an Express
// one, two names.
func childName(c *maprun.Child) string {
	id := c.Start.Info.ExecutionID
	return id[strings.Index(id, c.Start.Info.StateMachine+":")+len(c.Start.Info.StateMachine)+1:]
}

// An expressChild runs in memory.
type expressChild struct {
	child   *maprun.Child
	started time.Time
	again   bool // it ran before the run was redriven
	stop    func()
}

// startExpress runs a child in memory.
func (m *mapRun) startExpress(c *maprun.Child) {
	e, started := m.engine, m.engine.now()
	caller := m.machine.caller()
	o := express.Options{
		Handlers: caller.Handlers, HTTP: e.o.HTTP, Objects: e.o.Objects, Activity: e.o.Activity, Clock: e.clock, Hook: e.o.Logs.Observer(e.o.Observe, int(m.known[c].Redrives)),
		StartChild: func(ctx context.Context, want *invoke.Child) (string, error) {
			x, err := e.Start(ctx, want.Machine, want.Name, want.Input)
			return x.ARN, err
		},
	}
	m.run.Begun(c, started)
	e.work.Add(1)
	arn := c.Start.Info.ExecutionID
	_, again := m.known[c]
	stop := express.StartMapChild(m.ctx, m.parent.Child(m.command.Map), c, o, func(end *interp.Complete) {
		r := mapResult{c, end, started, e.now()}
		if e.ctx.Err() == nil { // else the engine was what stopped it
			m.put(func() {
				m.ended(arn)
				m.done = append(m.done, r)
				m.run.Done(c, r.end, r.stopped)
			})
		}
		e.finished()
	})
	m.mu.Lock()
	m.express[arn] = &expressChild{c, started, again, stop}
	m.mu.Unlock()
}

// ended takes an Express child out of those that run.
func (m *mapRun) ended(arn string) {
	m.mu.Lock()
	delete(m.express, arn)
	m.mu.Unlock()
}

// stopExpress stops the Express children that run.
func (m *mapRun) stopExpress() {
	m.mu.Lock()
	running := slices.Collect(maps.Values(m.express))
	m.mu.Unlock()
	for _, c := range running {
		c.stop()
	}
}

// record writes down how an Express child has ended.
func (m *mapRun) record(r mapResult, w *mapWrite) {
	x, again := m.known[r.child]
	if !again {
		x = m.childRow(r.child)
		x.ID, x.Started = m.engine.nextID(), r.started.UnixNano()
	}
	x.Status, x.Stopped = statusOf(r.end.Status), r.stopped.UnixNano()
	entry := store.Entry{Execution: x.ID, Seq: 1 + x.Redrives}
	if again {
		w.batch.Update = append(w.batch.Update, store.Change{
			ID: x.ID, Status: x.Status, Stopped: x.Stopped, Redriven: x.Redriven, Redrives: x.Redrives, Wake: x.Wake,
		})
	} else {
		w.batch.Create = append(w.batch.Create, x)
		entry.Data = appendStep(nil, r.started, []interp.Event{r.child.Start})
	}
	entry.Data = append(appendResult(entry.Data, r.end), ']')
	w.batch.Entries = append(w.batch.Entries, entry)
}

// mapChildEnded tells a map run that a Standard child has ended.
func (e *Engine) mapChildEnded(x *store.Execution, c *interp.Complete) {
	e.mu.Lock()
	m := e.mapRuns[mapKey{x.Parent, interp.RunID(x.ParentTask)}]
	e.mu.Unlock()
	if m == nil {
		return // the run finds it in the store when it is taken up
	}
	id, stopped := x.ID, time.Unix(0, x.Stopped).UTC()
	m.put(func() {
		if child := m.children[id]; child != nil {
			delete(m.children, id)
			m.run.Done(child, c, stopped)
		}
	})
}

// following returns the next child to start, nil when none may start now.
func (m *mapRun) following() *maprun.Child {
	if len(m.waiting) == 0 {
		return m.run.Next(m.engine.now())
	}
	// Those that wait count as running, but do not run.
	if m.run.Failed() || m.run.Room()+len(m.waiting) <= 0 {
		return nil
	}
	c := m.waiting[0]
	m.waiting = m.waiting[1:]
	m.hold(c, -1)
	return c
}

// hold counts a child that waits, or that does so no more.
func (m *mapRun) hold(c *maprun.Child, n int) {
	m.held.Items.Running += n * c.Items
	m.held.Executions.Running += n
	if _, again := m.known[c]; again {
		m.held.Items.PendingRedrive += n * c.Items
		m.held.Executions.PendingRedrive += n
	}
}

// counts are those of the run, to which what waits runs already.
func (m *mapRun) counts() maprun.Counts {
	c := m.run.Counts()
	c.Items.Running -= m.held.Items.Running
	c.Items.PendingRedrive = m.held.Items.PendingRedrive
	c.Executions.Running -= m.held.Executions.Running
	c.Executions.PendingRedrive = m.held.Executions.PendingRedrive
	return c
}

// giveUp takes the children back that wait when the run has failed. Those that ran
// before are as they were.
func (m *mapRun) giveUp() {
	for _, c := range m.waiting {
		end := &interp.Complete{Status: interp.Aborted}
		if x, again := m.known[c]; again {
			end.Status = statusFrom(x.Status)
		}
		m.run.Done(c, end, m.engine.now())
	}
	m.waiting, m.held = nil, maprun.Counts{}
}

// redriveAll takes Standard children up again that did not succeed. One that
// cannot be has failed again.
func (m *mapRun) redriveAll(children map[int64]*maprun.Child) {
	e := m.engine
	defer e.end()
	for id, c := range children {
		if _, err := e.redrive(context.Background(), id, m.facts.mark()); err != nil && e.usable() == nil {
			name, cause := "States.Runtime", err.Error()
			m.put(func() {
				delete(m.children, id)
				m.run.Done(c, &interp.Complete{Status: interp.Failed, Error: &name, Cause: &cause}, e.now())
			})
		}
	}
}

// resume finds what there is of a run that was begun before.
func (m *mapRun) resume() {
	e, ctx := m.engine, context.Background()
	var recorded int64
	tally, err := e.store.Tally(ctx, m.key.execution, int64(m.key.origin))
	for _, n := range tally {
		recorded += n
	}
	var unknown []*maprun.Child
	if err == nil {
		unknown, err = m.run.Resume(recorded, func(c *maprun.Child) (*maprun.Past, error) { return m.past(ctx, c) })
	}
	if err != nil {
		e.log.Error("the children of a map run cannot be read", "mapRun", m.row.ARN, "error", err)
		m.run.Abort()
	}
	m.waiting = append(m.waiting, unknown...)
	for _, c := range m.waiting {
		m.hold(c, 1)
	}
}

// past is what the store has of a child, nil for nothing.
func (m *mapRun) past(ctx context.Context, c *maprun.Child) (*maprun.Past, error) {
	e := m.engine
	x, err := e.store.Named(ctx, -m.machine.id, childName(c))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p := &maprun.Past{Started: time.Unix(0, x.Started).UTC(), Redrives: int(x.Redrives)}
	if x.Status == store.Running {
		m.children[x.ID] = c
		return p, nil
	}
	if x.Status != store.Succeeded && x.Redriven != m.facts.mark() {
		x.Redrives++
		x.Redriven = m.facts.mark()
		p.Redrives++
		m.known[c] = x
		m.waiting = append(m.waiting, c)
		return p, nil
	}
	d, err := e.describe(ctx, &x)
	if err != nil {
		return nil, err
	}
	if e.fault == resultLost && d.Output != nil {
		d.Output = value.DocOf(value.Null())
	}
	p.Stopped = d.Stopped
	p.End = &interp.Complete{Status: d.Status, Output: d.Output, Error: d.Error, Cause: d.Cause}
	return p, nil
}

// machineOf returns the machine of an execution, nil when it is not known.
func (e *Engine) machineOf(x *store.Execution) *machine {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.byID[max(x.Machine, -x.Machine)]
}

// graphOf returns what an execution runs: a definition or, for the child of a map
// run, the processor of a Map state.
func (e *Engine) graphOf(ctx context.Context, m *machine, x *store.Execution) (*graph.Machine, error) {
	g, err := e.graph(ctx, m, x.Definition)
	if err != nil || x.Machine > 0 {
		return g, err
	}
	_, facts, err := e.mapRunOf(ctx, x)
	if err != nil {
		return nil, err
	}
	for _, s := range g.States {
		if s, ok := s.(*graph.Map); ok && s.Name == facts.State {
			return g.Child(s), nil
		}
	}
	return nil, fmt.Errorf("standard: execution %d is of a state %q that does not exist", x.ID, facts.State)
}

// mapRunOf returns the map run that a child belongs to.
func (e *Engine) mapRunOf(ctx context.Context, x *store.Execution) (store.MapRun, *mapFacts, error) {
	rows, err := e.store.MapRuns(ctx, x.Parent)
	for _, row := range rows {
		facts := new(mapFacts)
		if err := json.Unmarshal(row.Data, facts); err != nil {
			return row, nil, err
		}
		if facts.Origin == interp.RunID(x.ParentTask) {
			return row, facts, nil
		}
	}
	if err == nil {
		err = fmt.Errorf("standard: execution %d is of an unknown map run", x.ID)
	}
	return store.MapRun{}, nil, err
}

// childInfo makes the names of a machine those of a child.
func (e *Engine) childInfo(i *interp.Info, m *machine, x *store.Execution) {
	i.StateMachine = m.name + "/" + x.Alias
	i.StateMachineID = e.machineARN(i.StateMachine)
	kind := "execution"
	if x.Kernel == 0 {
		kind = "express"
		i.ExecutionName, _, _ = strings.Cut(x.Name, ":")
	}
	i.ExecutionID = e.arn(kind, i.StateMachine, x.Name)
}

func notForExpress() error {
	return refuse(ErrInvalidArn, "Invalid Arn: 'Resource type not valid in this context: express'")
}
