package express

import (
	"context"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/maprun"
)

// RunMap does a run of a distributed Map state of an execution that is driven
// elsewhere: its children run in memory with the options, which are those of the
// execution. It returns the run's end, or nil when ctx is done first.
func RunMap(ctx context.Context, m *graph.Machine, c *interp.StartMapRun, o Options) interp.Event {
	o.fill()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	run := maprun.New(ctx, c, maprun.Options{
		Objects: o.Objects, Parent: o.Info, Limit: maxChildren,
		Seed: [2]uint64{o.Seed[0], o.Seed[1] ^ uint64(c.Run)},
	})
	type ended struct {
		child  *maprun.Child
		result *interp.Complete
	}
	results := make(chan ended)
	machine, running := m.Child(c.Map), 0
	for {
		for child := run.Next(o.Clock.Now()); child != nil; child = run.Next(o.Clock.Now()) {
			x := mapChild(machine, child, o)
			running++
			o.Clock.Begin()
			go func() {
				x.run(ctx, child.Start.Input)
				results <- ended{child, x.completion()}
			}()
		}
		if run.Failed() {
			cancel()
		}
		if running == 0 {
			if ctx.Err() != nil && !run.Failed() {
				return nil
			}
			return run.End()
		}
		o.Clock.End()
		r := <-results // the clock stands still because of the child's Begin
		running--
		run.Done(r.child, r.result, o.Clock.Now())
	}
}

func mapChild(m *graph.Machine, c *maprun.Child, o Options) *Execution {
	o.Info, o.Seed, o.Standard = c.Start.Info, c.Start.Seed, !c.Express
	o.Observe, o.DiscardHistory = nil, true
	x, err := newExecution(m, o)
	if err != nil {
		panic("express: " + err.Error()) // the machine is a part of ours
	}
	return x
}
