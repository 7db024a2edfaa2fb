package lower

import (
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

func (b *builder) choice(s *spec.Choice) {
	n := b.state(s)
	b.lead(n)
	var leaving []*edge
	for _, arm := range s.Arms {
		e := &edge{from: n, cond: arm.Condition, pos: arm.Pos}
		n.arms = append(n.arms, e)
		leaving = append(leaving, b.body([]*edge{e}, arm.Body, s.Result)...)
	}
	n.next = &edge{from: n}
	if s.Default == nil {
		b.pending = append(leaving, n.next)
		return
	}
	b.pending = append(leaving, b.body([]*edge{n.next}, s.Default, s.Result)...)
}

func (w writer) choice(n *node) *asl.Choice {
	c := &asl.Choice{}
	for _, arm := range n.arms {
		c.Choices = append(c.Choices, asl.Rule{Condition: value.String(jsonata(w.expr(arm.cond)))})
	}
	return c
}

// rules writes where a Choice leads.
func (e *emitter) rules(n *node, c *asl.Choice) {
	for i, arm := range n.arms {
		r := &c.Choices[i]
		r.Next, r.Assign, r.Output = arm.to.name, e.assigns[arm], e.output(arm)
	}
	c.Default, c.Assign, c.Output = n.next.to.name, e.assigns[n.next], e.output(n.next)
}
