package graph

import "github.com/stepsmith-dev/stepsmith/compiler/asl"

// A Fail state ends its flow with an error. Both texts are optional.
type Fail struct {
	Base
	Error, Cause *Scalar
}

func (c *compiler) failState(at pointer, f *Fail, s *asl.Fail) {
	f.Error = c.scalar(at, "Error", s.Error, s.ErrorPath, f.JSONata)
	f.Cause = c.scalar(at, "Cause", s.Cause, s.CausePath, f.JSONata)
}
