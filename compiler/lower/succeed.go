package lower

import (
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

func (w writer) succeed(s *spec.Succeed) *asl.Succeed {
	state := &asl.Succeed{}
	if s.Value == nil {
		return state
	}
	v := w.value(s.Value)
	if text, ok := v.Str(); !ok || text != jsonata(variable("states.input")) {
		state.Output = v
	}
	return state
}
