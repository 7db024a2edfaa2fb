package lower

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

func (b *builder) parallel(s *spec.Parallel) {
	n := b.state(s)
	for _, branch := range s.Branches {
		n.inner = append(n.inner, b.scope(n, branch, nil))
	}
	b.land(n)
	b.fallible(n)
	b.bind(s.Result, s.Output)
}
