package interp

import "github.com/stepsmith-dev/stepsmith/compiler/graph"

// raise executes a Fail state. It has no exit event: what follows is the
// failure of the execution or of the enclosing state. Texts that the
// definition does not give stay absent.
func (x *Execution) raise(t *thread, s *graph.Fail) *failure {
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
			return f
		}
		*part.text = &text
	}
	return raised
}

// evalText evaluates Error or Cause.
func (x *Execution) evalText(t *thread, field *graph.Scalar) (string, *failure) {
	v, err := field.EvalField(x.look(t, graph.View{Input: t.input}))
	switch {
	case err != nil:
		return "", x.wrong(t, err)
	}
	text, ok := v.Str()
	switch {
	case !ok && field.Path != "":
		return "", runtimeError(t, "The %s parameter does not reference a string: %s == %s", field.Field, field.Path, v)
	case !ok:
		return "", x.unexpected(t, field, v, "string")
	}
	return text, nil
}
