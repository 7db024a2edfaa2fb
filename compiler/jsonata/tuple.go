package jsonata

import (
	"slices"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A tuple is an item on its way along a path that binds variables: the context
// value with the bindings made so far.
type tuple struct {
	context value.Value
	bound   []binding
}

// A stream is the result of a path that carries its bindings on, as an opaque
// value.
type stream struct {
	tuples []tuple
	// plain says that the tuples were sorted, after which jsonata-js 2.0.6 takes
	// them for ordinary objects until the next step.
	plain bool
}

func streamOf(v value.Value) (*stream, bool) {
	if v.Kind() != value.KindOpaque {
		return nil, false
	}
	held, _ := v.Opaque()
	s, ok := held.(*stream)
	return s, ok
}

// expose returns the stream as jsonata-js shows it to those who get hold of one.
func (s *stream) expose() value.Value {
	items := make([]value.Value, len(s.tuples))
	for i, t := range s.tuples {
		items[i] = t.expose()
	}
	return value.List(items...)
}

func (t tuple) expose() value.Value {
	members := []value.Member{{Key: "@", Value: t.context}}
	for _, b := range t.bound {
		members = append(members, value.Member{Key: b.name, Value: b.value})
	}
	return value.Object(members...)
}

// at returns the context value and the scope in which what concerns a tuple is
// evaluated.
func (s *stream) at(i int, sc *scope) (value.Value, *scope) {
	if s.plain {
		return s.tuples[i].expose(), sc
	}
	return s.tuples[i].context, s.tuples[i].scope(sc)
}

// with returns the tuple with one binding more.
func (t tuple) with(name string, v value.Value) tuple {
	bound := slices.Clone(t.bound)
	for i := range bound {
		if bound[i].name == name {
			bound[i].value = v
			t.bound = bound
			return t
		}
	}
	t.bound = append(bound, binding{name, v})
	return t
}

func (t tuple) scope(up *scope) *scope {
	return &scope{up: up, bound: t.bound, shared: true}
}

// evalTuples evaluates a path of which some step binds something.
func (op *path) evalTuples(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	var buf, next [1]value.Value
	items := spread(in, false, &buf)
	if op.steps[0].kind == variableUnit {
		buf[0] = in
		items = buf[:]
	}
	var result value.Value
	var s *stream
	streaming := false
	for i, step := range op.steps {
		streaming = streaming || step.tuple
		var err *Error
		switch {
		case i == 0 && step.consArray:
			result, err = step.eval(ev, sequenceOf(items), sc)
		case streaming:
			s, err = step.evalTuples(ev, items, s, sc)
		default:
			result, err = step.evalStep(ev, items, sc, i == len(op.steps)-1)
		}
		if err != nil {
			return value.Value{}, err
		}
		if !streaming && (result.IsUndefined() || isList(result) && result.Len() == 0) {
			break
		}
		if step.focus == "" {
			items = itemsOf(result, &next)
		}
	}
	if s == nil {
		s = &stream{}
	}
	if streaming && (op.owner.tuple || op.group != nil) {
		if result = value.Opaque(s); s.plain {
			result = s.expose()
		}
	} else if streaming {
		contexts := make([]value.Value, len(s.tuples))
		for i := range contexts {
			contexts[i] = s.tuples[i].context
		}
		if err := ev.make(len(contexts), itemSize); err != nil {
			return value.Value{}, err
		}
		result = sequenceOf(contexts)
	}
	if op.keep {
		result = result.WithMark(result.Mark() | keepMark)
	}
	if op.group != nil {
		return op.group.eval(ev, result, sc)
	}
	return normal(result, op.owner.keepArray), nil
}

// evalTuples evaluates a step for each tuple, those of the items to begin with.
func (u *unit) evalTuples(ev *evaluation, items []value.Value, s *stream, sc *scope) (*stream, *Error) {
	var out *stream
	var err *Error
	if u.kind == sortUnit {
		out, err = u.sortTuples(ev, items, s, sc)
	} else {
		out, err = u.bindTuples(ev, items, s, sc)
	}
	for i := 0; i < len(u.stages) && err == nil; i++ {
		out, err = u.stages[i].evalTuples(ev, out, sc)
	}
	return out, err
}

func (u *unit) bindTuples(ev *evaluation, items []value.Value, s *stream, sc *scope) (*stream, *Error) {
	if s == nil {
		s = &stream{tuples: make([]tuple, len(items))}
		for i := range items {
			s.tuples[i].context = items[i]
		}
	}
	out := &stream{}
	for _, t := range s.tuples {
		if err := ev.spend(1); err != nil {
			return nil, err
		}
		v, err := u.eval(ev, t.context, t.scope(sc))
		if err != nil {
			return nil, err
		}
		if v.IsUndefined() {
			continue
		}
		if inner, ok := streamOf(v); ok {
			for _, r := range inner.tuples {
				merged := tuple{context: r.context, bound: t.bound}
				for _, b := range r.bound {
					merged = merged.with(b.name, b.value)
				}
				out.tuples = append(out.tuples, merged)
			}
			continue
		}
		var buf [1]value.Value
		results := itemsOf(v, &buf)
		if err := ev.make(len(results), 4*itemSize); err != nil {
			return nil, err
		}
		for i := range results {
			out.tuples = append(out.tuples, u.bindTuple(t, results[i], i))
		}
	}
	return out, nil
}

// bindTuple makes the tuple of result i.
func (u *unit) bindTuple(t tuple, result value.Value, i int) tuple {
	context := t.context
	if u.focus != "" {
		t = t.with(u.focus, result)
	} else {
		t.context = result
	}
	if u.index != "" {
		t = t.with(u.index, value.Float(float64(i)))
	}
	if u.ancestor != nil {
		t = t.with(u.ancestor.label, context)
	}
	return t
}

// evalTuples filters the tuples, or binds their index.
func (st *stage) evalTuples(ev *evaluation, s *stream, sc *scope) (*stream, *Error) {
	if st.predicate == nil {
		out := &stream{tuples: make([]tuple, len(s.tuples)), plain: s.plain}
		for i, t := range s.tuples {
			out.tuples[i] = t.with(st.index, value.Float(float64(i)))
		}
		return out, ev.make(len(s.tuples), 4*itemSize)
	}
	v, err := ev.filterTuples(st.predicate, s, sc)
	if err != nil {
		return nil, err
	}
	out, _ := streamOf(v)
	return out, nil
}

func (ev *evaluation) filterTuples(predicate *unit, s *stream, sc *scope) (value.Value, *Error) {
	out := &stream{plain: s.plain}
	if f, ok := predicate.value.Float(); ok && predicate.kind == literalUnit {
		indices := make([]value.Value, len(s.tuples))
		for i := range indices {
			indices[i] = value.Float(float64(i))
		}
		for _, index := range itemAt(indices, f).Items() {
			at, _ := index.Float()
			out.tuples = append(out.tuples, s.tuples[int(at)])
		}
		return value.Opaque(out), nil
	}
	for i, t := range s.tuples {
		if err := ev.spend(1); err != nil {
			return value.Value{}, err
		}
		context, inner := s.at(i, sc)
		take, err := ev.selects(predicate, context, i, len(s.tuples), inner)
		if err != nil {
			return value.Value{}, err
		}
		for range take {
			out.tuples = append(out.tuples, t)
		}
	}
	return value.Opaque(out), nil
}
