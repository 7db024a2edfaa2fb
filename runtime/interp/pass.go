package interp

import (
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// pass executes a Pass state. JSONPath: InputPath, then Result or Parameters,
// ResultPath, OutputPath. A Result is literal at every depth.
func (x *Execution) pass(t *thread, s *graph.Pass) *failure {
	if s.JSONata {
		return x.leaveSimple(t, &s.Base)
	}
	result, f := x.passResult(t, s)
	if f != nil {
		return f
	}
	return x.deliver(t, &s.Base, s.ResultPath, result)
}

func (x *Execution) passResult(t *thread, s *graph.Pass) (*value.Doc, *failure) {
	effective, f := x.inputPath(t, s.InputPath)
	if f != nil {
		return nil, f
	}
	if s.Literal != nil {
		x.note(RawResult, s.Literal)
		return s.Literal, nil
	}
	if s.Parameters != nil {
		if effective, f = x.evalDoc(t, s.Parameters, graph.View{Input: effective}); f != nil {
			return nil, f
		}
	}
	x.note(AfterParameters, effective)
	return effective, nil
}
