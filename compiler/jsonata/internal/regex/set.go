package regex

import (
	"slices"
	"unicode"
)

// A set is a set of UTF-16 units: sorted ranges that do not overlap.
type set struct {
	ranges []span
	ascii  [2]uint64 // the members below 128, once sorted
}

type span struct{ low, high uint16 }

func newSet(spans ...span) *set {
	s := &set{ranges: spans}
	s.sort()
	return s
}

var (
	digits = newSet(span{'0', '9'})
	words  = newSet(span{'0', '9'}, span{'A', 'Z'}, span{'_', '_'}, span{'a', 'z'})
	spaces = newSet(span{'\t', '\r'}, span{' ', ' '}, span{0xA0, 0xA0}, span{0x1680, 0x1680}, span{0x2000, 0x200A},
		span{0x2028, 0x2029}, span{0x202F, 0x202F}, span{0x205F, 0x205F}, span{0x3000, 0x3000}, span{0xFEFF, 0xFEFF})
	dot = newSet(span{'\n', '\n'}, span{'\r', '\r'}, span{0x2028, 0x2029}).not()
)

func (s *set) add(low, high uint16) { s.ranges = append(s.ranges, span{low, high}) }

// sort orders the ranges and joins those that touch.
func (s *set) sort() {
	slices.SortFunc(s.ranges, func(a, b span) int { return int(a.low) - int(b.low) })
	var joined []span
	for _, r := range s.ranges {
		if n := len(joined); n > 0 && int(r.low) <= int(joined[n-1].high)+1 {
			joined[n-1].high = max(joined[n-1].high, r.high)
			continue
		}
		joined = append(joined, r)
	}
	s.ranges = joined
	for _, r := range joined {
		for c := int(r.low); c <= int(r.high) && c < 128; c++ {
			s.ascii[c>>6] |= 1 << (c & 63)
		}
	}
}

func (s *set) not() *set {
	n := &set{}
	next := 0
	for _, r := range s.ranges {
		if next < int(r.low) {
			n.add(uint16(next), r.low-1)
		}
		next = int(r.high) + 1
	}
	if next <= 0xFFFF {
		n.add(uint16(next), 0xFFFF)
	}
	n.sort()
	return n
}

func (s *set) has(c uint16) bool {
	if c < 128 {
		return s.ascii[c>>6]>>(c&63)&1 == 1
	}
	_, found := slices.BinarySearchFunc(s.ranges, c, func(r span, c uint16) int {
		switch {
		case c < r.low:
			return 1
		case c > r.high:
			return -1
		}
		return 0
	})
	return found
}

// hasFold reports whether the set has c or a unit that is c but for its case.
func (s *set) hasFold(c uint16) bool {
	if s.has(c) {
		return true
	}
	want := fold(c)
	for r := unicode.SimpleFold(rune(c)); r != rune(c); r = unicode.SimpleFold(r) {
		if r <= 0xFFFF && fold(uint16(r)) == want && s.has(uint16(r)) {
			return true
		}
	}
	return false
}

// fold maps units that differ in case only to the same one, as JavaScript does
// without the u flag: to upper case, unless that would make ASCII of what is
// not.
func fold(c uint16) uint16 {
	if c < 128 {
		if 'a' <= c && c <= 'z' {
			return c - 32
		}
		return c
	}
	upper := unicode.ToUpper(rune(c))
	if upper < 128 || upper > 0xFFFF {
		return c
	}
	return uint16(upper)
}
