package value

// Equal reports whether two values are the same JSON: numbers by what they are
// worth, objects whatever the order of their members. Undefined equals only
// undefined. Opaque values are equal when they hold the same thing.
func Equal(a, b Value) bool {
	kind := a.Kind()
	if kind != b.Kind() {
		return false
	}
	switch kind {
	case KindBool:
		return a.n == b.n
	case KindNumber:
		x, _ := a.Float()
		y, _ := b.Float()
		return x == y
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

func equalItems(a, b []Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func equalMembers(a, b Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	for _, m := range a.Members() {
		if other := b.Get(m.Key); other.IsUndefined() || !Equal(m.Value, other) {
			return false
		}
	}
	return true
}
