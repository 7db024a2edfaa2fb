package dsl

// Group puts prefix in front of the names of all states in body, so that a
// helper can be used more than once in a workflow: the state "Audit" in the
// group "North" is named "North - Audit".
//
//go:noinline
func Group[T any](f *Flow, prefix string, body func(*Flow) T) T {
	pos := here()
	if body == nil {
		f.trace.nilBody(pos)
		var never T
		return never
	}
	outer := f.group
	defer func() { f.group = outer }()
	if outer != "" {
		prefix = outer + " - " + prefix
	}
	f.group = prefix
	return body(f)
}
