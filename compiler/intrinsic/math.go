package intrinsic

import (
	"errors"
	"fmt"
	"math/bits"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

func mathAdd(_ *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	a, err1 := whole(args[0], "first number")
	b, err2 := whole(args[1], "second number")
	if err := errors.Join(err1, err2); err != nil {
		return value.Value{}, err
	}
	return value.Int(int64(a + b)), nil
}

var errNoRandom = errors.New("there is no source of randomness here")

// mathRandom returns a whole number from the start up to, and without, the end.
// With a seed it is always the same one.
func mathRandom(_ *Call, s *jsonpath.Scope, args []value.Value) (value.Value, error) {
	start, err1 := whole(args[0], "start")
	end, err2 := whole(args[1], "end")
	if err := errors.Join(err1, err2); err != nil {
		return value.Value{}, err
	}
	if start >= end {
		return value.Value{}, fmt.Errorf("the start %d must be less than the end %d", start, end)
	}
	span := uint64(end - start)
	if len(args) == 3 {
		seed, _ := args[2].Float()
		return value.Int(int64(start) + int64(javaRandom(int64(round(seed)), span))), nil
	}
	if s.Random == nil {
		return value.Value{}, errNoRandom
	}
	n, _ := bits.Mul64(s.Random(), span)
	return value.Int(int64(start) + int64(n)), nil
}

// javaRandom is the first number below span that a java.util.Random with that
// seed gives.
func javaRandom(seed int64, span uint64) uint64 {
	const multiplier, mask = 0x5DEECE66D, 1<<48 - 1
	state := (uint64(seed) ^ multiplier) & mask
	next := func(bits int) uint64 {
		state = (state*multiplier + 0xB) & mask
		return state >> (48 - bits)
	}
	if span > 1<<31-1 {
		return (next(32)<<32 | next(32)) % span
	}
	if span&(span-1) == 0 {
		return span * next(31) >> 31
	}
	for {
		bits := next(31)
		if n := bits % span; bits-n+span-1 < 1<<31 {
			return n
		}
	}
}

// uuid returns a random UUID, of version 4.
func uuid(_ *Call, s *jsonpath.Scope, _ []value.Value) (value.Value, error) {
	if s.Random == nil {
		return value.Value{}, errNoRandom
	}
	high := s.Random()&^0xF000 | 0x4000
	low := s.Random()&^(3<<62) | 1<<63
	return value.String(fmt.Sprintf("%08x-%04x-%04x-%04x-%012x",
		high>>32, high>>16&0xFFFF, high&0xFFFF, low>>48, low&(1<<48-1))), nil
}
