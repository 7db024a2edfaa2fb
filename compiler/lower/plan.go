package lower

import (
	"math"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A plan says for every value how it reaches its uses.
type plan struct {
	bindings  map[*spec.Source][]binding
	uses      map[*spec.Source][]use
	inlined   map[*spec.Source]*bind  // a moment evaluated where it is used, the only time it is
	variables map[*spec.Source]string // the values kept in workflow variables, and their names
	computed  map[*spec.Source]bool   // variables whose values are made on the way: not written twice, as an output too
	names     *namer
	counts    counted
}

// A use is a place where a source's value is needed: when a state is entered, or
// on a transition. It sees the bindings of that place that come before.
type use struct {
	node *node
	edge *edge // nil: when node is entered
	seen int
}

// everything is what the use of a state itself sees.
const everything = math.MaxInt

// A binding is a bind and where it stands.
type binding struct {
	*bind
	edge *edge
	at   int
}

func newPlan(top *scope, b *builder) *plan {
	p := &plan{
		bindings: make(map[*spec.Source][]binding), uses: make(map[*spec.Source][]use),
		inlined: make(map[*spec.Source]*bind), variables: make(map[*spec.Source]string),
		computed: make(map[*spec.Source]bool), names: newNamer(), counts: b.counts,
	}
	p.index(top)
	p.collect(top)
	p.flow(top, top.input)
	p.inline()
	p.settle(b, top, p.names)
	p.findComputed()
	p.liven(top)
	return p
}

// index finds the bindings of each source.
func (p *plan) index(s *scope) {
	s.every(func(e *edge) {
		for i := range e.binds {
			b := &e.binds[i]
			p.bindings[b.to] = append(p.bindings[b.to], binding{b, e, i})
		}
	})
	for _, n := range s.nodes {
		for _, inner := range n.inner {
			p.index(inner)
		}
	}
}

// collect finds the uses that matter: those of the states and results, and those
// of bindings whose own source is used.
func (p *plan) collect(s *scope) {
	s.every(func(e *edge) {
		p.needs(e.result, use{edge: e, seen: len(e.binds)})
	})
	for _, n := range s.nodes {
		n.enters(func(x *spec.Expr) { p.needs(x, use{node: n, seen: everything}) })
		for _, inner := range n.inner {
			p.collect(inner)
		}
	}
}

// needs notes the sources that x refers to, and what those are bound to.
func (p *plan) needs(x *spec.Expr, at use) {
	x.Walk(func(x *spec.Expr) bool {
		if x.Op == spec.OpRef && x.Source.Kind != spec.FromParam {
			p.need(x.Source, at)
		}
		return true
	})
}

func (p *plan) need(s *spec.Source, at use) {
	first := len(p.uses[s]) == 0
	p.uses[s] = append(p.uses[s], at)
	if !first {
		return
	}
	for _, b := range p.bindings[s] {
		p.needs(b.value, use{edge: b.edge, seen: b.at})
	}
}

// flow finds what each state's input is, given the first state's.
func (p *plan) flow(s *scope, first *spec.Source) {
	known := make(map[*node]bool)
	work := []*edge{s.entry}
	arrives := func(e *edge) *spec.Source {
		if e.from == nil {
			return first
		}
		return p.carries(e)
	}
	for len(work) > 0 {
		e := work[0]
		work = work[1:]
		n, in := e.to, arrives(e)
		if n.kind == end || known[n] && (n.holds == in || n.holds == nil) {
			continue
		}
		if known[n] {
			in = nil // it differs from way to way
		}
		known[n], n.holds = true, in
		work = append(work, n.leaving()...)
	}
	for _, n := range s.nodes {
		for _, inner := range n.inner {
			if inner.input != nil {
				p.flow(inner, inner.input)
			} else {
				p.flow(inner, n.holds)
			}
		}
	}
}

// carries decides what a transition hands to the next state as its input: a
// value bound on the way, or else what the state's work gave, or else the input
// of the state that it leaves. Where one of them is used by the very next state,
// that one goes.
func (p *plan) carries(e *edge) *spec.Source {
	var candidates []*spec.Source
	for i := len(e.binds) - 1; i >= 0; i-- {
		if s := e.binds[i].to; carriable(s) && len(p.uses[s]) > 0 {
			candidates = append(candidates, s)
		}
	}
	if own := p.gives(e); own != nil {
		candidates = append(candidates, own)
	}
	e.carried = nil
	for _, s := range candidates {
		if p.usedAt(s, e.to) {
			e.carried = s
			return s
		}
	}
	if len(candidates) > 0 {
		e.carried = candidates[0]
		return candidates[0]
	}
	if passesInput(e) {
		return e.from.holds
	}
	return nil
}

func carriable(s *spec.Source) bool {
	return s.Kind != spec.FromVariable && s.Kind != spec.FromMoment
}

// gives returns the source whose value a transition has without any binding.
func (p *plan) gives(e *edge) *spec.Source {
	if e.errors != nil {
		return e.err
	}
	return e.from.result
}

// passesInput reports whether a state's output is its input by default.
func passesInput(e *edge) bool {
	if e.errors != nil {
		return false
	}
	switch e.from.step.(type) {
	case *spec.Call, *spec.Parallel, *spec.Map, *spec.Raw:
		return false
	}
	return true
}

func (p *plan) usedAt(s *spec.Source, n *node) bool {
	for _, u := range p.uses[s] {
		if u.node == n {
			return true
		}
	}
	return false
}

// inline finds the moments that are used once, by the very state that all ways
// with the binding lead to: they need no variable.
func (p *plan) inline() {
	for source, bindings := range p.bindings {
		uses := p.uses[source]
		if source.Kind != spec.FromMoment || p.counts[source] != 1 || len(uses) != 1 || uses[0].node == nil {
			continue
		}
		if n := uses[0].node; len(n.arriving) == len(bindings) && allLead(bindings, n) {
			p.inlined[source] = bindings[0].bind
		}
	}
}

func allLead(bindings []binding, n *node) bool {
	for _, b := range bindings {
		if b.edge.to != n {
			return false
		}
	}
	return true
}

// reaches reports whether a use has the value without a variable.
func (p *plan) reaches(s *spec.Source, u use) bool {
	if s.Kind == spec.FromInput || s.Kind == spec.FromToken || p.inlined[s] != nil {
		return true
	}
	from, seen := u.node, u.seen
	if u.edge != nil {
		e := u.edge
		if lastBind(e.binds[:u.seen], s) >= 0 {
			return true
		}
		if e.from == nil {
			return e.to.in.input == s
		}
		if p.gives(e) == s || e.errors == nil && isOutcome(e.from, s) {
			return true
		}
		from, seen = e.from, everything
	}
	sunk := from.sunk
	return lastBind(sunk[:min(seen, len(sunk))], s) >= 0 || p.isInput(s, from)
}

// isInput reports whether a state reads a value as its input.
func (p *plan) isInput(s *spec.Source, n *node) bool {
	return n.holds == s && s.Kind != spec.FromVariable && !p.computed[s]
}

// findComputed finds the variables that some transition computes. The state
// behind it reads the variable, too: to hand the value over as its input would
// compute it twice.
func (p *plan) findComputed() {
	for source := range p.variables {
		for _, b := range p.bindings[source] {
			if root, _ := rootOf(b.value); root == nil && source.Kind != spec.FromRaw {
				p.computed[source] = true
			}
		}
	}
}

// lastBind returns the index of the last binding of s; -1 for none.
func lastBind(binds []bind, s *spec.Source) int {
	for i := len(binds) - 1; i >= 0; i-- {
		if binds[i].to == s {
			return i
		}
	}
	return -1
}

func isOutcome(n *node, s *spec.Source) bool {
	parallel, ok := n.step.(*spec.Parallel)
	return ok && s.Kind == spec.FromBranch && s.Index < len(parallel.Outcomes) && parallel.Outcomes[s.Index] == s
}
