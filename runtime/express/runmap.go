package express

import (
	"context"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/maprun"
)

// StartMapChild begins a child of a map run whose execution is driven elsewhere;
// m is the machine of the children and o the options of the execution. done is
// called when the child has ended, before the clock may move. stop aborts the
// child; it is aborted when ctx is done, too, but the clock may move before that.
func StartMapChild(ctx context.Context, m *graph.Machine, c *maprun.Child, o Options, done func(*interp.Complete)) (stop func()) {
	o.fill()
	x := mapChild(m, c, o)
	x.then = func() { done(x.completion()) }
	x.Start(ctx, c.Start.Input)
	return func() { x.Stop("", "") }
}

func mapChild(m *graph.Machine, c *maprun.Child, o Options) *Execution {
	o.Info, o.Seed, o.Standard = c.Start.Info, c.Start.Seed, !c.Express
	o.Observe, o.DiscardHistory = nil, true
	x, err := New(m, o)
	if err != nil {
		panic("express: " + err.Error()) // the machine is a part of ours
	}
	return x
}
