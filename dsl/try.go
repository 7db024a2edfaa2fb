package dsl

import (
	"reflect"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A Catcher handles some errors of a [Try]; see [Catch] and [CatchFault].
type Catcher[T any] struct {
	errors []string
	kind   spec.SourceKind
	typ    reflect.Type // of what the handler takes
	body   func(*Flow, *spec.Expr) any
	pos    spec.Pos
}

// Try runs body. When one of its states fails, the first catcher that names the
// error handles it, and its value is the Try's. It is no state of its own: each
// state of the body that can fail gets the catchers.
//
//go:noinline
func Try[T any](f *Flow, body func(*Flow) T, catch ...Catcher[T]) T {
	t := &spec.Try{Header: f.header("")}
	var catchers []catcher
	for _, c := range catch {
		catchers = append(catchers, catcher(c))
	}
	return symbol[T](f.try(t, untyped(body), f.trace.typeOf(goType[T](), "the value of a Try", t.Pos), catchers))
}

// Catch handles the named errors; none means all of them.
//
//go:noinline
func Catch[T any](body func(f *Flow, err Error) T, errors ...ErrorMatch) Catcher[T] {
	c := Catcher[T]{errors: matched(errors), kind: spec.FromError, typ: goType[Error](), pos: here()}
	if body != nil {
		c.body = func(f *Flow, err *spec.Expr) any { return body(f, symbol[Error](err)) }
	}
	return c
}

// CatchFault handles one error whose cause is a document, and gives the handler
// that document. Of a Lambda function the document is the message of its error,
// behind "NAME: " if it begins with that, as it does when the error is of the
// generated Go type. A cause that is no JSON fails the execution.
//
//go:noinline
func CatchFault[D, T any](fault Fault[D], body func(f *Flow, cause D) T) Catcher[T] {
	c := Catcher[T]{errors: []string{fault.name}, kind: spec.FromFault, typ: goType[D](), pos: here()}
	if body != nil {
		c.body = func(f *Flow, cause *spec.Expr) any { return body(f, symbol[D](cause)) }
	}
	return c
}

type catcher Catcher[any]

func (f *Flow) try(t *spec.Try, body func(*Flow) any, out *spec.Type, catchers []catcher) *spec.Expr {
	if f.record(t) {
		t.Body = f.nested(body, "the value of Try", t.Pos, nil)
		ended := t.Body.Ended
		for _, c := range catchers {
			t.Catchers = append(t.Catchers, f.handle(c))
			ended = ended && t.Catchers[len(t.Catchers)-1].Body.Ended
		}
		f.block.Ended = f.block.Ended || ended
		if len(catchers) == 0 {
			f.trace.report(spec.Problem{Code: "NO_CATCH", Message: "Try has no catcher", Pos: t.Pos, Fix: "add a dsl.Catch, or call the body directly"})
		}
	}
	t.Result = f.result(spec.FromTry, out, spec.Header{Name: "try", Pos: t.Pos})
	return ref(t.Result)
}

func (f *Flow) handle(c catcher) spec.Catcher {
	handler := spec.Catcher{Errors: c.errors, Pos: c.pos}
	var body func(*Flow) any
	if c.body != nil {
		body = func(g *Flow) any { return c.body(g, ref(handler.Error)) }
	}
	handler.Body = f.nested(body, "the value of Catch", c.pos, func(g *Flow) {
		handler.Error = g.source(c.kind, f.trace.typeOf(c.typ, "a caught error", c.pos), "error", c.pos)
	})
	return handler
}
