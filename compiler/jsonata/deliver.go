package jsonata

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// deliver makes a result that others can use: without marks, no deeper than a
// document may be, and not too long when it is written out. The latter has to be
// looked after because parts may be shared: a list of twice the same list of
// twice the same list is small only as long as it is not written.
func (ev *evaluation) deliver(v value.Value) (value.Value, *Error) {
	if s, ok := streamOf(v); ok {
		v = s.expose()
	}
	v = v.WithMark(0)
	if ev.made == 0 {
		return v, nil // it was there before
	}
	m := measure{left: ev.limits.Result}
	m.add(v, 0)
	if m.left < 0 {
		return v, overBudget(memoryMessage)
	}
	if m.marked {
		v = unmarked(v)
	}
	return v, nil
}

// A measure adds up what a value takes as JSON, until that is too much.
type measure struct {
	left   int
	marked bool // there are lists with marks
}

func (m *measure) add(v value.Value, depth int) {
	switch v.Kind() {
	case value.KindString:
		s, _ := v.Str()
		m.left -= len(s) + 3
	case value.KindList:
		if depth > value.MaxDepth {
			m.left = -1
		}
		m.marked = m.marked || v.Mark() != 0
		m.left -= 2
		for _, item := range v.Items() {
			if m.left < 0 {
				return
			}
			m.add(item, depth+1)
		}
	case value.KindObject:
		if depth > value.MaxDepth {
			m.left = -1
		}
		m.left -= 2
		for i := range v.Members() {
			if m.left < 0 {
				return
			}
			member := &v.Members()[i]
			m.left -= len(member.Key) + 4
			m.add(member.Value, depth+1)
		}
	default:
		m.left -= 5
	}
}

// unmarked returns the value without the marks of the lists in it.
func unmarked(v value.Value) value.Value {
	if c, changed := unmark(v); changed {
		return c
	}
	return v
}

// unmark copies nothing but what holds marks.
func unmark(v value.Value) (clean value.Value, changed bool) {
	changed = v.Mark() != 0
	v = v.WithMark(0)
	var items []value.Value
	for i, item := range v.Items() {
		if c, marked := unmark(item); marked {
			if items == nil {
				items = append(items, v.Items()...)
			}
			items[i] = c
		}
	}
	if items != nil {
		return value.List(items...), true
	}
	var members []value.Member
	for i, m := range v.Members() {
		if c, marked := unmark(m.Value); marked {
			if members == nil {
				members = append(members, v.Members()...)
			}
			members[i].Value = c
		}
	}
	if members != nil {
		return value.Object(members...), true
	}
	return v, changed
}
