package jsonata

import (
	"slices"
	"unsafe"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A transform is |pattern|update, delete|, a function that gives a changed copy
// of a value.
type transform struct {
	pattern, update, delete *unit
	position                int
}

func (op *transform) eval(_ *evaluation, _ value.Value, sc *scope) (value.Value, *Error) {
	f := &function{signature: transformSignature, arity: 1}
	f.native = defined(func(n native) (value.Value, *Error) { return op.apply(n.ev, n.arg(0), sc) })
	return f.asValue(), nil
}

var transformSignature = mustSignature("<(oa):o>")

// clone makes a copy of which each object is an object of its own.
func (ev *evaluation) clone(v value.Value, depth int) (value.Value, *Error) {
	if depth > maxNesting {
		return v, overBudget(stackMessage)
	}
	switch v.Kind() {
	case value.KindList:
		items := make([]value.Value, v.Len())
		if err := ev.make(len(items), itemSize); err != nil {
			return v, err
		}
		for i, item := range v.Items() {
			var err *Error
			if items[i], err = ev.clone(item, depth+1); err != nil {
				return v, err
			}
		}
		return value.List(items...), nil
	case value.KindObject:
		members := make([]value.Member, v.Len(), v.Len()+1) // never of no size, to be told apart
		if err := ev.make(len(members), memberSize); err != nil {
			return v, err
		}
		for i, m := range v.Members() {
			c, err := ev.clone(m.Value, depth+1)
			if err != nil {
				return v, err
			}
			members[i] = value.Member{Key: m.Key, Value: c}
		}
		return value.Object(members...), nil
	case value.KindOpaque:
		return value.String(""), nil
	}
	return v, nil
}

// An edit holds the objects that a transform has changed so far, by the objects
// that they were in the copy.
type edit struct {
	ev      *evaluation
	changed map[unsafe.Pointer]value.Value
}

// identity tells the objects of a copy apart.
func identity(v value.Value) unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(v.Members()))
}

// apply copies a value, looks for the pattern in the copy and changes what it
// finds. Values are immutable, so that the changes are put into the copy in the
// end, and into what is shown to the update clauses on the way.
func (op *transform) apply(ev *evaluation, v value.Value, sc *scope) (value.Value, *Error) {
	clone := functionOf(ev.variable("clone", ev.dialect.functions["clone"], sc))
	if clone == nil {
		return v, &Error{Code: "T2013", Position: op.position}
	}
	result, err := ev.callback(clone, []value.Value{v}, value.Null(), sc)
	if err != nil {
		return v, err
	}
	matches, err := op.pattern.eval(ev, result, sc)
	if err != nil || matches.IsUndefined() {
		return result, err
	}
	e := edit{ev, map[unsafe.Pointer]value.Value{}}
	var buf [1]value.Value
	for _, match := range itemsOf(matches, &buf) {
		if err := op.change(&e, match, sc); err != nil {
			return v, err
		}
	}
	return e.current(result, 0)
}

// change evaluates the clauses for one match.
func (op *transform) change(e *edit, match value.Value, sc *scope) *Error {
	now, err := e.current(match, 0)
	if err != nil {
		return err
	}
	update, err := op.update.eval(e.ev, now, sc)
	if err != nil {
		return err
	}
	if err := e.ev.make(now.Len()+update.Len(), memberSize); err != nil {
		return err
	}
	isObject := now.Kind() == value.KindObject
	members := now.Members()
	switch update.Kind() {
	case value.KindUndefined:
	case value.KindObject:
		members = append(slices.Clone(members), update.Members()...)
	default:
		return &Error{Code: "T2011", Position: op.update.position, Value: update}
	}
	if isObject {
		now = value.Object(members...)
		e.changed[identity(match)] = now
	}
	if op.delete == nil {
		return nil
	}
	deletions, err := op.delete.eval(e.ev, now, sc)
	if err != nil || deletions.IsUndefined() {
		return err
	}
	var buf [1]value.Value
	for _, key := range itemsOf(deletions, &buf) {
		name, ok := key.Str()
		if !ok {
			return &Error{Code: "T2012", Position: op.delete.position, Value: deletions}
		}
		if isObject {
			if err := e.ev.make(now.Len(), memberSize); err != nil {
				return err
			}
			now = now.Without(name)
			e.changed[identity(match)] = now
		}
	}
	return nil
}

// current returns a value with all changes made so far in it. What has not
// changed is shared.
func (e *edit) current(v value.Value, depth int) (value.Value, *Error) {
	if len(e.changed) == 0 {
		return v, nil
	}
	if depth > maxNesting {
		return v, overBudget(stackMessage)
	}
	if err := e.ev.spend(1); err != nil {
		return v, err
	}
	switch v.Kind() {
	case value.KindList:
		return e.currentList(v, depth)
	case value.KindObject:
		id := identity(v)
		if changed, ok := e.changed[id]; ok {
			v = changed
		}
		return e.currentObject(v, id, depth)
	}
	return v, nil
}

func (e *edit) currentList(v value.Value, depth int) (value.Value, *Error) {
	var items []value.Value
	for i, item := range v.Items() {
		c, err := e.current(item, depth+1)
		if err != nil {
			return v, err
		}
		if !same(c, item) {
			if items == nil {
				items = slices.Clone(v.Items())
			}
			items[i] = c
		}
	}
	if items == nil {
		return v, nil
	}
	return value.List(items...).WithMark(v.Mark()), nil
}

func (e *edit) currentObject(v value.Value, id unsafe.Pointer, depth int) (value.Value, *Error) {
	var members []value.Member
	for i, m := range v.Members() {
		// An update may have put an object into itself; what is meant is the one
		// of before.
		if m.Value.Kind() == value.KindObject && identity(m.Value) == id {
			continue
		}
		c, err := e.current(m.Value, depth+1)
		if err != nil {
			return v, err
		}
		if !same(c, m.Value) {
			if members == nil {
				members = slices.Clone(v.Members())
			}
			members[i].Value = c
		}
	}
	if members == nil {
		return v, nil
	}
	return value.Object(members...), nil
}

// same reports whether two values are one and the same.
func same(a, b value.Value) bool {
	switch a.Kind() {
	case value.KindList:
		return unsafe.SliceData(a.Items()) == unsafe.SliceData(b.Items()) && a.Len() == b.Len()
	case value.KindObject:
		return identity(a) == identity(b) && a.Len() == b.Len()
	}
	return true // nothing else is changed
}
