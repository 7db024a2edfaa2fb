package standard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// A Description tells about an execution.
type Description struct {
	ARN, Name    string
	MachineARN   string
	VersionARN   string // empty unless a version or an alias was started
	AliasARN     string
	MapRunARN    string // of the map run that it is a child of
	ItemCount    int    // how many items it got as such a child
	Status       interp.Status
	Started      time.Time
	Stopped      time.Time // zero while it runs
	Redriven     time.Time // zero if it was not
	RedriveCount int
	// RedriveStatus says whether the execution can be redriven, and RedriveReason
	// why not. They are empty in lists.
	RedriveStatus RedriveStatus
	RedriveReason string
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
	if x.Machine < 0 {
		d.ItemCount = int(x.Version)
	}
	if x.Redrives > 0 {
		d.Redriven = time.Unix(0, x.Redriven).UTC()
	}
	return d
}

// Describe tells about an execution.
func (e *Engine) Describe(ctx context.Context, arn string) (*Description, error) {
	x, err := e.executionID(ctx, arn)
	if errors.Is(err, ErrExecutionDoesNotExist) {
		if d := e.describeRunning(arn); d != nil {
			return d, nil
		}
	}
	if err != nil {
		return nil, err
	}
	d, err := e.describe(ctx, &x)
	if err != nil || x.Machine > 0 {
		return d, err
	}
	row, facts, err := e.mapRunOf(ctx, &x)
	if err != nil {
		return nil, err
	}
	all := &children{row, facts, e.liveMapRun(row, facts)}
	all.complete(d, &x)
	return d, nil
}

func (e *Engine) describe(ctx context.Context, x *store.Execution) (*Description, error) {
	d := e.summary(x)
	first, last, err := e.store.Edges(ctx, x.ID)
	if err != nil {
		return nil, err
	}
	if d.Input, err = inputOf(first); err != nil {
		return nil, err
	}
	d.RedriveStatus, d.RedriveReason = e.redrivable(x, last.Events)
	if x.Status == store.Running {
		return d, nil
	}
	steps, err := decodeEntry(last.Data)
	if err != nil {
		return nil, err
	}
	result := steps[len(steps)-1]
	if result.Status == "" {
		now, err := e.store.Execution(ctx, x.ID)
		if err == nil && now.Redrives > x.Redrives { // since the row was read
			return e.describe(ctx, &now)
		}
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
		d.RedriveStatus, d.RedriveReason = e.redrivable(&r.row, r.kernel.Events())
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
