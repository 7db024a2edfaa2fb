package value

// Measure returns how many bytes the value's JSON text has. ok is false when they
// are more than limit, or when the value is nested deeper than [MaxDepth]; then
// it has stopped counting: values may share their parts, so that a small one can
// have a text that no memory holds.
func (v Value) Measure(limit int) (size int, ok bool) {
	left := v.measure(limit, 0)
	return limit - left, left >= 0
}

// measure returns what is left of the limit, or less than 0.
func (v Value) measure(left, depth int) int {
	switch v.Kind() {
	case KindString:
		s, _ := v.Str()
		return measureString(left, s)
	case KindList:
		return measureList(left, v.Items(), depth+1)
	case KindObject:
		return measureObject(left, v.Members(), depth+1)
	}
	var buf [32]byte
	return left - len(v.AppendJSON(buf[:0]))
}

func measureList(left int, items []Value, depth int) int {
	if left -= max(2, len(items)+1); depth > MaxDepth {
		return -1
	}
	for i := 0; i < len(items) && left >= 0; i++ {
		left = items[i].measure(left, depth)
	}
	return left
}

func measureObject(left int, members []Member, depth int) int {
	if left -= 2; depth > MaxDepth {
		return -1
	}
	between := 0
	for i := 0; i < len(members) && left >= 0; i++ {
		if m := &members[i]; !m.Value.IsUndefined() {
			left = m.Value.measure(measureString(left-1-between, m.Key), depth)
			between = 1
		}
	}
	return left
}

// measureString takes off what AppendString writes.
func measureString(left int, s string) int {
	if left -= len(s) + 2; left < 0 {
		return left // what is not UTF-8 makes it longer only
	}
	if well := wellFormed(s); len(well) > len(s) {
		left -= len(well) - len(s)
		s = well
	}
	var buf [8]byte
	for i := range len(s) {
		if c := s[i]; !plain[c] {
			left -= len(appendEscape(buf[:0], c)) - 1
		}
	}
	return left
}
