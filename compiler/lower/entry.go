package lower

import (
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// settle gives variables to the values that need them, and places what is bound
// on the way into a scope, where no state stands that could assign it.
func (p *plan) settle(b *builder, s *scope, names *namer) {
	p.enter(b, s)
	for _, source := range p.local(s) {
		if !slices.ContainsFunc(p.uses[source], func(u use) bool { return !p.reaches(source, u) }) {
			continue
		}
		p.variables[source] = names.name(source)
		if source == s.input {
			s.entry.binds = []bind{{source, &spec.Expr{Op: spec.OpRef, Type: source.Type, Source: source}}}
			p.enter(b, s)
		}
	}
	for _, n := range s.nodes {
		for _, inner := range n.inner {
			p.settle(b, inner, names)
		}
	}
}

// local returns the values in use that come to be in the scope itself, in the
// order in which they do, so that names depend on nothing else.
func (p *plan) local(s *scope) []*spec.Source {
	var list []*spec.Source
	seen := make(map[*spec.Source]bool)
	add := func(source *spec.Source) {
		if source != nil && !seen[source] && len(p.uses[source]) > 0 {
			seen[source] = true
			list = append(list, source)
		}
	}
	add(s.input)
	s.every(func(e *edge) {
		if e.from != nil {
			add(p.gives(e))
			for _, bound := range e.from.sunk {
				add(bound.to)
			}
		}
		for _, bound := range e.binds {
			add(bound.to)
		}
	})
	return list
}

// enter places the bindings of a scope's entry. Where nothing else leads to the
// first state and nothing inside it reads them, they are made when it is left;
// else a Pass state makes them first.
func (p *plan) enter(b *builder, s *scope) {
	var binds []bind
	before := make([]int, len(s.entry.binds)+1) // how many of those before each are needed
	for i, x := range s.entry.binds {
		if len(p.uses[x.to]) > 0 && p.inlined[x.to] == nil {
			binds = append(binds, x)
		}
		before[i+1] = len(binds)
	}
	s.entry.binds = nil
	if len(binds) == 0 {
		return
	}
	first := s.entry.to
	if len(first.arriving) == 1 && len(first.leaving()) > 0 && !p.readInside(first, binds) && !hasMoment(binds) {
		sunk := len(first.sunk)
		first.sunk = append(first.sunk, binds...)
		p.moveUses(s.entry, binds, func(seen int) use { return use{node: first, seen: sunk + before[seen]} })
		return
	}
	n := b.make(s, madePass, b.unique(b.within(s, passName(binds))), s.block.Pos)
	s.nodes = append([]*node{n}, s.nodes[:len(s.nodes)-1]...)
	n.next = &edge{from: n, to: first, binds: binds}
	n.arriving = []*edge{s.entry}
	s.entry.to = n
	first.arriving[slices.Index(first.arriving, s.entry)] = n.next
	n.holds = s.input
	if s.outer != nil && s.input == nil {
		n.holds = s.outer.holds
	}
	p.moveUses(s.entry, binds, func(seen int) use { return use{edge: n.next, seen: before[seen]} })
}

// passName names a Pass state after what it assigns.
func passName(binds []bind) string {
	var names []string
	for _, b := range binds {
		if b.to.Kind != spec.FromItem {
			names = append(names, b.to.Name)
		}
	}
	switch n := len(names); {
	case n == 0 || n > 3:
		return "Set variables"
	case n == 1:
		return "Set " + names[0]
	default:
		return "Set " + strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}

// moveUses notes that the bindings of an entry, and what they use, are now at
// another place.
func (p *plan) moveUses(entry *edge, binds []bind, to func(seen int) use) {
	for _, b := range binds {
		b.value.Walk(func(x *spec.Expr) bool {
			if x.Op == spec.OpRef {
				for i, u := range p.uses[x.Source] {
					if u.edge == entry {
						p.uses[x.Source][i] = to(u.seen)
					}
				}
			}
			return true
		})
	}
}

// readInside reports whether a branch or iteration of the state reads one of the
// values, other than as its own input.
func (p *plan) readInside(n *node, binds []bind) bool {
	for _, b := range binds {
		for _, u := range p.uses[b.to] {
			if isInside(u, n) && !p.reaches(b.to, u) {
				return true
			}
		}
	}
	return false
}

func isInside(u use, n *node) bool {
	at := u.node
	if at == nil && u.edge.from != nil {
		at = u.edge.from
	}
	if at == nil {
		at = u.edge.to
	}
	for s := at.in; s != nil && s.outer != nil; s = s.outer.in {
		if s.outer == n {
			return true
		}
	}
	return false
}

func hasMoment(binds []bind) bool {
	return slices.ContainsFunc(binds, func(b bind) bool { return b.to.Kind == spec.FromMoment })
}
