package runtime

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// StartSync runs an execution of an Express machine, which [Engine.Start] says how
// to give, and returns how it ended, whichever way; five minutes at most. It runs
// at most once, in memory alone, and there is no limit on how many do. When ctx is done it
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
	s := options(opts)
	if err := standard.CheckStart(s.name, doc); err != nil {
		return nil, err
	}
	o := e.expressOptions(&d, s)
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
	d, err := e.standard.Deployed(ctx, c.Machine)
	if err != nil {
		return "", err
	}
	return e.start(ctx, c.Machine, &d, c.Input, start{name: c.Name})
}

func (e *Engine) startExpress(ctx context.Context, d *standard.Deployed, input *value.Doc, s start) (string, error) {
	if err := standard.CheckStart(s.name, input); err != nil {
		return "", err
	}
	arn, err := e.queue.Start(ctx, e.newJob(d, input, s))
	if errors.Is(err, express.ErrClosed) {
		err = shuttingDown()
	}
	return arn, err
}

// startExpressChild is how a Standard execution starts an Express one, which is
// durable together with the task that wants it.
func (e *Engine) startExpressChild(d *standard.Deployed, c *invoke.Child) (arn string, start store.ExpressStart, durable func(error), err error) {
	if err := standard.CheckStart(c.Name, c.Input); err != nil {
		return "", start, nil, err
	}
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
		j := e.job(&d, start{})
		j.Start, j.Graph = s, g
		if err := e.queue.Resume(j); err != nil {
			return err
		}
	}
	return nil
}
