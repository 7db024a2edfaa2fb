package lower

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

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
