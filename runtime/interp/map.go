package interp

import (
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// maxIterations is how many iterations of an inline Map run at the same time
// when the definition sets no bound, as AWS has it.
const maxIterations = 40

// forkIterations starts a Map state: its items are found, and as many
// iterations begin as may run at once.
func (x *Execution) forkIterations(t *thread, s *graph.Map) *failure {
	if s.Distributed != nil || x.visit != nil {
		return x.startRun(t, s)
	}
	items, f := x.items(t, s)
	if f != nil {
		return f
	}
	limit, f := x.concurrency(t, s)
	if f != nil {
		return f
	}
	n := items.Value().Len()
	started := x.follow(t, history.MapStateStarted, &history.Length{Length: n})
	g := &group{owner: t, items: items, limit: limit, results: make([]*value.Doc, n), tail: started}
	t.fork, t.phase = g, joining
	x.refill(g, s, started)
	return nil
}

// refill starts iterations until the bound is reached. They follow the given
// event.
func (x *Execution) refill(g *group, s *graph.Map, previous int64) {
	for len(g.live) < g.limit && g.next < len(g.results) && x.running() {
		if f := x.iterate(g, s, previous); f != nil {
			x.brokeOffSelector(g, f)
			return
		}
	}
	if g.done == len(g.results) {
		x.closeMap(g)
	}
}

// iterate starts the next iteration. Its input is the item, or what
// ItemSelector makes of it.
func (x *Execution) iterate(g *group, s *graph.Map, previous int64) *failure {
	slot := g.next
	input, f := x.itemInput(g, s, slot)
	if f != nil {
		return f
	}
	g.next++
	started := x.iterationEvent(previous, history.MapIterationStarted, g, slot)
	x.spawn(g, slot, s.Processor, input, started)
	return nil
}

// joinedIteration records an iteration's success. The next iteration follows
// the last event inside it, not the event of its success.
func (x *Execution) joinedIteration(g *group, t *thread, s *graph.Map) {
	g.tail = x.iterationEvent(t.previous, history.MapIterationSucceeded, g, t.slot)
	x.refill(g, s, t.previous)
}

// closeMap ends the Map state; its Exited event does not follow its Succeeded
// event but what that follows.
func (x *Execution) closeMap(g *group) {
	g.owner.previous = g.tail
	x.emit(g.tail, history.MapStateSucceeded, g.owner.state.Shared().Name, nil)
	x.close(g)
}

// brokeOffSelector fails the Map state because an iteration could not begin.
func (x *Execution) brokeOffSelector(g *group, f *failure) {
	x.abortGroup(g, g.owner.previous)
	x.collapse(g, f)
}

func (x *Execution) iterationEvent(previous int64, typ history.Type, g *group, slot int) int64 {
	name := g.owner.state.Shared().Name
	return x.emit(previous, typ, name, &history.Iteration{Name: name, Index: slot})
}
