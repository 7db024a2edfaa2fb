package graph

import (
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A Pass state produces data.
type Pass struct {
	Base
	// Literal is the Result field, nil when absent.
	Literal *value.Doc
	// Parameters is nil when absent. JSONPath only.
	Parameters *Payload
	// ResultPath is nil for the whole.
	ResultPath *Target
}

func (c *compiler) pass(at pointer, p *Pass, s *asl.Pass) {
	if p.JSONata {
		return
	}
	if !s.Result.IsUndefined() {
		p.Literal = value.DocOf(s.Result)
	}
	p.Parameters = c.template(at.key("Parameters"), s.Parameters)
	p.ResultPath = c.target(at.key("ResultPath"), s.ResultPath)
}
