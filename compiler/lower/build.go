package lower

import (
	"fmt"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// Operations that only lowering uses.
const (
	opCause  spec.Op = "cause"  // the document in a caught error's cause; Text is its name where a Lambda function may have failed
	opNumber spec.Op = "number" // the number that a text stands for
)

// builder lays steps out as nodes. What it has not yet led anywhere is pending.
type builder struct {
	in       *scope
	pending  []*edge
	handlers []handler // of the enclosing Trys, innermost last
	loops    map[int]*looping
	names    map[string]bool
	fold     *folder
	counts   counted
	shared   map[*spec.Block]map[int][]sharing
	problems diag.List
}

// A handler is a catcher of a Try that encloses what is being built.
type handler struct {
	catcher *spec.Catcher
	start   *node // a join
	last    bool  // catches everything: no handler further out is ever asked
}

type looping struct {
	head   *node
	breaks []*edge
	result *spec.Source
}

// scope builds a block as a States object of its own.
func (b *builder) scope(outer *node, block *spec.Block, input *spec.Source) *scope {
	s := &scope{outer: outer, input: input, block: block}
	s.end = &node{kind: end, in: s}
	s.entry = &edge{}
	c := builder{in: s, pending: []*edge{s.entry}, loops: make(map[int]*looping), names: b.names, fold: b.fold, shared: b.shared}
	result := c.block(block)
	for _, e := range c.pending {
		e.to, e.result = s.end, result
	}
	b.problems = append(b.problems, c.problems...)
	return s
}

// block builds the steps of a block and returns its result. What it learns of
// optional values, and what it computes ahead, holds to its end.
func (b *builder) block(block *spec.Block) *spec.Expr {
	known := len(b.fold.facts)
	defer func() {
		b.fold.facts = b.fold.facts[:known]
		for _, list := range b.shared[block] {
			for _, s := range list {
				delete(b.fold.shared, s.key)
			}
		}
	}()
	for i, step := range block.Steps {
		b.compute(block, i)
		b.step(step)
	}
	b.compute(block, len(block.Steps))
	if block.Result == nil {
		return nil
	}
	return b.fold.fold(block.Result)
}

// compute binds the values that are shared by what follows in the block.
func (b *builder) compute(block *spec.Block, i int) {
	for _, s := range b.shared[block][i] {
		b.bind(s.to, b.fold.fold(s.value))
		b.fold.shared[s.key] = &spec.Expr{Op: spec.OpRef, Type: s.value.Type, Source: s.to, Pos: s.value.Pos}
	}
}

func (b *builder) step(step spec.Step) {
	if _, ok := step.(*spec.Choice); !ok {
		step = spec.Rewrite(step, b.fold.fold)
	}
	switch s := step.(type) {
	case *spec.Call:
		b.call(s)
	case *spec.Wait:
		b.land(b.state(step))
	case *spec.Choice:
		b.choice(s)
	case *spec.Parallel:
		b.parallel(s)
	case *spec.Map:
		b.iterate(s)
	case *spec.Repeat:
		b.repeat(s)
	case *spec.Break:
		b.leave(s)
	case *spec.Continue:
		b.lead(b.loops[s.Loop].head)
	case *spec.Try:
		b.try(s)
	case *spec.Finally:
		b.finally(s)
	case *spec.Raw:
		b.raw(s)
	case *spec.Set:
		b.bind(s.Variable, s.Value)
	case *spec.Bind:
		b.bind(s.Result, s.Value)
	case *spec.Get: // only marks a place
	case *spec.Fail, *spec.Succeed:
		b.stop(b.state(step))
	default:
		panic(fmt.Sprintf("lower: no rule for %T", step))
	}
}

// state makes the node of a step.
func (b *builder) state(step spec.Step) *node {
	head := step.Head()
	n := &node{name: head.Name, step: step, pos: head.Pos, in: b.in}
	b.in.nodes = append(b.in.nodes, n)
	return n
}

// join makes a place for transitions to meet; lowering removes it again.
func (b *builder) join(pos spec.Pos) *node {
	n := &node{kind: join, pos: pos, in: b.in}
	b.in.nodes = append(b.in.nodes, n)
	return n
}

// make adds a state that no step stands for.
func (b *builder) make(s *scope, kind makeKind, name string, pos spec.Pos) *node {
	n := &node{name: name, made: kind, pos: pos, in: s}
	s.nodes = append(s.nodes, n)
	return n
}

// lead ends all pending transitions at n.
func (b *builder) lead(n *node) {
	for _, e := range b.pending {
		e.to = n
	}
	b.pending = nil
}

// land leads to n and goes on behind it.
func (b *builder) land(n *node) {
	b.lead(n)
	n.next = &edge{from: n}
	b.pending = []*edge{n.next}
}

// stop leads to n, which ends its scope.
func (b *builder) stop(n *node) { b.lead(n) }

// bind gives a source its value on all pending transitions.
func (b *builder) bind(to *spec.Source, value *spec.Expr) {
	if to == nil || value == nil {
		return
	}
	for _, e := range b.pending {
		e.binds = append(e.binds, bind{to, value})
	}
}

// body builds a nested block from the given transitions, binds its result, and
// returns the transitions that leave it.
func (b *builder) body(from []*edge, block *spec.Block, result *spec.Source) []*edge {
	b.pending = from
	b.bind(result, b.block(block))
	return b.pending
}

// unique returns the name, or the name with a number where a state has it.
func (b *builder) unique(name string) string {
	try := name
	for i := 2; b.names[try]; i++ {
		try = fmt.Sprintf("%s %d", name, i)
	}
	b.names[try] = true
	return try
}

// within names a state that lowering makes after the state that holds it.
func (b *builder) within(s *scope, name string) string {
	if s.outer == nil {
		return name
	}
	return s.outer.name + " - " + name
}

// fallible gives the node the catchers of all enclosing Trys. The way a catcher
// takes begins at its handler's join.
func (b *builder) fallible(n *node) {
	for i := len(b.handlers) - 1; i >= 0; i-- {
		h := b.handlers[i]
		n.caught = append(n.caught, h.edge(n))
		if h.last {
			return
		}
	}
}
