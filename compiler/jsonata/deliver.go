package jsonata

import (
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// deliver makes a result that others can use: without marks, no deeper than a
// document may be, and not too long when it is written out. The latter has to be
// looked after because parts may be shared: a list of twice the same list of
// twice the same list is small only as long as it is not written.
func (ev *evaluation) deliver(v value.Value) (value.Value, *Error) {
	if s, ok := streamOf(v); ok {
		v = s.expose()
	}
	v = v.WithMark(0)
	if s, ok := v.Str(); ok && halved(s) {
		return wholeText(s), nil
	}
	if ev.made == 0 || v.IsUndefined() {
		return v, nil // it was there before
	}
	m := measure{left: ev.limits.Result}
	m.add(v, 0)
	if m.left < 0 {
		return v, overBudget(memoryMessage)
	}
	if m.marked {
		v, _ = clean(v)
	}
	return v, nil
}

// halved reports whether there are halves of surrogate pairs in a string.
func halved(s string) bool {
	if strings.IndexByte(s, 0xED) < 0 {
		return false
	}
	at, _ := loneSurrogate(s)
	return at >= 0
}

// wholeText puts U+FFFD in place of halves of surrogate pairs.
func wholeText(s string) value.Value {
	return value.String(string(utf16.Decode(toUnits(s))))
}

// A measure adds up what a value takes as JSON, until that is too much.
type measure struct {
	left   int
	marked bool // there is what cleaning changes
}

func (m *measure) add(v value.Value, depth int) {
	switch v.Kind() {
	case value.KindString:
		s, _ := v.Str()
		m.left -= len(s) + 3
		m.marked = m.marked || halved(s)
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
	case value.KindUndefined:
		m.left -= 5
		m.marked = true
	default:
		m.left -= 5
	}
}

// clean returns the value as JSON: without the marks of lists, null for what is
// undefined in a list, no halves of surrogate pairs. It copies nothing but what
// holds such things.
func clean(v value.Value) (_ value.Value, changed bool) {
	switch v.Kind() {
	case value.KindUndefined:
		return value.Null(), true
	case value.KindString:
		if s, _ := v.Str(); halved(s) {
			return wholeText(s), true
		}
	case value.KindList:
		return cleanList(v)
	case value.KindObject:
		return cleanObject(v)
	}
	return v, false
}

func cleanList(v value.Value) (value.Value, bool) {
	var items []value.Value
	for i, item := range v.Items() {
		if c, changed := clean(item); changed {
			if items == nil {
				items = slices.Clone(v.Items())
			}
			items[i] = c
		}
	}
	if items != nil {
		return value.List(items...), true
	}
	return v.WithMark(0), v.Mark() != 0
}

func cleanObject(v value.Value) (value.Value, bool) {
	var members []value.Member
	for i, m := range v.Members() {
		if c, changed := clean(m.Value); changed {
			if members == nil {
				members = slices.Clone(v.Members())
			}
			members[i].Value = c
		}
	}
	if members != nil {
		return value.Object(members...), true
	}
	return v, false
}
