package jsonpath

import (
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// maxVisits bounds the values that one evaluation looks at. Paths with several
// ".." can look at far more values than the document has, which AWS limits to
// 256 KiB.
const maxVisits = 4_000_000

// Limited returns the scope for one evaluation of several paths, which together
// may look at no more values than a single one may. A scope that is limited
// already is returned as it is.
func (s *Scope) Limited() *Scope {
	if s.visits != nil {
		return s
	}
	limited := &struct {
		Scope
		visited int
	}{Scope: *s}
	limited.visits = &limited.visited
	return &limited.Scope
}

// Eval returns what the path leads to: the value when it is definite, else the
// list of all matches. The error is an [*Error]; its kind is NotFound when there
// is no such value, and Impossible when the path does not fit the document.
func (p *Path) Eval(s *Scope) (value.Value, error) {
	switch p.root {
	case InputRoot:
		return p.eval(s.Input, s.Input, s.visits)
	case ContextRoot:
		return p.eval(s.Context, s.Context, s.visits)
	}
	if s.Variable != nil {
		if v, ok := s.Variable(p.variable); ok {
			return p.eval(v, v, s.visits)
		}
	}
	return value.Value{}, &Error{Kind: NotFound, Path: p.source, Message: "there is no variable $" + p.variable}
}

// eval evaluates from a value; root is what "$" in filters means. It adds to
// visits, unless that is nil.
func (p *Path) eval(from, root value.Value, visits *int) (value.Value, error) {
	if p.plain {
		if v, ok := p.walk(from); ok {
			return v, nil
		}
	}
	if visits == nil {
		visits = new(int)
	}
	e := evaluation{path: p, root: root, visits: visits}
	if err := e.step(0, from); err != nil {
		err.Path = p.Relative()
		return value.Value{}, err
	}
	if !p.definite {
		return value.List(e.found...), nil
	}
	return e.found[0], nil
}

// walk follows members and indices without a thought for messages.
func (p *Path) walk(v value.Value) (value.Value, bool) {
	for i := range p.steps {
		s := &p.steps[i]
		if s.kind == member {
			v = v.Get(s.name)
		} else {
			v = v.Index(s.numbers[0])
		}
		if v.IsUndefined() {
			return v, false
		}
	}
	return v, true
}

// An evaluation gathers the matches of a path. Its steps are Jayway's tokens;
// what they refuse and what they pass over are theirs.
type evaluation struct {
	path   *Path
	root   value.Value
	found  []value.Value
	trail  []crumb // the way to the value at hand, for messages
	visits *int
}

// A crumb is one key or index on the way to a value.
type crumb struct {
	key   string
	index int
	byKey bool
}

// at is where the value at hand stands.
func (e *evaluation) at() string {
	b := []byte{'$'}
	for _, c := range e.trail {
		if c.byKey {
			b = append(append(append(b, "['"...), c.key...), "']"...)
		} else {
			b = append(strconv.AppendInt(append(b, '['), int64(c.index), 10), ']')
		}
	}
	return string(b)
}

// rest is the path from step i on, as Jayway's messages have it.
func (e *evaluation) rest(i int) string {
	var b []byte
	for ; i < len(e.path.steps); i++ {
		switch s := &e.path.steps[i]; s.kind {
		case filtered:
			b = append(b, "[?]"...)
		case member, members:
			b = append(b, s.quoted()...)
		default:
			b = s.append(b)
		}
	}
	return string(b)
}

// member applies step i to a member of the value at hand, item to an item.
func (e *evaluation) member(i int, key string, v value.Value) *Error {
	e.trail = append(e.trail, crumb{key: key, byKey: true})
	err := e.step(i, v)
	e.trail = e.trail[:len(e.trail)-1]
	return err
}

func (e *evaluation) item(i, index int, v value.Value) *Error {
	e.trail = append(e.trail, crumb{index: index})
	err := e.step(i, v)
	e.trail = e.trail[:len(e.trail)-1]
	return err
}

func failure(kind Kind, texts ...string) *Error {
	return &Error{Kind: kind, Message: strings.Join(texts, "")}
}

func (e *evaluation) visit() *Error {
	if *e.visits++; *e.visits > maxVisits {
		return failure(Impossible, "the path looks at more than ", strconv.Itoa(maxVisits), " values")
	}
	return nil
}

// step applies step i, and the ones behind it, to a value.
func (e *evaluation) step(i int, v value.Value) *Error {
	if err := e.visit(); err != nil {
		return err
	}
	if i == len(e.path.steps) {
		e.found = append(e.found, v)
		return nil
	}
	switch s := &e.path.steps[i]; s.kind {
	case member, members:
		return e.property(i, s, v)
	case wildcard:
		return e.wildcard(i, v)
	case scan:
		return e.scan(i, v)
	case filtered:
		return e.filter(i, s, v)
	default:
		return e.array(i, s, v)
	}
}

func (e *evaluation) property(i int, s *step, v value.Value) *Error {
	if v.Kind() != value.KindObject {
		return failure(NotFound, "Property ", s.quoted(), " not found in path ", e.at())
	}
	if s.kind == members {
		return e.merge(i, s, v)
	}
	leaf := i == len(e.path.steps)-1
	next := v.Get(s.name)
	switch {
	case !next.IsUndefined():
		return e.member(i+1, s.name, next)
	case leaf:
		return failure(NotFound, "No results for path: ", e.at(), "['", s.name, "']")
	case !s.upstream:
		return nil
	}
	return failure(NotFound, "Missing property in path ", e.at(), "['", s.name, "']")
}

// merge gathers several members into one object.
func (e *evaluation) merge(i int, s *step, v value.Value) *Error {
	if i < len(e.path.steps)-1 {
		return failure(Impossible, "Multi properties can only be used as path leafs: ",
			e.at(), s.quoted())
	}
	merged := make([]value.Member, 0, len(s.names))
	for _, name := range s.names {
		if x := v.Get(name); !x.IsUndefined() {
			merged = append(merged, value.Member{Key: name, Value: x})
		}
	}
	return e.step(i+1, value.Object(merged...))
}

// wildcard goes on with every member or item. In lists it passes over what leads
// to nothing, in objects it does not.
func (e *evaluation) wildcard(i int, v value.Value) *Error {
	for _, m := range v.Members() {
		if err := e.member(i+1, m.Key, m.Value); err != nil {
			return err
		}
	}
	for n, item := range v.Items() {
		err := e.item(i+1, n, item)
		if err != nil && err.Kind != NotFound {
			return err
		}
	}
	return nil
}

// scan applies the step behind ".." to a value and to all that it holds. From a
// list it goes on with every item, whatever the step asks for, unless the step is
// the last one.
func (e *evaluation) scan(i int, v value.Value) *Error {
	fits, err := e.fits(&e.path.steps[i+1], v)
	list := v.Kind() == value.KindList && i+2 < len(e.path.steps)
	if err == nil && fits && !list {
		err = e.step(i+1, v)
	}
	for n, item := range v.Items() {
		if err == nil && fits && list {
			err = e.item(i+2, n, item)
		}
	}
	for _, m := range v.Members() {
		if err == nil {
			err = e.member(i, m.Key, m.Value)
		}
	}
	for n, item := range v.Items() {
		if err == nil {
			err = e.item(i, n, item)
		}
	}
	return err
}

// fits reports whether ".." applies the step to a value.
func (e *evaluation) fits(s *step, v value.Value) (bool, *Error) {
	kind := v.Kind()
	switch s.kind {
	case scan:
		return false, nil
	case wildcard:
		return kind == value.KindObject || kind == value.KindList, nil
	case member:
		return kind == value.KindObject && v.Has(s.name), nil
	case members:
		for _, name := range s.names {
			if !v.Has(name) {
				return false, nil
			}
		}
		return kind == value.KindObject, nil
	case filtered:
		if kind != value.KindObject && kind != value.KindList {
			return false, nil
		}
		return e.accept(s, v)
	}
	return kind == value.KindList, nil
}

func (e *evaluation) accept(s *step, v value.Value) (bool, *Error) {
	if err := e.visit(); err != nil {
		return false, err
	}
	ok, err := s.filter.accept(v, e.root, e.path.dialect)
	if err != nil {
		return false, err.(*Error)
	}
	return ok, nil
}

func (e *evaluation) filter(i int, s *step, v value.Value) *Error {
	switch v.Kind() {
	case value.KindObject:
		ok, err := e.accept(s, v)
		if err != nil || !ok {
			return err
		}
		return e.step(i+1, v)
	case value.KindList:
		for n, item := range v.Items() {
			ok, err := e.accept(s, item)
			if err == nil && ok {
				err = e.item(i+1, n, item)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	return failure(Impossible, "Filter: ", e.rest(i), " can not be applied to primitives. Current context is: ", JavaText(v))
}

func (e *evaluation) array(i int, s *step, v value.Value) *Error {
	if v.IsNull() {
		return failure(NotFound, "The path ", e.at(), " is null")
	}
	if v.Kind() != value.KindList {
		return failure(Impossible, "Filter: ", e.rest(i), " can only be applied to arrays. Current context is: ", JavaText(v))
	}
	first, n := s.numbers[0], v.Len()
	switch s.kind {
	case index:
		return e.items(i, v, first, first+1)
	case fromEnd:
		return e.items(i, v, n+first, n+first+1)
	case indices:
		for _, number := range s.numbers {
			if err := e.items(i, v, number, number+1); err != nil {
				return err
			}
		}
		return nil
	case sliceFrom:
		return e.items(i, v, clip(first, n), n)
	case sliceTo:
		if first < 0 {
			first += n
		}
		return e.items(i, v, 0, min(first, n))
	}
	if n == 0 {
		return nil
	}
	return e.items(i, v, first, min(s.numbers[1], n))
}

func clip(from, n int) int {
	if from < 0 {
		return max(0, n+from)
	}
	return from
}

func (e *evaluation) items(i int, v value.Value, from, to int) *Error {
	for n := from; n < to; n++ {
		item := v.Index(n)
		if item.IsUndefined() {
			return failure(NotFound, "Index out of bounds when evaluating path ", e.at(), "[", strconv.Itoa(n), "]")
		}
		if err := e.item(i+1, n, item); err != nil {
			return err
		}
	}
	return nil
}
