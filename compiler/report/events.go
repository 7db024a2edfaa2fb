package report

import (
	"cmp"
	"math"
	"slices"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
)

// maxEvents is how many events the history of a Standard execution may have.
const maxEvents = 25000

// Events bounds the length of histories.
type Events struct {
	// Limit is AWS's for Standard executions.
	Limit int `json:"limit"`
	// History is the length when nothing fails.
	History Span `json:"history"`
	// WithRetries is the most when every retry is used up, with every loop gone
	// through once.
	WithRetries float64 `json:"withRetries"`
	// Exceeds says that even that is too much: the execution fails on the way.
	Exceeds bool `json:"exceeds"`
}

// A Loop is a set of states that an execution can go through again and again.
type Loop struct {
	States []string `json:"states"`
	// Turn is how many events one turn has at least and at most.
	Turn Span `json:"eventsPerTurn"`
	// Turns is how many turns a history surely has room for, in every item of a
	// Map state when the loop is inside of one.
	Turns int `json:"turns"`
}

// A Map tells what the items of a Map state add to the history.
type Map struct {
	State string `json:"state"`
	// Distributed says that every item, or batch of items, has a history of its
	// own; Item is then the length of that one.
	Distributed bool `json:"distributed"`
	Item        Span `json:"eventsPerItem"`
	// Items is how many items the history surely has room for; -1 when there is
	// no bound.
	Items int `json:"items"`
}

func (a *analysis) events() Events {
	e := Events{Limit: maxEvents, History: a.execution(a.graph.Root)}
	e.WithRetries = 2 + a.flow(a.graph.Root, a.eventsWithRetries).rounded().Most
	e.Exceeds = !a.Options.Express && e.History.Least > maxEvents
	return e
}

// execution counts the events of a whole history.
func (a *analysis) execution(f *graph.Flow) Span {
	return a.flow(f, a.stateEvents).plus(Span{2, 2, false}).rounded()
}

// stateEvents counts the events of one visit of a state that does not fail.
func (a *analysis) stateEvents(s graph.State) Span { return a.count(s, false) }

// eventsWithRetries counts them with all retries used up.
func (a *analysis) eventsWithRetries(s graph.State) Span { return a.count(s, true) }

func (a *analysis) count(s graph.State, retries bool) Span {
	attempts := 0.0
	if h := graph.HandlersOf(s); h != nil && retries {
		for _, r := range h.Retry {
			attempts += float64(r.MaxAttempts)
		}
	}
	m := a.stateEvents
	if retries {
		m = a.eventsWithRetries
	}
	switch s := s.(type) {
	case *graph.Task: // entered, scheduled, started, [submitted,] succeeded, exited
		n := 5.0
		if s.Resource.Pattern != graph.RequestResponse {
			n = 6
		}
		return Span{n, n + attempts*(n-2), false}
	case *graph.Fail:
		return Span{1, 1, false}
	case *graph.Parallel: // entered, started, succeeded, exited
		var inner Span
		for _, b := range s.Branches {
			inner = inner.plus(a.flow(b, m))
		}
		inner = inner.plus(Span{2, 2, false})
		return Span{inner.Least + 2, inner.Most*(1+attempts) + 2, inner.Infinite}
	case *graph.Map:
		if s.Distributed != nil { // and map run started, succeeded
			return Span{6, 6 + attempts*4, false}
		}
		item := a.flow(s.Processor, m).plus(Span{2, 2, false})
		inner := item.times(float64(a.Items))
		return Span{inner.Least + 4, (inner.Most+2)*(1+attempts) + 2, inner.Infinite}
	}
	return Span{2, 2, false}
}

// loops finds the loops of all flows.
func (a *analysis) loops() []Loop {
	list := []Loop{}
	for _, f := range a.graph.Flows {
		root, times := a.within(f)
		base := a.execution(root).Most
		for _, c := range components(f.Start) {
			if !c.loop {
				continue
			}
			slices.SortFunc(c.states, byIndex)
			l := Loop{Turn: Span{Least: math.Inf(1)}}
			for _, s := range c.states {
				l.States = append(l.States, s.Shared().Name)
				l.Turn.Most += a.stateEvents(s).Most
			}
			l.Turn.Least = a.shortestTurn(c)
			l.Turn = l.Turn.rounded()
			l.Turns = 1 + int(math.Max(0, math.Floor((maxEvents-base)/(l.Turn.Most*times))))
			list = append(list, l)
		}
	}
	return list
}

// within returns the flow whose history has the events of a flow, and how often
// the flow runs in it: once for every item of the Map states around.
func (a *analysis) within(f *graph.Flow) (root *graph.Flow, times float64) {
	times = 1
	for f.Parent != nil {
		if each, ok := f.Parent.(*graph.Map); ok {
			if each.Distributed != nil {
				break
			}
			times *= float64(a.Items)
		}
		f = f.Parent.Shared().Flow
	}
	return f, times
}

// shortestTurn is the least that a way from a state of a loop back to itself
// has.
func (a *analysis) shortestTurn(c *component) float64 {
	best := math.Inf(1)
	for _, from := range c.states {
		dist := map[graph.State]float64{}
		for range c.states { // Bellman and Ford
			for _, s := range c.states {
				d, ok := dist[s]
				if s == from {
					d, ok = 0, true
				}
				if !ok {
					continue
				}
				next, _ := successors(s)
				for _, n := range next {
					if !slices.Contains(c.states, n) {
						continue
					}
					through := d + a.stateEvents(s).Least
					if n == from {
						best = math.Min(best, through)
					} else if old, known := dist[n]; !known || through < old {
						dist[n] = through
					}
				}
			}
		}
	}
	return best
}

// maps describes the Map states of all flows.
func (a *analysis) maps() []Map {
	list := []Map{}
	for _, s := range a.graph.States {
		each, ok := s.(*graph.Map)
		if !ok {
			continue
		}
		if each.Distributed != nil {
			list = append(list, Map{State: each.Name, Distributed: true, Item: a.execution(each.Processor), Items: -1})
			continue
		}
		m := Map{State: each.Name, Item: a.flow(each.Processor, a.stateEvents).plus(Span{2, 2, false}).rounded()}
		root, times := a.within(each.Flow)
		rest := a.execution(root).Most - m.Item.Most*float64(a.Items)*times
		m.Items = int(math.Max(0, math.Floor((maxEvents-rest)/(m.Item.Most*times))))
		list = append(list, m)
	}
	return list
}

func byIndex(a, b graph.State) int { return cmp.Compare(a.Shared().Index, b.Shared().Index) }
