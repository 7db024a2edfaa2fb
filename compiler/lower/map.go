package lower

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

func (b *builder) iterate(s *spec.Map) {
	n := b.state(s)
	n.result = s.Result
	n.inner = []*scope{b.scope(n, s.Body, s.Item)}
	b.land(n)
	b.fallible(n)
}
