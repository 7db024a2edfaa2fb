package dsl

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// Finally runs body and then cleanup, whether body failed or not, and gives
// body's value; where it failed, the workflow, branch or iteration goes on to
// fail with the same error. name is the name of the Choice state that tells the
// two apart; the Fail state is named after it.
//
// A Break, Continue or Succeed within body would pass the cleanup by, so there
// is none, nor is there one within cleanup.
//
//go:noinline
func Finally[T any](f *Flow, name string, body func(*Flow) T, cleanup func(*Flow)) T {
	s := &spec.Finally{Header: f.header(name)}
	s.Failed = s.Name + " - Failed"
	return symbol[T](f.finally(s, untyped(body), f.trace.typeOf(goType[T](), "the value of Finally", s.Pos), statement(cleanup)))
}

func (f *Flow) finally(s *spec.Finally, body func(*Flow) any, out *spec.Type, cleanup func(*Flow) any) *spec.Expr {
	if f.record(s) {
		held := func(g *Flow) { g.holds = "Finally" }
		s.Body = f.nested(body, "the value of Finally", s.Pos, held)
		s.Cleanup = f.nested(cleanup, "", s.Pos, held)
		f.block.Ended = s.Body.Ended || s.Cleanup.Ended
	}
	s.Result = f.result(spec.FromFinally, out, s.Header)
	return ref(s.Result)
}
