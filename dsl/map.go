package dsl

import (
	"reflect"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A Source is what a [Map] runs over, with items of type T: a List.
type Source[T any] interface {
	items(T) *spec.Expr
}

func (l List[T]) items(T) *spec.Expr { return l.e }

// An Option changes how a Parallel or Map state runs.
type Option interface {
	apply(*optionSet)
}

type optionSet struct {
	maxConcurrency int
	retry          []spec.Retrier
}

type option func(*optionSet)

func (o option) apply(s *optionSet) { o(s) }

// MaxConcurrency limits how many iterations of a Map run at the same time; 1
// runs them in order, 0, the default, does not limit them.
func MaxConcurrency(n int) Option {
	return option(func(s *optionSet) { s.maxConcurrency = n })
}

// Retrying runs all branches or iterations again when one of them fails.
func Retrying(retriers ...Retrier) Option {
	return option(func(s *optionSet) { s.retry = append(s.retry, records(retriers)...) })
}

func settings(f *Flow, head *spec.Header, options []Option) optionSet {
	var s optionSet
	for _, o := range options {
		if o != nil {
			o.apply(&s)
		}
	}
	if s.maxConcurrency < 0 {
		f.trace.report(spec.Problem{
			Code: "BAD_OPTION", Message: "MaxConcurrency of " + what(head) + " is negative", Pos: head.Pos, Fix: "0 means unlimited",
		})
	}
	return s
}

// Map records a Map state that runs body for each item, in parallel unless
// [MaxConcurrency] says otherwise, and returns the list of results in the order
// of the items. When an iteration fails, the others are stopped and the state
// fails with its error.
//
//go:noinline
func Map[A, B any](f *Flow, name string, items Source[A], body func(f *Flow, item A) B, options ...Option) List[B] {
	m := &spec.Map{Header: f.header(name)}
	set := settings(f, &m.Header, options)
	m.MaxConcurrency, m.Retry = set.maxConcurrency, set.retry
	var list *spec.Expr
	if items != nil {
		var zero A
		list = items.items(zero)
	}
	var untyped func(*Flow) any
	if body != nil {
		untyped = func(g *Flow) any { return body(g, symbol[A](ref(m.Item))) }
	}
	return List[B]{e: f.iterate(m, list, goType[A](), goType[B](), goType[List[B]](), untyped)}
}

func (f *Flow) iterate(m *spec.Map, items *spec.Expr, item, result, results reflect.Type, body func(*Flow) any) *spec.Expr {
	t := f.trace
	itemType, out := t.typeOf(item, "the items of a Map", m.Pos), t.typeOf(result, "the results of a Map", m.Pos)
	if f.record(m) {
		m.Items = f.use(given(items, typeFor(results), "the list of "+what(&m.Header), m.Pos), m.Pos)
		m.Body = f.nested(body, "the result of an iteration of "+what(&m.Header), m.Pos, func(g *Flow) {
			g.fence, g.out = true, out
			m.Item = g.source(spec.FromItem, itemType, m.Name+" item", m.Pos)
		})
	}
	if out.Kind == spec.None {
		return ref(f.source(spec.FromMap, typeFor(results), m.Name, m.Pos))
	}
	m.Result = f.source(spec.FromMap, typeFor(results), m.Name, m.Pos)
	return ref(m.Result)
}
