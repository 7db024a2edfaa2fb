package lower

import (
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

func (b *builder) iterate(s *spec.Map) {
	n := b.state(s)
	n.result = s.Result
	n.inner = []*scope{b.scope(n, s.Body, s.Item)}
	b.land(n)
	b.fallible(n)
}

func (w writer) iterate(s *spec.Map) *asl.Map {
	m := &asl.Map{Items: w.value(s.Items), Retry: retriers(s.Retry)}
	if s.MaxConcurrency > 0 {
		m.MaxConcurrency = value.Int(int64(s.MaxConcurrency))
	}
	return m
}

// processor writes what runs for each item.
func (e *emitter) processor(n *node, m *asl.Map) {
	m.ItemProcessor = e.assemble(n.inner[0])
	m.ItemProcessor.ProcessorConfig = &asl.ProcessorConfig{Mode: asl.ModeInline}
}
