package express

import (
	"context"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/maprun"
)

// maxChildren is how many children of a map run run at the same time at most:
// each has a goroutine of its own, and more would not make it faster.
const maxChildren = 1000

// A mapRun is a run of a distributed Map state. Its children are executions in
// memory, with the handlers and the clock of their parent.
type mapRun struct {
	*maprun.Run
	id       interp.RunID
	machine  *graph.Machine
	children map[*Execution]struct{} // that run
}

func (x *Execution) startMapRun(c *interp.StartMapRun) {
	r := &mapRun{id: c.Run, machine: x.machine.Child(c.Map), children: make(map[*Execution]struct{})}
	if x.mapRuns == nil {
		x.mapRuns = make(map[interp.RunID]*mapRun)
		x.life, x.endLife = context.WithCancel(x.ctx)
	}
	r.Run = maprun.New(x.life, c, maprun.Options{
		Objects: x.options.Objects, Parent: x.options.Info, Limit: maxChildren,
		Seed: [2]uint64{x.options.Seed[0], x.options.Seed[1] ^ uint64(c.Run)},
	})
	x.mapRuns[c.Run] = r
	x.goOn(r)
}

func (x *Execution) stopMapRun(id interp.RunID) {
	if r := x.mapRuns[id]; r != nil {
		r.halt()
		delete(x.mapRuns, id)
	}
}

// halt aborts the children that run.
func (r *mapRun) halt() {
	for child := range r.children {
		child.Stop("", "")
	}
}

// endMapRuns tells map runs that the execution has ended.
func (x *Execution) endMapRuns() {
	if x.endLife != nil {
		x.endLife()
	}
}

// goOn starts as many children as may run, and ends the run when it has ended.
func (x *Execution) goOn(r *mapRun) {
	if x.mapRuns[r.id] != r {
		return // stopped meanwhile
	}
	for c := r.Next(x.clock.Now()); c != nil; c = r.Next(x.clock.Now()) {
		x.startMapChild(r, c)
	}
	if r.Failed() {
		r.halt()
	}
	if e := r.End(); e != nil {
		x.stopMapRun(r.id)
		x.put(item{event: e})
	}
}

func (x *Execution) startMapChild(r *mapRun, c *maprun.Child) {
	child := mapChild(r.machine, c, x.options)
	r.children[child] = struct{}{}
	child.then = func() {
		x.put(item{call: func() {
			delete(r.children, child)
			r.Done(c, child.completion(), x.clock.Now())
			x.goOn(r)
		}})
	}
	child.Start(x.life, c.Start.Input)
}

// completion is how the execution ended, in the kernel's words.
func (x *Execution) completion() *interp.Complete {
	c := &interp.Complete{Status: x.result.Status, Output: x.result.Output}
	if x.result.Error != "" {
		c.Error = &x.result.Error
	}
	if x.result.Cause != "" {
		c.Cause = &x.result.Cause
	}
	return c
}
