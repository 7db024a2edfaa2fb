package jsonpath

import (
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// maxVisits bounds the values that one evaluation looks at. Paths with several
// ".." can look at far more values than the document has.
const maxVisits = 5_000_000

// Eval returns what the path leads to: the value when it is definite, else the
// list of all matches. The error is an [*Error]; its kind is NotFound when there
// is no such value, and Impossible when the path does not fit the document.
func (p *Path) Eval(s *Scope) (value.Value, error) {
	switch p.root {
	case InputRoot:
		return p.eval(s.Input, s.Input)
	case ContextRoot:
		return p.eval(s.Context, s.Context)
	}
	if s.Variable != nil {
		if v, ok := s.Variable(p.variable); ok {
			return p.eval(v, v)
		}
	}
	return value.Value{}, &Error{Kind: NotFound, Path: p.source, Message: "there is no variable $" + p.variable}
}

// EvalValue evaluates the path with v in the place of its root.
func (p *Path) EvalValue(v value.Value) (value.Value, error) { return p.eval(v, v) }

// eval evaluates from a value; root is what "$" in filters means.
func (p *Path) eval(from, root value.Value) (value.Value, error) {
	if p.plain {
		if v, ok := p.walk(from); ok {
			return v, nil
		}
	}
	e := &evaluation{path: p, root: root}
	if err := e.step(0, from, nil); err != nil {
		err.Path = p.Relative()
		return value.Value{}, err
	}
	if !p.definite {
		return value.List(e.found...), nil
	}
	if len(e.found) == 0 {
		return value.Value{}, &Error{Kind: NotFound, Path: p.Relative(), Message: "No results for path: " + p.canonical()}
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
	visits int
}

// A place is where in the document a value stands, for messages.
type place struct {
	up   *place
	name string
	at   int // the index, where name is not used
	item bool
}

func (p *place) String() string {
	if p == nil {
		return "$"
	}
	if p.item {
		return p.up.String() + "[" + strconv.Itoa(p.at) + "]"
	}
	return p.up.String() + "['" + p.name + "']"
}

func failure(kind Kind, texts ...string) *Error {
	return &Error{Kind: kind, Message: strings.Join(texts, "")}
}

// step applies step i, and the ones behind it, to a value.
func (e *evaluation) step(i int, v value.Value, at *place) *Error {
	if e.visits++; e.visits > maxVisits {
		return failure(Impossible, "the path looks at more than ", strconv.Itoa(maxVisits), " values")
	}
	if i == len(e.path.steps) {
		e.found = append(e.found, v)
		return nil
	}
	switch s := &e.path.steps[i]; s.kind {
	case member, members:
		return e.property(i, s, v, at)
	case wildcard:
		return e.wildcard(i, v, at)
	case scan:
		return e.scan(i, v, at)
	case filtered:
		return e.filter(i, s, v, at)
	default:
		return e.array(i, s, v, at)
	}
}

func (e *evaluation) property(i int, s *step, v value.Value, at *place) *Error {
	if v.Kind() != value.KindObject {
		if !s.upstream {
			return nil
		}
		names := s.names
		if s.kind == member {
			names = []string{s.name}
		}
		return failure(NotFound, "Property ['", strings.Join(names, "', '"), "'] not found in path ", at.String())
	}
	if s.kind == members {
		return e.merge(i, s, v, at)
	}
	leaf := i == len(e.path.steps)-1
	next := v.Get(s.name)
	switch {
	case !next.IsUndefined():
		return e.step(i+1, next, &place{up: at, name: s.name})
	case leaf || !s.upstream:
		return nil
	}
	return failure(NotFound, "Missing property in path ", (&place{up: at, name: s.name}).String())
}

// merge gathers several members into one object.
func (e *evaluation) merge(i int, s *step, v value.Value, at *place) *Error {
	if i < len(e.path.steps)-1 {
		return failure(Impossible, "Multi properties can only be used as path leafs: ",
			at.String(), "['", strings.Join(s.names, "', '"), "']")
	}
	merged := make([]value.Member, 0, len(s.names))
	for _, name := range s.names {
		if x := v.Get(name); !x.IsUndefined() {
			merged = append(merged, value.Member{Key: name, Value: x})
		}
	}
	return e.step(i+1, value.Object(merged...), at)
}

// wildcard goes on with every member or item. In lists it passes over what leads
// to nothing, in objects it does not.
func (e *evaluation) wildcard(i int, v value.Value, at *place) *Error {
	for _, m := range v.Members() {
		if err := e.step(i+1, m.Value, &place{up: at, name: m.Key}); err != nil {
			return err
		}
	}
	for n, item := range v.Items() {
		err := e.step(i+1, item, &place{up: at, at: n, item: true})
		if err != nil && err.Kind != NotFound {
			return err
		}
	}
	return nil
}

// scan applies the step behind ".." to a value and to all that it holds.
func (e *evaluation) scan(i int, v value.Value, at *place) *Error {
	if e.visits++; e.visits > maxVisits {
		return e.step(i, v, at)
	}
	fits, err := e.fits(&e.path.steps[i+1], v)
	if err == nil && fits {
		err = e.step(i+1, v, at)
	}
	if err != nil {
		return err
	}
	for _, m := range v.Members() {
		if err := e.scan(i, m.Value, &place{up: at, name: m.Key}); err != nil {
			return err
		}
	}
	for n, item := range v.Items() {
		if err := e.scan(i, item, &place{up: at, at: n, item: true}); err != nil {
			return err
		}
	}
	return nil
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
	ok, err := s.filter.accept(v, e.root, e.path.dialect)
	if err != nil {
		return false, err.(*Error)
	}
	return ok, nil
}

func (e *evaluation) filter(i int, s *step, v value.Value, at *place) *Error {
	switch v.Kind() {
	case value.KindObject:
		ok, err := e.accept(s, v)
		if err != nil || !ok {
			return err
		}
		return e.step(i+1, v, at)
	case value.KindList:
		for n, item := range v.Items() {
			ok, err := e.accept(s, item)
			if err == nil && ok {
				err = e.step(i+1, item, &place{up: at, at: n, item: true})
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	return failure(Impossible, "Filter: [?] can not be applied to primitives. Current context is: ", JavaText(v))
}

func (e *evaluation) array(i int, s *step, v value.Value, at *place) *Error {
	if v.IsNull() {
		return failure(NotFound, "The path ", at.String(), " is null")
	}
	if v.Kind() != value.KindList {
		return failure(Impossible, "Filter: ", s.brackets(), " can only be applied to arrays. Current context is: ", JavaText(v))
	}
	first, n := s.numbers[0], v.Len()
	switch s.kind {
	case index:
		return e.items(i, v, at, first, first+1)
	case fromEnd:
		return e.items(i, v, at, n+first, n+first+1)
	case indices:
		for _, number := range s.numbers {
			if err := e.items(i, v, at, number, number+1); err != nil {
				return err
			}
		}
		return nil
	case sliceFrom:
		return e.items(i, v, at, clip(first, n), n)
	case sliceTo:
		if first < 0 {
			first += n
		}
		return e.items(i, v, at, 0, min(first, n))
	}
	if n == 0 {
		return nil
	}
	return e.items(i, v, at, first, min(s.numbers[1], n))
}

func clip(from, n int) int {
	if from < 0 {
		return max(0, n+from)
	}
	return from
}

func (e *evaluation) items(i int, v value.Value, at *place, from, to int) *Error {
	for n := from; n < to; n++ {
		here := &place{up: at, at: n, item: true}
		item := v.Index(n)
		if item.IsUndefined() {
			return failure(NotFound, "Index out of bounds when evaluating path ", here.String())
		}
		if err := e.step(i+1, item, here); err != nil {
			return err
		}
	}
	return nil
}
