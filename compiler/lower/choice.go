package lower

import (
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

func (b *builder) choice(s *spec.Choice) {
	arms, otherwise := b.arms(s)
	if len(arms) == 0 { // it is known which way to go
		b.pending = b.body(b.pending, otherwise, s.Result)
		return
	}
	n := b.state(s)
	b.lead(n)
	var leaving []*edge
	known := len(b.fold.facts)
	for _, arm := range arms {
		e := &edge{from: n, cond: arm.Condition, pos: arm.Pos}
		n.arms = append(n.arms, e)
		before := len(b.fold.facts)
		b.fold.assume(arm.Condition, true)
		leaving = append(leaving, b.body([]*edge{e}, arm.Body, s.Result)...)
		b.fold.facts = b.fold.facts[:before]
		b.fold.assume(arm.Condition, false)
	}
	n.next = &edge{from: n}
	through := len(leaving) == 0 // only the default goes on, so what it knows stays known
	b.pending = append(leaving, b.body([]*edge{n.next}, otherwise, s.Result)...)
	if !through {
		b.fold.facts = b.fold.facts[:known]
	}
}

// arms returns the arms that may be taken, and what is done otherwise.
func (b *builder) arms(s *spec.Choice) ([]spec.Arm, *spec.Block) {
	known := len(b.fold.facts)
	defer func() { b.fold.facts = b.fold.facts[:known] }()
	var arms []spec.Arm
	for _, arm := range s.Arms {
		arm.Condition = b.fold.fold(arm.Condition)
		if truth, ok := boolean(arm.Condition); ok {
			if truth {
				return arms, arm.Body
			}
			continue
		}
		b.fold.assume(arm.Condition, false)
		arms = append(arms, arm)
	}
	if s.Default == nil {
		return arms, &spec.Block{Pos: s.Pos}
	}
	return arms, s.Default
}

func (w writer) choice(n *node) *asl.Choice {
	c := &asl.Choice{}
	for _, arm := range n.arms {
		c.Choices = append(c.Choices, asl.Rule{Condition: value.String(w.whole(func(w writer) term { return w.expr(arm.cond) }))})
	}
	return c
}

// rules writes where a Choice leads.
func (e *emitter) rules(n *node, c *asl.Choice) {
	for i, arm := range n.arms {
		r := &c.Choices[i]
		r.Next, r.Assign, r.Output = arm.to.name, arm.assign, e.output(arm)
	}
	c.Default, c.Assign, c.Output = n.next.to.name, n.next.assign, e.output(n.next)
}
