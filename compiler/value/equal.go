package value

import (
	"math"
	"unsafe"
)

// Equal reports whether two values are the same JSON: numbers by what they are
// worth, to the last digit of an int64 and otherwise as float64s, objects
// whatever the order of their members. Undefined equals only undefined. Opaque
// values are equal when they are the same one.
func Equal(a, b Value) bool {
	kind := a.Kind()
	if kind != b.Kind() {
		return false
	}
	switch kind {
	case KindBool:
		return a.n == b.n
	case KindNumber:
		return equalNumbers(a, b)
	case KindString:
		x, _ := a.Str()
		y, _ := b.Str()
		return x == y
	case KindList:
		return equalItems(a.Items(), b.Items())
	case KindObject:
		return equalMembers(a, b)
	case KindOpaque:
		return a.p == b.p
	}
	return true
}

func equalNumbers(a, b Value) bool {
	x, _ := a.Float()
	y, _ := b.Float()
	if x != y || math.Abs(x) < exact {
		return x == y
	}
	i, small := a.Int()
	j, other := b.Int()
	return !small || !other || i == j
}

func equalItems(a, b []Value) bool {
	if len(a) != len(b) {
		return false
	}
	if unsafe.SliceData(a) == unsafe.SliceData(b) {
		return true
	}
	for i := range a {
		if !Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func equalMembers(a, b Value) bool {
	members := a.Members()
	if len(members) != b.Len() {
		return false
	}
	if unsafe.SliceData(members) == unsafe.SliceData(b.Members()) {
		return true
	}
	for _, m := range members {
		if other := b.Get(m.Key); other.IsUndefined() || !Equal(m.Value, other) {
			return false
		}
	}
	return true
}
