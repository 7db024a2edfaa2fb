package standard

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/maprun"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// A MapRun tells about the run of a distributed Map state, as DescribeMapRun
// does.
type MapRun struct {
	ARN          string
	ExecutionARN string
	MachineARN   string // of the children
	State        string // name of the state
	Status       interp.Status
	Started      time.Time
	Stopped      time.Time // zero while it runs
	Redriven     time.Time // zero if it was not
	RedriveCount int
	// MaxConcurrency is 0 when the definition has no bound.
	MaxConcurrency             int64
	ToleratedFailureCount      int64
	ToleratedFailurePercentage float64
	// Items and Executions count what became of the items and of the children.
	// They differ when children get batches. Of a run that reads its items from
	// objects the total is what has been read.
	Items, Executions maprun.Tally
}

// DescribeMapRun tells about a map run, given by its ARN.
func (e *Engine) DescribeMapRun(ctx context.Context, arn string) (*MapRun, error) {
	row, err := e.mapRun(ctx, arn)
	if err != nil {
		return nil, err
	}
	return e.describeMapRun(ctx, row)
}

// mapRun finds the row of a map run.
func (e *Engine) mapRun(ctx context.Context, arn string) (store.MapRun, error) {
	if !strings.HasPrefix(arn, "arn:") || !strings.Contains(arn, ":mapRun:") {
		return store.MapRun{}, refuse(ErrInvalidArn, "Invalid Arn: 'Invalid ARN prefix: %s'", arn)
	}
	row, err := e.store.MapRun(ctx, arn)
	if errors.Is(err, store.ErrNotFound) {
		err = refuse(ErrResourceNotFound, "Resource not found: '%s'", arn)
	}
	return row, err
}

func (e *Engine) describeMapRun(ctx context.Context, row store.MapRun) (*MapRun, error) {
	var f mapFacts
	if err := json.Unmarshal(row.Data, &f); err != nil {
		return nil, err
	}
	parent, err := e.store.Execution(ctx, row.Execution)
	if err != nil {
		return nil, err
	}
	if m := e.liveMapRun(row, &f); m != nil && row.Open {
		m.mu.Lock()
		f.Counts = m.shown
		m.mu.Unlock()
	}
	return &MapRun{
		ARN: row.ARN, ExecutionARN: e.info(e.machineOf(&parent), &parent).ExecutionID, MachineARN: e.machineARN(e.machineOf(&parent).name + "/" + label(row.ARN)),
		State: f.State, Status: f.Status, Started: f.Started, Stopped: f.Stopped, Redriven: f.Redriven, RedriveCount: f.Redrives,
		MaxConcurrency: f.MaxConcurrency, ToleratedFailureCount: f.ToleratedCount, ToleratedFailurePercentage: f.ToleratedPercentage,
		Items: f.Counts.Items, Executions: f.Counts.Executions,
	}, nil
}

// liveMapRun returns a run that this engine is at, or nil.
func (e *Engine) liveMapRun(row store.MapRun, f *mapFacts) *mapRun {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.mapRuns[mapKey{row.Execution, f.Origin}]
}

// MapRuns lists the map runs of an execution, the newest first.
func (e *Engine) MapRuns(ctx context.Context, execution string) ([]*MapRun, error) {
	x, err := e.executionID(ctx, execution)
	if err != nil {
		return nil, err
	}
	rows, err := e.store.MapRuns(ctx, x.ID)
	if err != nil {
		return nil, err
	}
	list := make([]*MapRun, len(rows))
	for i, row := range rows {
		if list[len(rows)-1-i], err = e.describeMapRun(ctx, row); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// PendingRedrive is the status of children of a map run that are to be redriven
// and wait for their turn.
const PendingRedrive interp.Status = "PENDING_REDRIVE"

// children are those of a map run, as they are described and listed.
type children struct {
	row   store.MapRun
	facts *mapFacts
	live  *mapRun // nil when this engine is not at the run
}

// complete adds to the description of a child what its row does not tell: an
// Express child that runs again is written down when it has ended, and what waits
// for its turn is as it was before the redrive.
func (c *children) complete(d *Description, x *store.Execution) {
	d.MapRunARN = c.row.ARN
	over := x.Status != store.Running && x.Status != store.Succeeded
	if !over || c.facts.Status != interp.Running || x.Redriven == c.facts.mark() {
		return
	}
	d.Status = PendingRedrive
	if again := c.live.expressChild(d.ARN); again != nil {
		d.Status, d.Stopped, d.Error, d.Cause = interp.Running, time.Time{}, nil, nil
		d.RedriveCount, d.Redriven = d.RedriveCount+1, c.facts.Redriven
		if d.RedriveStatus != "" {
			d.RedriveStatus, d.RedriveReason = NotRedrivable, "Execution is RUNNING and cannot be redriven"
		}
	}
}

// running are the Express children that run for the first time, the newest first:
// those with an index below a number, or all when it is 0.
func (c *children) running(below int64) []*expressChild {
	if c.live == nil {
		return nil
	}
	c.live.mu.Lock()
	defer c.live.mu.Unlock()
	var list []*expressChild
	for _, x := range c.live.express {
		if !x.again && (below == 0 || int64(x.child.Index) < below) {
			list = append(list, x)
		}
	}
	slices.SortFunc(list, func(a, b *expressChild) int { return cmp.Compare(b.child.Index, a.child.Index) })
	return list
}

// expressChild returns an Express child that runs, given by its ARN, or nil.
func (m *mapRun) expressChild(arn string) *expressChild {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.express[arn]
}

// describe tells about a child that is not in the store yet.
func (c *expressChild) describe(run string) *Description {
	i := c.child.Start.Info
	return &Description{
		ARN: i.ExecutionID, Name: i.ExecutionName, MachineARN: i.StateMachineID, MapRunARN: run, ItemCount: c.child.Items,
		Status: interp.Running, Started: c.started,
	}
}

// describeRunning tells about an Express child of a map run that runs for the first
// time; nil when there is none.
func (e *Engine) describeRunning(arn string) *Description {
	e.mu.Lock()
	runs := slices.Collect(maps.Values(e.mapRuns))
	e.mu.Unlock()
	for _, m := range runs {
		if c := m.expressChild(arn); c != nil {
			d := c.describe(m.row.ARN)
			d.Input = c.child.Start.Input
			d.RedriveStatus, d.RedriveReason = NotRedrivable, "Execution is RUNNING and cannot be redriven"
			return d
		}
	}
	return nil
}

// A MapRunUpdate says what UpdateMapRun changes; nil stays as it is.
type MapRunUpdate struct {
	// MaxConcurrency holds for children that start from now on; 0 is no bound.
	MaxConcurrency             *int64
	ToleratedFailureCount      *int64
	ToleratedFailurePercentage *float64
}

// UpdateMapRun changes a map run while it runs. It returns when that is durable.
func (e *Engine) UpdateMapRun(ctx context.Context, arn string, u MapRunUpdate) error {
	if err := e.usable(); err != nil {
		return err
	}
	if err := u.check(); err != nil {
		return err
	}
	row, err := e.mapRun(ctx, arn)
	if err != nil {
		return err
	}
	var f mapFacts
	if err := json.Unmarshal(row.Data, &f); err != nil {
		return err
	}
	m := e.liveMapRun(row, &f)
	switch {
	case f.Status != interp.Running:
		return completedMapRun(arn)
	case m != nil:
		return m.update(ctx, u)
	case !e.o.Passive:
		return refuse(ErrValidation, "the map run %s goes on when its machine is deployed", arn)
	}
	f.apply(u)
	row.Data, _ = json.Marshal(f)
	return e.submit(&store.Batch{MapRuns: []store.MapRun{row}})
}

func completedMapRun(arn string) error {
	return refuse(ErrValidation, "Map Run cannot be updated because it is completed: '%s' (CANNOT_UPDATE_COMPLETED_MAP_RUN)", arn)
}

func (u *MapRunUpdate) check() error {
	if n := u.MaxConcurrency; n != nil && *n < 0 {
		return refuse(ErrValidation, "1 validation error detected: Value '%d' at 'maxConcurrency' failed to satisfy constraint: Member must have value greater than or equal to 0", *n)
	}
	if n := u.ToleratedFailureCount; n != nil && *n < 0 {
		return refuse(ErrValidation, "1 validation error detected: Value '%d' at 'toleratedFailureCount' failed to satisfy constraint: Member must have value greater than or equal to 0", *n)
	}
	if p := u.ToleratedFailurePercentage; p != nil && !(*p >= 0 && *p <= 100) {
		return refuse(ErrValidation, "1 validation error detected: Value '%v' at 'toleratedFailurePercentage' failed to satisfy constraint: Member must have value between 0 and 100", math.Round(*p*100)/100)
	}
	return nil
}

// apply notes an update.
func (l *mapLimits) apply(u MapRunUpdate) {
	l.Updated = true
	if u.MaxConcurrency != nil {
		l.MaxConcurrency = *u.MaxConcurrency
	}
	if u.ToleratedFailureCount != nil {
		l.ToleratedCount = *u.ToleratedFailureCount
		l.CountGiven = true
	}
	if u.ToleratedFailurePercentage != nil {
		l.ToleratedPercentage = *u.ToleratedFailurePercentage
		l.PercentageGiven = true
	}
}

// update changes a run that is in memory.
func (m *mapRun) update(ctx context.Context, u MapRunUpdate) error {
	done := make(chan error, 1)
	m.put(func() {
		if m.over || m.aborted {
			done <- completedMapRun(m.row.ARN)
			return
		}
		m.facts.apply(u)
		m.limits()
		m.answers = append(m.answers, done)
	})
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// limits tells the run what was updated.
func (m *mapRun) limits() {
	f := &m.facts
	if m.run == nil || !f.Updated {
		return
	}
	m.run.SetConcurrency(f.MaxConcurrency)
	if f.CountGiven {
		m.run.SetTolerance(&f.ToleratedCount, nil)
	}
	if f.PercentageGiven {
		m.run.SetTolerance(nil, &f.ToleratedPercentage)
	}
}
