package runtime

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// StartSync runs an execution of an Express machine and returns how it ended,
// whichever way; five minutes at most. It runs at most once. When ctx is done it
// is aborted, and the error is ctx's.
func (e *Engine) StartSync(ctx context.Context, machine string, input json.RawMessage, opts ...Option) (*Description, error) {
	d, err := e.standard.Deployed(ctx, machine)
	if err != nil {
		return nil, err
	}
	if Type(d.Type) != Express {
		return nil, &Error{Code: standard.ErrStateMachineTypeNotSupported.Code, Message: "This operation is not supported by this type of state machine"}
	}
	doc, err := parseInput(input)
	if err != nil {
		return nil, err
	}
	o := e.expressOptions(d, options(opts))
	o.Info.HideRedriveCount = true
	x, err := express.New(d.Graph, o)
	if err != nil {
		return nil, err
	}
	if !e.callers.enter(x) {
		return nil, shuttingDown()
	}
	defer e.callers.leave(x)
	r, err := x.Run(ctx, doc)
	if err != nil {
		return nil, err
	}
	info := x.Info()
	return &Description{
		ARN: info.ExecutionID, Name: info.ExecutionName, MachineARN: info.StateMachineID,
		Status: r.Status, Started: r.Started, Stopped: r.Stopped,
		Input: doc, Output: r.Output, Error: r.Error, Cause: r.Cause,
	}, nil
}

func shuttingDown() error {
	return &Error{Code: ErrShutdown.Code, Message: "the engine is shutting down"}
}

// callers are those of StartSync and the executions that they wait for.
type callers struct {
	mu     sync.Mutex
	wait   map[*express.Execution]struct{}
	closed bool
	gone   chan struct{} // is closed when no more come and the last has gone
}

func newCallers() callers {
	return callers{wait: make(map[*express.Execution]struct{}), gone: make(chan struct{})}
}

// enter takes note of a caller, unless no more may come.
func (c *callers) enter(x *express.Execution) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.wait[x] = struct{}{}
	return true
}

func (c *callers) leave(x *express.Execution) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.wait, x)
	c.dismiss()
}

// dismiss tells who closes that there is nobody left. c.mu is held.
func (c *callers) dismiss() {
	if c.closed && len(c.wait) == 0 {
		close(c.gone)
	}
}

// close lets nobody enter any more and waits until the last has left. When ctx is
// done, the executions that are left are aborted.
func (c *callers) close(ctx context.Context) error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		<-c.gone
		return nil
	}
	c.closed = true
	c.dismiss()
	c.mu.Unlock()
	select {
	case <-c.gone:
		return nil
	case <-ctx.Done():
	}
	c.mu.Lock()
	left := slices.Collect(maps.Keys(c.wait))
	c.mu.Unlock()
	for _, x := range left {
		x.Abort(shuttingDown())
	}
	<-c.gone
	return context.Cause(ctx)
}

// expressOptions are the options of an Express execution of a machine.
func (e *Engine) expressOptions(d *standard.Deployed, s start) express.Options {
	return express.Options{
		Handlers: d.Handlers, HTTP: e.o.HTTP, Objects: e.o.Objects, Clock: e.o.Clock, Name: s.name, Machine: d.Name, Info: d.Info,
		Seed: s.seed, DiscardHistory: true, Hook: e.hook, Hands: e.hands,
		StartChild: e.startChild,
	}
}

// startForTask starts what a task of an Express execution wants started.
func (e *Engine) startForTask(ctx context.Context, c *invoke.Child) (arn string, err error) {
	var input json.RawMessage
	if c.Input != nil {
		input = json.RawMessage(c.Input.Text())
	}
	return e.Start(ctx, c.Machine, input, Name(c.Name))
}

func (e *Engine) startExpress(ctx context.Context, d *standard.Deployed, input *value.Doc, s start) (string, error) {
	return e.queue.Start(ctx, e.newJob(d, input, s))
}

// startExpressChild is how a Standard execution starts an Express one, which is
// durable together with the task that wants it.
func (e *Engine) startExpressChild(d *standard.Deployed, c *invoke.Child) (arn string, start store.ExpressStart, durable func(error), err error) {
	j := e.newJob(d, c.Input, options([]Option{Name(c.Name)}))
	durable, err = e.queue.Prepare(j)
	return j.Options.Info.ExecutionID, j.Start, durable, err
}

func (e *Engine) newJob(d *standard.Deployed, input *value.Doc, s start) *express.Job {
	j := e.job(d, s)
	j.Input, j.Twice = input, s.twice
	j.Start = store.ExpressStart{
		ID: e.standard.NextID(), Machine: d.Machine, Definition: d.Definition, Started: e.o.Clock.Now().UnixNano(),
	}
	return j
}

func (e *Engine) job(d *standard.Deployed, s start) *express.Job {
	return &express.Job{Graph: d.Graph, Options: e.expressOptions(d, s)}
}

// resume runs again what was acknowledged and did not end.
func (e *Engine) resume(ctx context.Context, machine string) error {
	d, err := e.standard.Deployed(ctx, machine)
	if err != nil {
		return err
	}
	starts, err := e.store.ExpressStarts(ctx, d.Machine)
	if err != nil {
		return err
	}
	for _, s := range starts {
		g, err := e.standard.Graph(ctx, d.Name, s.Definition)
		if err != nil {
			return err
		}
		j := e.job(d, start{})
		j.Start, j.Graph = s, g
		if err := e.queue.Resume(j); err != nil {
			return err
		}
	}
	return nil
}
