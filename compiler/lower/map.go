package lower

import (
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

func (b *builder) iterate(s *spec.Map) {
	n := b.state(s)
	n.result = s.Result
	if s.Distributed != nil {
		n.inner = []*scope{b.distribute(n, s)}
	} else {
		n.inner = []*scope{b.scope(n, s.Body, s.Item)}
	}
	b.land(n)
	b.fallible(n)
}

func (w writer) iterate(n *node, s *spec.Map) *asl.Map {
	m := &asl.Map{Items: w.scalar(s.Items), Retry: retriers(s.Retry), MaxConcurrency: w.scalar(s.ConcurrencyOf)}
	if s.MaxConcurrency > 0 {
		m.MaxConcurrency = value.Int(int64(s.MaxConcurrency))
	}
	if d := s.Distributed; d != nil {
		w.distributed(n, d, m)
	}
	return m
}

// processor writes what runs for each item.
func (e *emitter) processor(n *node, m *asl.Map) {
	m.ItemProcessor = e.assemble(n.inner[0])
	config := &asl.ProcessorConfig{Mode: asl.ModeInline}
	if d := n.step.(*spec.Map).Distributed; d != nil {
		config.Mode, config.ExecutionType = asl.ModeDistributed, string(spec.Standard)
		if d.Express {
			config.ExecutionType = string(spec.Express)
		}
	}
	m.ItemProcessor.ProcessorConfig = config
}
