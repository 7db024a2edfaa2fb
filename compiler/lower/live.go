package lower

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// liven finds where the variables must be assigned: on the transitions behind
// which somebody reads them before they are assigned anew.
func (p *plan) liven(s *scope) {
	for _, source := range p.local(s) {
		if _, kept := p.variables[source]; kept {
			p.trace(s, source)
		}
	}
	for _, n := range s.nodes {
		for _, inner := range n.inner {
			p.liven(inner)
		}
	}
}

// trace goes from the reads of a variable of the scope back to its assignments.
func (p *plan) trace(s *scope, source *spec.Source) {
	seen := make(map[*node]bool)
	var work []*node
	read := func(n *node) {
		if !seen[n] {
			seen[n] = true
			work = append(work, n)
		}
	}
	for _, u := range p.uses[source] {
		if !p.reaches(source, u) {
			if n := within(s, u.holder()); n != nil {
				read(n)
			}
		}
	}
	for len(work) > 0 {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		for _, e := range n.arriving {
			e.live = append(e.live, source)
			if e.from != nil && !p.sets(e, source) {
				read(e.from)
			}
		}
	}
}

// holder is the state at which a use is evaluated: for a transition the state
// that it leaves, for a scope's entry the state that holds the scope.
func (u use) holder() *node {
	switch {
	case u.node != nil:
		return u.node
	case u.edge.from != nil:
		return u.edge.from
	default:
		return u.edge.to
	}
}

// within returns the state of the scope that n is, or is nested in.
func within(s *scope, n *node) *node {
	for n != nil && n.in != s {
		n = n.in.outer
	}
	return n
}

// sets reports whether a transition gives the value anew.
func (p *plan) sets(e *edge, source *spec.Source) bool {
	return lastBind(e.binds, source) >= 0 || p.gives(e) == source || lastBind(e.from.sunk, source) >= 0
}
