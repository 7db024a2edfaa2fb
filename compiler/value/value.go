// Package value is the document model that every evaluator shares: JSON values
// that keep the order of their members and the text of their numbers.
//
// A [Value] is one JSON value, a [Doc] a whole document that keeps its text
// until somebody looks into it. Both are immutable: they may be shared between
// goroutines and between documents, and what looks like a change makes a new
// value that shares the rest.
package value

import (
	"strconv"
	"sync"
	"unsafe"
)

// A Kind tells the sorts of values apart.
type Kind uint8

// The kinds of values.
const (
	KindUndefined Kind = iota // no value at all, which is not null
	KindNull
	KindBool
	KindNumber
	KindString
	KindList
	KindObject
	KindOpaque // something of an evaluator's own, such as a function
)

// String returns the kind's name in JSON's words.
func (k Kind) String() string {
	return [...]string{"undefined", "null", "boolean", "number", "string", "array", "object", "opaque"}[k]
}

// A Value is one JSON value, or none: the zero Value is undefined. Values are
// immutable and may be copied freely. They are not comparable with ==; see
// [Equal].
type Value struct {
	_ [0]func()
	// n holds a length, a boolean or the bits of a number; p says what the value
	// is and points to its parts. The pointer types below keep an interface from
	// allocating, as log/slog does it.
	n uint64
	p any
}

type (
	nullMark   struct{}
	boolMark   struct{}
	floatMark  struct{}
	stringData *byte   // n bytes of text
	numberData *byte   // n bytes of the number's text
	listData   *Value  // n&lengthBits items; the bits above are its mark
	memberData *Member // n members, few enough to look through
)

// A Member is one key of an object with its value.
type Member struct {
	Key   string
	Value Value
}

// opaque keeps an evaluator's own things apart from the markers above.
type opaque struct{ v any }

// Null returns the value null.
func Null() Value { return Value{p: nullMark{}} }

// Bool returns true or false.
func Bool(b bool) Value {
	if b {
		return Value{n: 1, p: boolMark{}}
	}
	return Value{p: boolMark{}}
}

// String returns a string value. Text that is not UTF-8 is encoded with U+FFFD
// in place of what is wrong.
func String(s string) Value {
	return Value{n: uint64(len(s)), p: stringData(unsafe.StringData(s))}
}

// Opaque returns a value that holds something which is no JSON, for evaluators
// that need one. It is encoded as an empty string.
func Opaque(v any) Value { return Value{p: &opaque{v}} }

// List returns the list of the items. The slice must not be changed afterwards.
func List(items ...Value) Value {
	return Value{n: uint64(len(items)), p: listData(unsafe.SliceData(items))}
}

// Kind returns what the value is.
func (v Value) Kind() Kind {
	switch v.p.(type) {
	case nil:
		return KindUndefined
	case stringData:
		return KindString
	case numberData, floatMark:
		return KindNumber
	case memberData, *object:
		return KindObject
	case listData:
		return KindList
	case boolMark:
		return KindBool
	case nullMark:
		return KindNull
	}
	return KindOpaque
}

// IsUndefined reports whether there is no value.
func (v Value) IsUndefined() bool { return v.p == nil }

// IsNull reports whether the value is null.
func (v Value) IsNull() bool {
	_, ok := v.p.(nullMark)
	return ok
}

// Bool returns the truth of a boolean; ok is false for every other kind.
func (v Value) Bool() (b, ok bool) {
	_, ok = v.p.(boolMark)
	return ok && v.n == 1, ok
}

// Str returns the text of a string; ok is false for every other kind.
func (v Value) Str() (s string, ok bool) {
	data, ok := v.p.(stringData)
	if !ok {
		return "", false
	}
	return unsafe.String((*byte)(data), int(v.n)), true
}

// Opaque returns what [Opaque] was given; ok is false for every other kind.
func (v Value) Opaque() (any, bool) {
	o, ok := v.p.(*opaque)
	if !ok {
		return nil, false
	}
	return o.v, true
}

// Items returns the items of a list, nil for every other kind. They are shared:
// the slice must not be changed.
func (v Value) Items() []Value {
	data, ok := v.p.(listData)
	if !ok {
		return nil
	}
	return unsafe.Slice((*Value)(data), int(v.n&lengthBits))
}

// lengthBits are the bits of a list's n that count its items.
const lengthBits = 1<<56 - 1

// Mark returns what [Value.WithMark] was given, 0 for a value without a mark.
func (v Value) Mark() uint8 {
	if _, ok := v.p.(listData); ok {
		return uint8(v.n >> 56)
	}
	return 0
}

// WithMark returns the same list with a mark, which means something to one
// evaluator while it works: that a list is a sequence of JSONata, for instance.
// Nobody else sees it, neither [Equal] nor the encoding. Only lists have marks;
// every other value is returned as it is.
func (v Value) WithMark(mark uint8) Value {
	if _, ok := v.p.(listData); ok {
		v.n = v.n&lengthBits | uint64(mark)<<56
	}
	return v
}

// Len returns the number of items of a list or of members of an object, and 0
// for every other kind.
func (v Value) Len() int {
	switch p := v.p.(type) {
	case listData:
		return int(v.n & lengthBits)
	case memberData:
		return int(v.n)
	case *object:
		return len(p.members)
	}
	return 0
}

// Index returns item i of a list, counted from 0. It is undefined where there is
// none, and for every other kind.
func (v Value) Index(i int) Value {
	items := v.Items()
	if i < 0 || i >= len(items) {
		return Value{}
	}
	return items[i]
}

// WithItem returns a list in which item i has the value x. It panics when there
// is no item i.
func (v Value) WithItem(i int, x Value) Value {
	items := append([]Value(nil), v.Items()...)
	items[i] = x
	return List(items...)
}

// String returns the value as compact JSON; see [Value.AppendJSON]. Undefined is
// "undefined". The text of a string value is [Value.Str].
func (v Value) String() string {
	if v.IsUndefined() {
		return "undefined"
	}
	return v.text()
}

// text is String, except that undefined is null.
func (v Value) text() string {
	if data, ok := v.p.(numberData); ok {
		return unsafe.String((*byte)(data), int(v.n))
	}
	room := rooms.Get().(*[]byte)
	text := v.AppendJSON((*room)[:0])
	s := string(text)
	if cap(text) <= 1<<16 {
		*room = text
		rooms.Put(room)
	}
	return s
}

// rooms are where values become text, so that the string is all that is allocated.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

// GoString shows the value in test failures.
func (v Value) GoString() string { return "value.Parse(" + strconv.Quote(v.String()) + ")" }
