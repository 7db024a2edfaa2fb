package maprun

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
)

// The names of the errors of a run.
const (
	ErrThreshold = "States.ExceedToleratedFailureThreshold"
	ErrReader    = "States.ItemReaderFailed"
	ErrWriter    = "States.ResultWriterFailed"
	ErrDataLimit = "States.DataLimitExceeded"
)

// maxChildren is how many children AWS runs at the same time at most.
const maxChildren = 10000

// maxData is the limit of an input and of a result, in bytes.
const maxData = 256 << 10

// Options says in what surroundings a run takes place.
type Options struct {
	// Objects is where readers and writers find their objects; nil fails them.
	Objects objects.Store
	// Parent identifies the execution that the run belongs to.
	Parent interp.Info
	// Limit bounds the children that run at the same time, besides the
	// definition; 0 is AWS's 10,000.
	Limit int
	// Seed feeds the names of the children and their own randomness.
	Seed [2]uint64
}

// A Run is one run of a distributed Map state. It is not safe for concurrent
// use.
type Run struct {
	ctx     context.Context
	command *interp.StartMapRun
	options Options
	label   string // machine name and label
	random  rand.PCG
	items   Items
	batch   batcher
	limit   int // of the children that run at the same time
	most    int // of limit

	tolerated tolerance
	exhausted bool
	resuming  bool // nothing is judged
	aborted   bool // by the driver
	failure   *interp.RunError
	running   map[*Child]struct{}
	next      int // index of the next child
	counts    Counts
	results   results
	writer    *writer
}

// A tolerance is how much may fail; what the definition does not give is nil.
type tolerance struct {
	count *int64
	share *float64 // in percent
}

// Counts are the counters of a run, of its items and of its executions. The
// total is not known before all items have been read.
type Counts struct{ Items, Executions Tally }

// A Tally counts things by what became of them. Items that have not been read
// are in the total when their number is known.
type Tally struct {
	Total, Running, Succeeded, Failed, TimedOut, Aborted, Written int
	// PendingRedrive is how many did not succeed and wait to be redriven.
	PendingRedrive int
}

// Pending is how many have not been started.
func (t Tally) Pending() int { return t.Total - t.Running - t.PendingRedrive - t.Ended() }

// Ended is how many have been started and do not run any more.
func (t Tally) Ended() int { return t.Succeeded + t.Failed + t.TimedOut + t.Aborted }

// A Child is an execution that the run wants. It runs the machine of
// [Run.Machine].
type Child struct {
	// Index counts the children from 0.
	Index int
	// Items is how many items the child got.
	Items int
	// Start begins the child. Its limits are those of the child's kind.
	Start *interp.Started
	// Express says that the child is an Express workflow.
	Express bool

	started  time.Time
	redrives int
}

// New returns the run that a command asks for. What is wrong with the reader or
// the writer comes out as a failed run. The context is for reading and writing
// objects.
func New(ctx context.Context, c *interp.StartMapRun, o Options) *Run {
	r := &Run{ctx: ctx, command: c, options: o, running: map[*Child]struct{}{}, limit: maxChildren}
	r.random.Seed(o.Seed[0], o.Seed[1])
	_, after, _ := strings.Cut(c.ARN, ":mapRun:")
	r.label = after[:max(0, strings.LastIndexByte(after, ':'))]
	if o.Limit > 0 {
		r.limit = min(r.limit, o.Limit)
	}
	r.most = r.limit
	r.SetConcurrency(c.MaxConcurrency)
	d := c.Map.Distributed
	if d.ToleratedCount != nil {
		r.tolerated.count = &c.ToleratedCount
	}
	if d.ToleratedPercentage != nil {
		r.tolerated.share = &c.ToleratedPercentage
	}
	r.batch = batcher{limits: c.Batch, batched: d.Batcher != nil}
	r.results.transform(d)
	if d.Writer != nil && d.Writer.Resource != "" {
		r.writer = newWriter(r)
	}
	items, err := open(ctx, c, o.Objects)
	if err != nil {
		r.fail(err)
		return r
	}
	r.items = items
	return r
}

// SetConcurrency changes how many children may run at the same time, 0 for no
// bound of the definition's. Those that run go on.
func (r *Run) SetConcurrency(n int64) {
	r.limit = r.most
	if n > 0 {
		r.limit = int(min(int64(r.most), n))
	}
}

// SetTolerance changes how much may fail; nil stays as it is.
func (r *Run) SetTolerance(count *int64, percentage *float64) {
	if count != nil {
		r.tolerated.count = count
	}
	if percentage != nil {
		r.tolerated.share = percentage
	}
	r.judge()
}

// Room is how many more children may run at the same time.
func (r *Run) Room() int { return r.limit - len(r.running) }

// Counts returns the counters of the run.
func (r *Run) Counts() Counts {
	c := r.counts
	if sized, ok := r.items.(interface{ Len() int }); ok {
		c.Items.Total = sized.Len()
		if !r.batch.batched {
			c.Executions.Total = sized.Len()
		}
	}
	return c
}

// Next returns the next child to start at the given time. It is nil when no
// child may start now: as many run as may, there are no more, or the run has
// failed. See [Run.End].
func (r *Run) Next(now time.Time) *Child {
	if len(r.running) >= r.limit {
		return nil
	}
	return r.read(now)
}

func (r *Run) read(now time.Time) *Child {
	if r.failure != nil || r.exhausted {
		return nil
	}
	input, items, err := r.batch.next(r)
	switch {
	case errors.Is(err, io.EOF):
		r.exhausted = true
		r.items.Close()
		r.judge()
		return nil
	case err != nil:
		r.fail(err)
		return nil
	}
	c := &Child{Index: r.next, Items: items, Express: r.command.Map.Distributed.Express, started: now}
	c.Start = r.start(input, c.Express)
	r.next++
	r.running[c] = struct{}{}
	r.counts.Items.Total += items
	r.counts.Executions.Total++
	r.counts.Items.Running += items
	r.counts.Executions.Running++
	return c
}

// machine is the ARN of the machine of the children.
func (r *Run) machine() string {
	parent := r.options.Parent.StateMachineID
	return parent[:strings.LastIndexByte(parent, ':')+1] + r.label
}

// start makes up the names of a child.
func (r *Run) start(input *value.Doc, express bool) *interp.Started {
	p := r.options.Parent
	arn := strings.Replace(r.machine(), ":stateMachine:", ":execution:", 1)
	name := r.uuid()
	s := &interp.Started{
		Input: input, Limits: interp.StandardLimits(), Seed: [2]uint64{r.random.Uint64(), r.random.Uint64()},
		Info: interp.Info{
			ExecutionID: arn + ":" + name, ExecutionName: name, RoleARN: p.RoleARN, Region: p.Region,
			StateMachineID: r.machine(), StateMachine: r.label,
		},
	}
	if express {
		s.Limits = interp.ExpressLimits()
		s.Info.ExecutionID = strings.Replace(arn, ":execution:", ":express:", 1) + ":" + name + ":" + r.uuid()
	}
	return s
}

func (r *Run) uuid() string {
	var raw [16]byte
	for i := range raw {
		raw[i] = byte(r.random.Uint64() >> 32)
	}
	raw[6], raw[8] = raw[6]&0x0f|0x40, raw[8]&0x3f|0x80
	h := hex.EncodeToString(raw[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// Done reports how a child ended. A child that does not run any more is ignored.
func (r *Run) Done(c *Child, end *interp.Complete, now time.Time) {
	if _, ok := r.running[c]; !ok {
		return
	}
	delete(r.running, c)
	r.count(c, end.Status)
	if r.failure != nil && (r.writer == nil || r.failure.Name == ErrWriter) {
		return
	}
	e := entry{child: c, end: end, stopped: now}
	if r.writer != nil {
		if err := r.writer.add(&e); err != nil {
			r.fail(err)
		}
		r.counts.Items.Written += c.Items
		r.counts.Executions.Written++
	} else {
		r.results.add(&e)
	}
	r.judge()
}

func (r *Run) count(c *Child, s interp.Status) {
	for _, t := range []struct {
		tally *Tally
		n     int
	}{{&r.counts.Items, c.Items}, {&r.counts.Executions, 1}} {
		t.tally.Running -= t.n
		switch s {
		case interp.Succeeded:
			t.tally.Succeeded += t.n
		case interp.TimedOut:
			t.tally.TimedOut += t.n
		case interp.Aborted:
			t.tally.Aborted += t.n
		default:
			t.tally.Failed += t.n
		}
	}
}

// judge fails the run when more items have failed than it tolerates. The
// percentage is of all items, so that it waits until all have been read.
func (r *Run) judge() {
	failed := r.counts.Items.Failed + r.counts.Items.TimedOut
	if failed == 0 || r.resuming {
		return
	}
	total := r.counts.Items.Total
	if sized, ok := r.items.(interface{ Len() int }); ok && !r.batch.batched {
		total = sized.Len()
	} else if !r.exhausted {
		total = 0
	}
	t := r.tolerated
	overCount := t.count == nil && t.share == nil || t.count != nil && int64(failed) > *t.count
	overShare := t.share != nil && total > 0 && 100*float64(failed)/float64(total) > *t.share
	if overCount || overShare {
		r.fail(&interp.RunError{Name: ErrThreshold, Cause: "The specified tolerated failure threshold was exceeded"})
	}
}

func (r *Run) fail(err error) {
	if r.failure != nil {
		return
	}
	if !errors.As(err, &r.failure) {
		r.failure = &interp.RunError{Name: ErrReader, Cause: err.Error()}
	}
	if r.items != nil && !r.unread() {
		r.items.Close()
	}
}

// unread reports whether the items that have not been read are still to be
// written down.
func (r *Run) unread() bool {
	return r.writer != nil && r.items != nil && !r.exhausted && (r.failure.Name == ErrThreshold || r.aborted)
}

// Failed reports whether the run has failed; the driver then stops the children
// that still run and reports them done.
func (r *Run) Failed() bool { return r.failure != nil }

// End returns what the run tells the kernel, *interp.MapRunSucceeded or
// *interp.MapRunFailed, once nothing of it runs any more. It is nil before.
func (r *Run) End() interp.Event {
	if len(r.running) > 0 || r.failure == nil && !r.exhausted {
		return nil
	}
	output, err := r.output()
	if err != nil {
		r.fail(err)
	}
	if r.failure != nil {
		return &interp.MapRunFailed{Run: r.command.Run, Error: history.Ref(r.failure.Name), Cause: history.Ref(r.failure.Cause)}
	}
	return &interp.MapRunSucceeded{Run: r.command.Run, Output: output}
}

func (r *Run) output() (*value.Doc, error) {
	if r.writer != nil {
		if r.failure != nil && r.unread() {
			r.writer.pending()
			r.items.Close()
		}
		return r.writer.close()
	}
	if r.failure == nil && r.results.size > maxData {
		return nil, &interp.RunError{Name: ErrDataLimit, Cause: fmt.Sprintf(
			"The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit.", r.command.State)}
	}
	return r.results.doc(), nil
}
