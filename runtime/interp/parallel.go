package interp

import (
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// forkBranches starts every branch of a Parallel state with a copy of the
// effective input.
func (x *Execution) forkBranches(t *thread, s *graph.Parallel) *failure {
	input, f := x.effectiveInput(t, &s.Base, s.Arguments)
	if f != nil {
		return f
	}
	if x.visit != nil {
		t.phase = joining
		x.command(&ForkBranches{State: s.Name, Branches: len(s.Branches), Input: input})
		return nil
	}
	started := x.follow(t, history.ParallelStateStarted, nil)
	g := &group{owner: t, results: make([]*value.Doc, len(s.Branches)), live: make([]*thread, 0, len(s.Branches))}
	t.fork, t.phase = g, joining
	for i, flow := range s.Branches {
		x.spawn(g, i, flow, input, started)
	}
	return nil
}

// joinedBranch ends the Parallel state after its last branch. Both its
// Succeeded and its Exited event follow the last event of that branch.
func (x *Execution) joinedBranch(g *group, last *thread) {
	if g.done < len(g.results) {
		return
	}
	g.owner.previous = last.previous
	x.emit(last.previous, history.ParallelStateSucceeded, g.owner.state.Shared().Name, nil)
	x.close(g)
}

// containerFailed records that a Parallel or Map state has failed for good.
// What went wrong in the state's own paths fails the execution without it.
func (x *Execution) containerFailed(t *thread, f *failure) {
	if f.fatal && !f.inner {
		return
	}
	switch t.state.(type) {
	case *graph.Parallel:
		x.follow(t, history.ParallelStateFailed, nil)
	case *graph.Map:
		x.follow(t, history.MapStateFailed, nil)
	}
}
