package standard

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// A Description tells about an execution.
type Description struct {
	ARN, Name    string
	MachineARN   string
	VersionARN   string // empty unless a version or an alias was started
	AliasARN     string
	MapRunARN    string // of the map run that it is a child of; empty in lists
	Status       interp.Status
	Started      time.Time
	Stopped      time.Time // zero while it runs
	Redriven     time.Time // zero if it was not
	RedriveCount int
	// Input and Output are nil in lists; Output also unless the execution
	// succeeded.
	Input, Output *value.Doc
	// Error and Cause are nil unless they were given.
	Error, Cause *string
}

// summary is what the row of an execution tells.
func (e *Engine) summary(x *store.Execution) *Description {
	i := e.info(e.machineOf(x), x)
	d := &Description{
		ARN: i.ExecutionID, Name: i.ExecutionName, MachineARN: i.StateMachineID, VersionARN: i.VersionARN, AliasARN: i.AliasARN,
		Status: statusFrom(x.Status), Started: time.Unix(0, x.Started).UTC(), RedriveCount: int(x.Redrives),
	}
	if x.Stopped != 0 && x.Status != store.Running {
		d.Stopped = time.Unix(0, x.Stopped).UTC()
	}
	if x.Redrives > 0 {
		d.Redriven = time.Unix(0, x.Redriven).UTC()
	}
	return d
}

// Describe tells about an execution.
func (e *Engine) Describe(ctx context.Context, arn string) (*Description, error) {
	x, err := e.executionID(ctx, arn)
	if err != nil {
		return nil, err
	}
	return e.describe(ctx, &x)
}

func (e *Engine) describe(ctx context.Context, x *store.Execution) (*Description, error) {
	d := e.summary(x)
	if x.Machine < 0 {
		row, _, err := e.mapRunOf(ctx, x)
		if err != nil {
			return nil, err
		}
		d.MapRunARN = row.ARN
	}
	first, last, err := e.store.Edges(ctx, x.ID)
	if err != nil {
		return nil, err
	}
	if d.Input, err = inputOf(first); err != nil {
		return nil, err
	}
	if x.Status == store.Running {
		return d, nil
	}
	steps, err := decodeEntry(last.Data)
	if err != nil {
		return nil, err
	}
	result := steps[len(steps)-1]
	if result.Status == "" {
		return nil, fmt.Errorf("standard: the journal of %s does not tell how it ended", d.ARN)
	}
	d.Error, d.Cause = result.Error, result.Cause
	d.Output, err = document(result.Output)
	return d, err
}

// input returns the input of an execution.
func (e *Engine) input(ctx context.Context, id int64) (*value.Doc, error) {
	first, _, err := e.store.Edges(ctx, id)
	if err != nil {
		return nil, err
	}
	return inputOf(first)
}

func inputOf(first store.Entry) (*value.Doc, error) {
	steps, err := decodeEntry(first.Data)
	if err != nil {
		return nil, err
	}
	if len(steps) == 0 || len(steps[0].In) == 0 {
		return nil, fmt.Errorf("standard: the journal of execution %d does not tell its input", first.Execution)
	}
	return document(steps[0].In[0].Input)
}

// Wait is Describe when the execution has ended.
func (e *Engine) Wait(ctx context.Context, arn string) (*Description, error) {
	ended := make(chan *Description, 1)
	id, known, err := e.waitFor(ctx, arn, ended)
	if err != nil {
		return nil, err
	}
	defer e.forgetWaiter(id, ended)
	if !known {
		x, err := e.store.Execution(ctx, id)
		if err != nil {
			return nil, err
		}
		if x.Status != store.Running {
			return e.describe(ctx, &x)
		}
	}
	select {
	case d, ok := <-ended:
		if !ok {
			e.mu.Lock()
			defer e.mu.Unlock()
			return nil, e.failed
		}
		return d, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// waitFor registers somebody who waits for an execution. It is known when it is
// certain that the execution has not ended yet.
func (e *Engine) waitFor(ctx context.Context, arn string, ended chan *Description) (id int64, known bool, err error) {
	machine, name, err := splitARN(arn)
	if err != nil {
		return 0, false, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.failed != nil {
		return 0, false, e.failed
	}
	if m := e.machines[machine]; m != nil {
		if r := e.liveNames[nameKey{m.id, name}]; r != nil && !r.over {
			e.waiters[r.row.ID] = append(e.waiters[r.row.ID], ended)
			return r.row.ID, true, nil
		}
	}
	e.mu.Unlock()
	x, err := e.executionID(ctx, arn)
	e.mu.Lock()
	if err == nil {
		err = e.failed
	}
	if err != nil {
		return 0, false, err
	}
	e.waiters[x.ID] = append(e.waiters[x.ID], ended)
	return x.ID, false, nil
}

func (e *Engine) forgetWaiter(id int64, ended chan *Description) {
	e.mu.Lock()
	defer e.mu.Unlock()
	waiters := e.waiters[id]
	if i := slices.Index(waiters, ended); i >= 0 {
		waiters = slices.Delete(waiters, i, i+1)
	}
	if len(waiters) == 0 {
		delete(e.waiters, id)
		return
	}
	e.waiters[id] = waiters
}

// ended tells everybody that an execution has ended.
func (e *Engine) ended(r *run, c *interp.Complete) {
	e.mu.Lock()
	r.over = true
	waiters := e.waiters[r.row.ID]
	delete(e.waiters, r.row.ID)
	e.mu.Unlock()
	if len(waiters) > 0 {
		d := e.summary(&r.row)
		d.Input, d.Output, d.Error, d.Cause = r.input, c.Output, c.Error, c.Cause
		for _, w := range waiters {
			w <- d
		}
	}
	switch {
	case r.row.Machine < 0:
		e.mapChildEnded(&r.row, c)
	case r.row.Parent != 0:
		e.begin()
		go func() {
			defer e.end()
			e.tellParent(r.row)
		}()
	}
}

// History iterates over the events of an execution, or in reverse from the last.
// An error is the last that it yields.
func (e *Engine) History(ctx context.Context, arn string, reverse bool) iter.Seq2[history.Event, error] {
	return func(yield func(history.Event, error) bool) {
		x, err := e.executionID(ctx, arn)
		if err != nil {
			yield(history.Event{}, err)
			return
		}
		// The events come out of the kernel; there is no need to keep up with a
		// reader that takes its time.
		var events []history.Event
		if err := e.history(ctx, x, func(event history.Event) { events = append(events, event) }); err != nil {
			yield(history.Event{}, err)
			return
		}
		if reverse {
			slices.Reverse(events)
		}
		for _, event := range events {
			if !yield(event, nil) {
				return
			}
		}
	}
}

// A Query chooses executions for a list.
type Query struct {
	Machine string        // name or ARN
	MapRun  string        // ARN: its children, in place of a machine's executions
	Status  interp.Status // empty for all
	// Next continues a list after a page; empty begins with the newest.
	Next string
	// Limit is the size of a page: 1 to 1,000; 0 is 100.
	Limit int
}

// A Page is a part of a list.
type Page struct {
	Executions []*Description
	Next       string // of the query for the next page; empty when there is none
}

// listed is whose executions a query asks for.
func (e *Engine) listed(ctx context.Context, q Query) (store.Query, error) {
	if q.MapRun == "" {
		m, _, err := e.find(q.Machine)
		if err != nil {
			return store.Query{}, err
		}
		return store.Query{Machine: m.id}, nil
	}
	if q.Machine != "" {
		return store.Query{}, refuse(ErrValidation, "Only one of 'stateMachineArn' and 'mapRunArn' can be given")
	}
	row, err := e.mapRun(ctx, q.MapRun)
	if err != nil {
		return store.Query{}, err
	}
	var f mapFacts
	err = json.Unmarshal(row.Data, &f)
	return store.Query{Parent: row.Execution, ParentTask: int64(f.Origin)}, err
}

// List lists executions, the newest first. Express children of map runs are in
// the list when they have ended.
func (e *Engine) List(ctx context.Context, q Query) (*Page, error) {
	of, err := e.listed(ctx, q)
	if err != nil {
		return nil, err
	}
	if q.Limit == 0 {
		q.Limit = 100
	}
	if q.Limit < 0 || q.Limit > 1000 {
		return nil, refuse(ErrValidation, "1 validation error detected: Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000", q.Limit)
	}
	before, err := parseNext(q.Next)
	if err != nil {
		return nil, err
	}
	status := store.AnyStatus
	if q.Status != "" {
		if status = statusOf(q.Status); status == store.AnyStatus {
			return nil, refuse(ErrValidation, "there is no status %q", q.Status)
		}
	}
	of.Status, of.Before, of.Limit = status, before, q.Limit+1
	rows, err := e.store.List(ctx, of)
	if err != nil {
		return nil, err
	}
	p := new(Page)
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		p.Next = next(rows[len(rows)-1].ID)
	}
	for i := range rows {
		p.Executions = append(p.Executions, e.summary(&rows[i]))
	}
	return p, nil
}
