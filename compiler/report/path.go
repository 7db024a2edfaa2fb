package report

import (
	"math"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
)

// A measure is what one visit of a state adds to a figure.
type measure func(graph.State) Span

// successors are the states that an execution may go on with. ends says that it
// may end there.
func successors(s graph.State) (next []graph.State, ends bool) {
	add := func(n graph.State) {
		if n != nil {
			next = append(next, n)
		}
	}
	switch s := s.(type) {
	case *graph.Choice:
		for i := range s.Rules {
			add(s.Rules[i].Next)
		}
		add(s.Default)
		return next, false
	case *graph.Succeed, *graph.Fail:
		return nil, true
	}
	add(s.Shared().Next)
	ends = s.Shared().Next == nil
	if h := graph.HandlersOf(s); h != nil {
		for i := range h.Catch {
			add(h.Catch[i].Next)
		}
	}
	return next, ends
}

// flow adds a measure up along the paths of a flow: the least of all paths, and
// the most when every loop is gone through once.
func (a *analysis) flow(f *graph.Flow, m measure) Span {
	groups := components(f.Start)
	spans := make(map[graph.State]Span)
	in := make(map[graph.State]*component)
	for _, g := range groups {
		for _, s := range g.states {
			spans[s], in[s] = m(s), g
		}
	}
	total := Span{Least: a.least(groups, spans)}
	// Components come in reverse order: what one leads to was there before.
	for _, g := range groups {
		var own Span
		for _, s := range g.states {
			own.Most += spans[s].Most
			own.Infinite = own.Infinite || spans[s].Infinite
		}
		g.span = own
		g.span.Infinite = own.Infinite || g.loop && own.Most > 0
		rest := 0.0
		for _, s := range g.states {
			next, _ := successors(s)
			for _, n := range next {
				if in[n] != g {
					rest = math.Max(rest, in[n].span.Most)
					g.span.Infinite = g.span.Infinite || in[n].span.Infinite
				}
			}
		}
		g.span.Most += rest
	}
	start := in[f.Start].span
	total.Most, total.Infinite = start.Most, start.Infinite
	return total
}

// least is the least that a path from the start to an end adds up to. Without an
// end it is infinite.
func (a *analysis) least(groups []*component, spans map[graph.State]Span) float64 {
	best := make(map[graph.State]float64)
	get := func(s graph.State) float64 {
		if v, ok := best[s]; ok {
			return v
		}
		return math.Inf(1)
	}
	for changed := true; changed; {
		changed = false
		for _, g := range groups {
			for _, s := range g.states {
				next, ends := successors(s)
				rest := math.Inf(1)
				if ends {
					rest = 0
				}
				for _, n := range next {
					rest = math.Min(rest, get(n))
				}
				if v := spans[s].Least + rest; v < get(s) {
					best[s], changed = v, true
				}
			}
		}
	}
	return get(groups[len(groups)-1].first)
}

// A component is a set of states that lead to each other: a loop, or one state
// alone.
type component struct {
	first  graph.State // where it was entered first
	states []graph.State
	loop   bool
	span   Span
}

// components finds the strongly connected components of the states that can be
// reached, by Tarjan's algorithm. What a component leads to comes before it; the
// start's own is the last.
func components(start graph.State) []*component {
	t := &tarjan{index: map[graph.State]int{}, low: map[graph.State]int{}, on: map[graph.State]bool{}}
	t.visit(start)
	return t.found
}

type tarjan struct {
	index, low map[graph.State]int
	on         map[graph.State]bool
	stack      []graph.State
	found      []*component
}

func (t *tarjan) visit(s graph.State) {
	t.index[s] = len(t.index) + 1
	t.low[s] = t.index[s]
	t.stack, t.on[s] = append(t.stack, s), true
	self := false
	next, _ := successors(s)
	for _, n := range next {
		self = self || n == s
		switch {
		case t.index[n] == 0:
			t.visit(n)
			t.low[s] = min(t.low[s], t.low[n])
		case t.on[n]:
			t.low[s] = min(t.low[s], t.index[n])
		}
	}
	if t.low[s] != t.index[s] {
		return
	}
	c := &component{first: s, loop: self}
	for {
		top := t.stack[len(t.stack)-1]
		t.stack, t.on[top] = t.stack[:len(t.stack)-1], false
		c.states = append(c.states, top)
		if top == s {
			break
		}
	}
	c.loop = c.loop || len(c.states) > 1
	t.found = append(t.found, c)
}
