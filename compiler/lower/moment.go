package lower

import (
	"slices"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// counted tells how often each source is used, in the graph before threading,
// where every expression stands once. Uses in a function of an expression count
// twice: they are evaluated for each item.
type counted map[*spec.Source]int

func (c counted) scope(s *scope) {
	s.every(func(e *edge) {
		for _, b := range e.binds {
			c.expr(b.value, 1)
		}
		if e.result != nil {
			c.expr(e.result, 1)
		}
	})
	for _, n := range s.nodes {
		n.enters(func(x *spec.Expr) { c.expr(x, 1) })
		for _, inner := range n.inner {
			c.scope(inner)
		}
	}
}

func (c counted) expr(x *spec.Expr, times int) {
	if x.Op == spec.OpLambda {
		times = 2
	}
	if x.Op == spec.OpRef {
		c[x.Source] += times
	}
	for _, arg := range x.Args {
		c.expr(arg, times)
	}
}

// hoist gives a Pass state to each time, id and random number that the very
// transition which takes it uses more than once: evaluated in two fields, it
// would be two different ones.
func (s *scope) hoist(b *builder) {
	var edges []*edge
	s.every(func(e *edge) { edges = append(edges, e) })
	for _, e := range edges {
		if i := e.lastShared(b.counts); i >= 0 {
			s.split(b, e, i+1, b.unique(b.within(s, splitName(e, i+1))))
		}
	}
}

// lastShared returns the index of the last moment bound on the transition that
// must be a variable before the rest is evaluated; -1 for none.
func (e *edge) lastShared(counts counted) int {
	last := -1
	for i, b := range e.binds {
		if b.to.Kind == spec.FromMoment && e.uses(b.to, i) && !e.once(b.to, i, counts) {
			last = i
		}
	}
	return last
}

// uses reports whether the transition uses a source behind its i-th binding.
func (e *edge) uses(s *spec.Source, i int) bool {
	for _, b := range e.binds[i+1:] {
		if refersTo(b.value, s) {
			return true
		}
	}
	return e.result != nil && refersTo(e.result, s)
}

// once reports whether what the i-th binding gives is evaluated once although it
// is written where it is used: all there is is one use, whose own value is in
// turn used once.
func (e *edge) once(s *spec.Source, i int, counts counted) bool {
	if counts[s] != 1 {
		return false
	}
	for j, b := range e.binds[i+1:] {
		if refersTo(b.value, s) {
			return counts[b.to] == 0 || e.once(b.to, i+1+j, counts)
		}
	}
	return true
}

func refersTo(x *spec.Expr, s *spec.Source) bool {
	found := false
	x.Walk(func(x *spec.Expr) bool {
		found = found || x.Op == spec.OpRef && x.Source == s
		return !found
	})
	return found
}

// split puts a Pass state on a transition: the first n bindings are made on the
// way to it, the others when it is left.
func (s *scope) split(b *builder, e *edge, n int, name string) {
	pass := b.make(s, madePass, name, e.binds[max(n-1, 0)].to.Pos)
	next := &edge{from: pass, to: e.to, binds: e.binds[n:], result: e.result}
	for i, arriving := range e.to.arriving {
		if arriving == e {
			e.to.arriving[i] = next
		}
	}
	e.to, e.binds, e.result = pass, e.binds[:n:n], nil
	pass.next, pass.arriving = next, []*edge{e}
	at := slices.Index(s.nodes, e.from) + 1 // behind the state that it follows
	s.nodes = slices.Insert(s.nodes[:len(s.nodes)-1], at, pass)
}

// splitName names the Pass state behind the first n bindings of a transition,
// after what it does: it binds the others, or makes a result.
func splitName(e *edge, n int) string {
	others := slices.DeleteFunc(slices.Clone(e.binds[n:]), func(b bind) bool { return b.to.Kind == spec.FromMoment })
	if len(others) == 0 {
		return "Result"
	}
	return passName(others)
}
