package dsl

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// A Loop is a running [Repeat].
type Loop[T any] struct {
	loop *looping
}

type looping struct {
	f    *Flow // the flow of the loop's body
	step *spec.Repeat
}

// Repeat runs body over and over until a Break gives its value. It is no state
// of its own: the body's last state leads back to its first. What changes from
// turn to turn is kept in a [Var].
//
//go:noinline
func Repeat[T any](f *Flow, body func(f *Flow, loop *Loop[T])) T {
	f.trace.loops++
	l := &looping{step: &spec.Repeat{Header: f.header(""), Loop: f.trace.loops}}
	out := f.trace.typeOf(goType[T](), "the value of a Repeat", l.step.Pos)
	var untyped func(*Flow) any
	if body != nil {
		untyped = func(g *Flow) any { body(g, &Loop[T]{l}); return nil }
	}
	return symbol[T](f.repeat(l, untyped, out))
}

func (f *Flow) repeat(l *looping, body func(*Flow) any, out *spec.Type) *spec.Expr {
	if f.record(l.step) {
		l.step.Body = f.nested(body, "", l.step.Pos, func(g *Flow) { l.f = g })
		if !l.step.Breaks {
			f.block.Ended = true
		}
	}
	l.step.Result = f.result(spec.FromLoop, out, spec.Header{Name: "loop", Pos: l.step.Pos})
	return ref(l.step.Result)
}

// Break leaves the loop with the value v, from any If, Switch or Try within it,
// but not out of a Branch or Map.
//
//go:noinline
func (l *Loop[T]) Break(f *Flow, v T) {
	head := f.header("")
	b := &spec.Break{Header: head, Loop: l.loop.step.Loop}
	if l.loop.reaches(f, "Break", head.Pos) && f.record(b) {
		b.Value = f.use(exprOf(v, "the value of Break", b.Pos), b.Pos)
		l.loop.step.Breaks = true
		f.block.Ended = true
	}
}

// Continue starts the loop's next turn at once.
//
//go:noinline
func (l *Loop[T]) Continue(f *Flow) {
	head := f.header("")
	if l.loop.reaches(f, "Continue", head.Pos) && f.record(&spec.Continue{Header: head, Loop: l.loop.step.Loop}) {
		f.block.Ended = true
	}
}

// reaches reports whether control can go from f to the end of the loop's body.
func (l *looping) reaches(f *Flow, what string, pos spec.Pos) bool {
	for g := f; g != nil; g = g.outer {
		if g == l.f {
			return true
		}
		if g.fence || g.holds != "" {
			break
		}
	}
	f.trace.report(spec.Problem{
		Code: "CROSSES_BORDER", Message: what + " cannot leave a branch, an iteration or a Finally, and works only inside its loop", Pos: pos,
		Fix: "return a value from the branch or iteration, and decide behind the Parallel or Map",
	})
	return false
}
