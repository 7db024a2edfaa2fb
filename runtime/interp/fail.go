package interp

import (
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
)

// raise executes a Fail state. It has no exit event: what follows is the
// failure of the execution or of the enclosing state. Texts that the
// definition does not give stay absent.
func (x *Execution) raise(t *thread, s *graph.Fail) {
	raised := &failure{}
	for _, part := range []struct {
		field *graph.Scalar
		text  **string
	}{{s.Error, &raised.err}, {s.Cause, &raised.cause}} {
		if part.field == nil {
			continue
		}
		text, f := x.evalText(t, part.field)
		if f != nil {
			x.failState(t, f)
			return
		}
		*part.text = &text
	}
	x.failState(t, raised)
}
