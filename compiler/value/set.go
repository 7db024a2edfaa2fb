package value

import (
	"hash/maphash"
	"math"
)

// A Set holds values that are distinct in the sense of [Equal]. The zero Set is
// empty. It is not safe for concurrent use.
type Set struct {
	seed    maphash.Seed
	buckets map[uint64][]Value
}

// Add reports whether v is new to the set, and puts it there.
func (s *Set) Add(v Value) bool {
	if s.buckets == nil {
		s.seed = maphash.MakeSeed()
		s.buckets = make(map[uint64][]Value)
	}
	sum := s.sum(v)
	for _, other := range s.buckets[sum] {
		if Equal(v, other) {
			return false
		}
	}
	s.buckets[sum] = append(s.buckets[sum], v)
	return true
}

// sum is the same for equal values.
func (s *Set) sum(v Value) uint64 {
	sum := uint64(v.Kind()) << 56
	switch v.Kind() {
	case KindBool:
		return sum ^ v.n
	case KindNumber:
		f, _ := v.Float()
		return sum ^ math.Float64bits(f+0) // -0 is 0
	case KindString:
		text, _ := v.Str()
		return maphash.String(s.seed, text)
	case KindList:
		for _, item := range v.Items() {
			sum = sum*31 + s.sum(item)
		}
	case KindObject:
		for _, m := range v.Members() {
			sum += maphash.String(s.seed, m.Key) ^ s.sum(m.Value)
		}
	}
	return sum
}
