package lower

import (
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A scope is one States object: the workflow, a branch, or an iteration.
type scope struct {
	remote bool         // an execution of its own, of a distributed Map
	outer  *node        // the Parallel or Map that holds the scope; nil for the workflow
	input  *spec.Source // what the first state gets as input; nil for a branch, which gets the Parallel's
	entry  *edge        // the way into the first state
	nodes  []*node      // in the order written
	end    *node        // where the scope's result is given
	block  *spec.Block
}

// A nodeKind tells states from the joins that threading removes.
type nodeKind uint8

const (
	state nodeKind = iota // becomes a state
	join                  // where transitions meet: a loop's head, a handler's start
	end                   // behind the last state
)

// A node is a state in the making.
type node struct {
	kind   nodeKind
	name   string
	step   spec.Step // what the state is of; nil for one that lowering makes
	made   makeKind
	pos    spec.Pos
	in     *scope
	next   *edge   // the way on; a Choice's default; nil for Fail and Succeed
	arms   []*edge // a Choice's rules
	caught []*edge // Catch
	inner  []*scope
	result *spec.Source // what the state's work gives, before any binding

	selector, batchInput *spec.Expr // of a distributed Map; nil for none
	input                *spec.Expr // of a state in JSON: what $states.input must be; nil for anything

	arriving []*edge // filled by thread
	out      []*edge // filled by leaving

	holds *spec.Source // planned: what the state's input is; nil: not one known value
	sunk  []bind       // planned: bindings of the scope's entry, made when its first state is left
	read  bool         // written: something reads the state's input
	state asl.State    // written
}

// A makeKind is the type of a state that no step of the user's stands for.
type makeKind uint8

const (
	madePass makeKind = iota
	madeSucceed
)

// An edge is a transition. Values that come to be on the way are bound on it, in
// order: a later binding sees the earlier ones.
type edge struct {
	from, to *node // from is nil for a scope's entry
	binds    []bind
	result   *spec.Expr   // of an edge to the end: the scope's result; nil for None
	cond     *spec.Expr   // of a rule
	errors   []string     // of a Catch
	err      *spec.Source // of a Catch: what stands for the error
	pos      spec.Pos     // of a rule or catcher

	carried *spec.Source   // planned: what the next state's input is; nil: what this state's is
	live    []*spec.Source // planned: the variables that are read behind it
	assign  value.Value    // written
	output  value.Value    // written, where there is one
}

// A bind gives a source its value.
type bind struct {
	to    *spec.Source
	value *spec.Expr
}

// leaving returns all transitions out of the node: rules first, as they are
// tried, then the way on, then what is caught. It must not be called before the
// node has them all.
func (n *node) leaving() []*edge {
	if n.out == nil {
		n.out = append(n.out, n.arms...)
		if n.next != nil {
			n.out = append(n.out, n.next)
		}
		n.out = append(n.out, n.caught...)
	}
	return n.out
}

// enters calls visit for the expressions that the state evaluates with its input.
func (n *node) enters(visit func(*spec.Expr)) {
	switch n.step.(type) {
	case nil:
	case *spec.Choice:
		for _, arm := range n.arms {
			visit(arm.cond)
		}
	case *spec.Parallel: // its Output is bound on the way on
	case *spec.Raw:
		if n.input != nil {
			visit(n.input)
		}
	default:
		spec.EveryExpr(n.step, visit)
	}
	for _, x := range []*spec.Expr{n.selector, n.batchInput} {
		if x != nil {
			visit(x)
		}
	}
}

// every calls visit for the edges of the scope, the entry first.
func (s *scope) every(visit func(*edge)) {
	visit(s.entry)
	for _, n := range s.nodes {
		for _, e := range n.leaving() {
			visit(e)
		}
	}
}

// thread removes the joins: a transition to one goes on to where the join leads,
// and takes the join's bindings with it. Then it drops the states that nothing
// leads to and adds those that Amazon States Language needs.
func (s *scope) thread(b *builder) {
	s.every(func(e *edge) {
		for hops := 0; e.to.kind == join; hops++ {
			if hops > len(s.nodes) {
				b.emptyLoop(e.to)
				e.to = s.end
				return
			}
			on := e.to.next
			e.binds = append(e.binds[:len(e.binds):len(e.binds)], on.binds...)
			if e.result == nil {
				e.result = on.result
			}
			e.to = on.to
		}
	})
	if len(b.problems) > 0 {
		return
	}
	s.prune()
	s.feed(b)
	s.hoist(b)
	s.finish(b)
	for _, n := range s.nodes {
		for _, inner := range n.inner {
			inner.thread(b)
		}
	}
}

// emptyLoop reports a loop once, from whichever way it was met.
func (b *builder) emptyLoop(head *node) {
	d := problem("EMPTY_LOOP", "add a Wait, or a Break", head.pos, "the loop goes round without a state")
	for _, other := range b.problems {
		if other.Code == d.Code && other.Pos == d.Pos {
			return
		}
	}
	b.problems = append(b.problems, d)
}

// prune keeps the states that can be reached, and notes how.
func (s *scope) prune() {
	reached := make(map[*node]bool)
	var visit func(e *edge)
	visit = func(e *edge) {
		e.to.arriving = append(e.to.arriving, e)
		if reached[e.to] {
			return
		}
		reached[e.to] = true
		for _, out := range e.to.leaving() {
			visit(out)
		}
	}
	visit(s.entry)
	kept := s.nodes[:0]
	for _, n := range s.nodes {
		if n.kind == state && reached[n] {
			kept = append(kept, n)
		}
	}
	s.nodes = kept
}

// finish makes the states that no step stands for: one where a scope would be
// empty, and one for a Choice or Catch to lead to at the end, since neither can
// end an execution itself.
func (s *scope) finish(b *builder) {
	if s.entry.to == s.end {
		n := b.make(s, madePass, b.unique(b.within(s, "Result")), s.block.Pos)
		n.next = &edge{from: n, to: s.end, binds: s.entry.binds, result: s.entry.result}
		n.arriving, s.entry.binds, s.entry.result = []*edge{s.entry}, nil, nil
		s.entry.to, s.end.arriving = n, []*edge{n.next}
		return
	}
	var done *node
	for i, e := range s.end.arriving {
		if e == e.from.next && !isChoice(e.from) {
			continue
		}
		if done == nil {
			done = b.make(s, madeSucceed, b.unique(b.within(s, "Done")), s.block.Pos)
		}
		e.to = done
		done.arriving = append(done.arriving, e)
		s.end.arriving[i] = nil
	}
}

func isChoice(n *node) bool {
	_, ok := n.step.(*spec.Choice)
	return ok
}
