package dsl

import (
	"reflect"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A Source is what a [Map] runs over, with items of type T: a List, or a
// [Reader] of Amazon S3.
type Source[T any] interface {
	items(T) (*spec.Expr, *spec.Reader)
}

func (l List[T]) items(T) (*spec.Expr, *spec.Reader) { return l.e, nil }

// Map records a Map state that runs body for each item, in parallel unless
// [MaxConcurrency] says otherwise, and returns the list of results in the order
// of the items. When an iteration fails, the others are stopped and the state
// fails with its error; see [ToleratedFailure].
//
// With [Distributed], or when the items come from a Reader, each iteration is an
// execution of its own. What body uses of the workflow around it is handed to
// each of them. The state then fails with [ExceedToleratedFailures] when more
// iterations fail than it tolerates, whatever their own errors are.
//
//go:noinline
func Map[A, B any](f *Flow, name string, items Source[A], body func(f *Flow, item A) B, options ...Option) List[B] {
	m := f.mapping(name, options)
	return List[B]{e: f.iterate(m, sourceOf(items), goType[A](), goType[B](), goType[List[B]](), goType[List[A]](), over(body, m))}
}

// A Batch says how many items an execution of a [MapBatches] gets: at most so
// many, or as many as fit into so many bytes of input, 262144 at most.
type Batch struct {
	Items, Bytes int
}

// MapBatches is a distributed [Map] whose iterations get several items each. Its
// results are one for each batch.
//
//go:noinline
func MapBatches[A, B any](f *Flow, name string, items Source[A], size Batch, body func(f *Flow, batch List[A]) B, options ...Option) List[B] {
	m := f.mapping(name, options)
	d := m.distribute()
	d.BatchItems, d.BatchBytes = size.Items, size.Bytes
	if size.Items < 0 || size.Bytes < 0 || size.Items+size.Bytes == 0 {
		f.trace.report(spec.Problem{
			Code: "BAD_OPTION", Message: "the batches of " + what(&m.Header) + " have no size", Pos: m.Pos, Fix: "give a number of items, of bytes, or both",
		})
	}
	return List[B]{e: f.iterate(m, sourceOf(items), goType[List[A]](), goType[B](), goType[List[B]](), goType[List[A]](), over(body, m))}
}

// An S3 is a place in Amazon S3: a bucket, and what the keys of its objects
// begin with.
type S3 struct {
	Bucket String
	Prefix String
}

// A MapRun tells where the results of a [MapTo] are.
type MapRun struct {
	ARN     String        `json:"MapRunArn"`
	Results ResultsObject `json:"ResultWriterDetails"`
}

// A ResultsObject is the manifest that lists the files with the results.
type ResultsObject struct {
	Bucket String `json:"Bucket"`
	Key    String `json:"Key"`
}

// MapTo is a distributed [Map] whose results are written to Amazon S3, however
// large they are together: as the records of the executions, unless
// [CompactResults] or [FlatResults] say otherwise.
//
//go:noinline
func MapTo[A, B any](f *Flow, name string, items Source[A], to S3, body func(f *Flow, item A) B, options ...Option) MapRun {
	m := f.mapping(name, options)
	d := m.distribute()
	if d.Writer == nil {
		d.Writer = new(spec.Writer)
	}
	d.Writer.Bucket = given(to.Bucket.e, typeFor(goType[String]()), "the bucket", m.Pos)
	d.Writer.Prefix = given(to.Prefix.e, typeFor(goType[String]()), "the prefix", m.Pos)
	return symbol[MapRun](f.iterate(m, sourceOf(items), goType[A](), goType[B](), goType[MapRun](), goType[List[A]](), over(body, m)))
}

// mapped is a Map that is being recorded.
type mapped struct{ *spec.Map }

func (m mapped) distribute() *spec.Distributed {
	if m.Distributed == nil {
		m.Distributed = new(spec.Distributed)
	}
	return m.Distributed
}

// mapping begins a Map.
func (f *Flow) mapping(name string, options []Option) mapped {
	m := mapped{&spec.Map{Header: f.header(name)}}
	set := settings(f, &m.Header, options)
	m.MaxConcurrency, m.ConcurrencyOf, m.Retry = set.maxConcurrency, set.concurrencyOf, set.retry
	for _, change := range set.distributed {
		change(m.distribute())
	}
	return m
}

func over[A, B any](body func(*Flow, A) B, m mapped) func(*Flow) any {
	if body == nil {
		return nil
	}
	return func(g *Flow) any { return body(g, symbol[A](ref(m.Item))) }
}

// listed is what a Source gives, without its type.
type listed struct {
	items  *spec.Expr
	reader *spec.Reader
}

func sourceOf[A any](items Source[A]) listed {
	if items == nil {
		return listed{}
	}
	var zero A
	list, reader := items.items(zero)
	return listed{list, reader}
}

func (f *Flow) iterate(m mapped, items listed, item, result, results, list reflect.Type, body func(*Flow) any) *spec.Expr {
	t := f.trace
	itemType, out := t.typeOf(item, "the items of a Map", m.Pos), t.typeOf(result, "the results of a Map", m.Pos)
	if items.reader != nil {
		m.distribute().Reader = items.reader
	}
	if d := m.Distributed; d != nil && d.Writer != nil && d.Writer.Bucket == nil {
		t.report(spec.Problem{
			Code: "BAD_OPTION", Message: "an option of " + what(&m.Header) + " is about results that are written to Amazon S3", Pos: m.Pos, Fix: "remove it, or use dsl.MapTo",
		})
		d.Writer = nil
	}
	if f.record(m.Map) {
		if items.reader == nil {
			m.Items = given(items.items, typeFor(list), "the list of "+what(&m.Header), m.Pos)
		}
		spec.EveryExpr(m.Map, func(x *spec.Expr) { f.use(x, m.Pos) })
		m.Body = f.nested(body, "the result of an iteration of "+what(&m.Header), m.Pos, func(g *Flow) {
			g.fence, g.iteration, g.out = true, true, out
			m.Item = g.source(spec.FromItem, itemType, m.Name+" item", m.Pos)
		})
	}
	made := f.source(spec.FromMap, typeFor(results), m.Name, m.Pos)
	if out.Kind != spec.None || m.Distributed != nil && m.Distributed.Writer != nil {
		m.Result = made
	}
	return ref(made)
}
