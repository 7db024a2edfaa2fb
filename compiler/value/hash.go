package value

import (
	"slices"
	"unicode/utf8"
)

// HashOrder sorts things by their keys into the order in which a
// java.util.HashMap, filled in the order given, would iterate over them. AWS's
// payload templates, merged objects and CSV rows have it. Keys must be distinct.
func HashOrder[T any](things []T, key func(T) string) {
	buckets := uint32(16)
	for len(things)*4 > int(buckets)*3 {
		buckets *= 2
	}
	bucket := func(t T) int {
		h := javaHash(key(t))
		return int((h ^ h>>16) & (buckets - 1))
	}
	// Within a bucket a HashMap keeps the order of insertion.
	slices.SortStableFunc(things, func(a, b T) int { return bucket(a) - bucket(b) })
}

// javaHash is Java's String.hashCode, over UTF-16 units.
func javaHash(s string) uint32 {
	var h uint32
	for _, r := range s {
		if r > 0xFFFF && r != utf8.RuneError {
			r -= 0x10000
			h = 31*h + uint32(0xD800+r>>10)
			r = 0xDC00 + r&0x3FF
		}
		h = 31*h + uint32(r)
	}
	return h
}
