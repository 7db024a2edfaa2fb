package graph

import "github.com/stepsmith-dev/stepsmith/compiler/asl"

// A Parallel state runs its branches at the same time.
type Parallel struct {
	Base
	// Arguments is the input of every branch; nil means the state's input.
	Arguments *Payload
	Branches  []*Flow
	Result
	Handlers
}

func (c *compiler) parallel(at pointer, in *scope, p *Parallel, s *asl.Parallel) {
	if p.JSONata {
		p.Arguments = c.query(at.key("Arguments"), "Arguments", s.Arguments)
	} else {
		p.Arguments = c.template(at.key("Parameters"), s.Parameters)
		p.Result = c.result(at, s.ResultSelector, s.ResultPath)
	}
	p.Handlers = c.handlers(at, in, s.Retry, s.Catch, p.JSONata)
	if len(s.Branches) == 0 {
		c.fail(at.key("Branches"), "Value cannot be empty")
	}
	for i, branch := range s.Branches {
		p.Branches = append(p.Branches, c.flow(at.key("Branches").item(i), branch, p, i))
	}
}
