package dsl

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// A Text is a literal or symbolic text.
type Text interface{ ~string | String }

// Fail records a Fail state: the workflow, branch or iteration ends with the
// error. It stands where a T is needed, and gives none. See [Flow.Fail] for a
// statement.
//
//go:noinline
func Fail[T any, C Text](f *Flow, name string, err ErrorMatch, cause C) T {
	f.fail(name, err, textOf(cause))
	var never T
	return never
}

// FailWith records a Fail state whose cause is a document, as [CatchFault] takes
// it.
//
//go:noinline
func FailWith[T, D any](f *Flow, name string, fault Fault[D], cause D) T {
	pos := here()
	document := args(exprOf(cause, "the cause", pos))
	f.fail(name, fault, &spec.Expr{Op: spec.OpEncode, Type: typeFor(goType[String]()), Args: document, Pos: pos})
	var never T
	return never
}

// Fail records a Fail state: the workflow, branch or iteration ends with the
// error. cause is for people; V makes one of a Go string.
//
//go:noinline
func (f *Flow) Fail(name string, err ErrorMatch, cause String) {
	f.fail(name, err, cause.e)
}

func (f *Flow) fail(name string, err ErrorMatch, cause *spec.Expr) {
	s := &spec.Fail{Header: f.header(name), Cause: cause}
	if err != nil {
		s.Error = literal(err.errorName(), s.Pos)
	}
	if f.record(s) {
		f.use(s.Error, s.Pos)
		f.use(s.Cause, s.Pos)
		f.block.Ended = true
	}
}

func textOf[C Text](text C) *spec.Expr {
	switch text := any(text).(type) {
	case String:
		return text.e
	default:
		return literalOf(text, here())
	}
}
