package interp

import (
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// checkParameters refuses parameters that a service integration does not take.
// AWS finds that before the task is scheduled.
func checkParameters(t *thread, r *graph.Resource, input *value.Doc) *failure {
	if r.Type != "apigateway" || r.Action() != "invoke" {
		return nil
	}
	for _, field := range []string{"Headers", "QueryParameters"} {
		if v := input.Value().Get(field); !listsOfText(v) {
			return runtimeError(t, "The Parameters '%s' could not be used to start the Task: [The value of the field '%s' has an invalid format]",
				input.Value(), field)
		}
	}
	return nil
}

// listsOfText reports whether a value is absent, or an object of lists of
// strings.
func listsOfText(v value.Value) bool {
	switch v.Kind() {
	case value.KindUndefined, value.KindNull:
		return true
	case value.KindObject:
	default:
		return false
	}
	for _, m := range v.Members() {
		if m.Value.Kind() != value.KindList {
			return false
		}
		for _, item := range m.Value.Items() {
			if item.Kind() != value.KindString {
				return false
			}
		}
	}
	return true
}
