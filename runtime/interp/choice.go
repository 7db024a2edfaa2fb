package interp

import (
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// choose executes a Choice state. The rule that holds brings its own Output and
// Assign; those of the state belong to Default.
func (x *Execution) choose(t *thread, s *graph.Choice) *failure {
	effective, f := x.inputPath(t, s.InputPath)
	if f != nil {
		return f
	}
	env := x.look(t, graph.View{Input: effective})
	for i := range s.Rules {
		r := &s.Rules[i]
		holds, err := r.Holds(env)
		if err != nil {
			return x.wrong(t, err)
		}
		if holds {
			return x.leaveChoice(t, s, effective, r.Output, r.Assign, r.Next)
		}
	}
	if s.Default == nil {
		return runtimeError(t, "Failed to transition out of the state. The state does not point to a next state.")
	}
	return x.leaveChoice(t, s, effective, s.Output, s.Assign, s.Default)
}

func (x *Execution) leaveChoice(t *thread, s *graph.Choice, effective *value.Doc, output *graph.Payload, assign *graph.Assign, next graph.State) *failure {
	if s.JSONata {
		return x.leaveQuery(t, output, assign, graph.View{Input: t.input}, t.input, next)
	}
	return x.leavePath(t, &s.Base, assign, effective, effective, next)
}
