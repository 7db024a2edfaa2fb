package lower

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

func (b *builder) repeat(s *spec.Repeat) {
	l := &looping{head: b.join(s.Pos), result: s.Result}
	b.loops[s.Loop] = l
	b.land(l.head)
	b.block(s.Body)
	b.lead(l.head)
	b.pending = l.breaks
}

func (b *builder) leave(s *spec.Break) {
	l := b.loops[s.Loop]
	b.bind(l.result, s.Value)
	l.breaks = append(l.breaks, b.pending...)
	b.pending = nil
}
