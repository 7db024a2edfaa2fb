package lower

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

func (b *builder) call(s *spec.Call) {
	n := b.state(s)
	n.result = s.Result
	b.land(n)
	b.fallible(n)
}
