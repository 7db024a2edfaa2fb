package jsonata

import (
	"crypto/md5"  //nolint:gosec // asked for by name
	"crypto/sha1" //nolint:gosec // asked for by name
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// awsFunctions are the functions of AWS's own. AWS does not publish the codes of
// their errors; D4001 to D4004 are ours.
var awsFunctions = []definition{
	{"partition", "<an:a>", 2, defined(partition)},
	{"range", "<nnn:a>", 3, numberRange},
	{"hash", "<s-s:s>", 2, defined(hash)},
	{"random", "<n?:n>", 1, seededRandom},
	{"uuid", "<:s>", 0, uuid},
	{"parse", "<s-:x>", 1, defined(parseJSON)},
}

// maxRangeItems is how many items $range may give, as States.ArrayRange.
const maxRangeItems = 1000

// partition cuts an array into arrays of a size, the last of which may be
// shorter.
func partition(n native) (value.Value, *Error) {
	f, _ := n.arg(1).Float()
	size := int(min(math.Floor(f), math.MaxInt32))
	if size < 1 {
		return value.Value{}, &Error{Code: "D4001", Value: n.arg(1), index: 2}
	}
	items := n.arg(0).Items()
	parts := make([]value.Value, 0, (len(items)+size-1)/size)
	for len(items) > 0 {
		k := min(size, len(items))
		parts = append(parts, value.List(items[:k:k]...))
		items = items[k:]
	}
	if err := n.ev.spend(len(parts)); err != nil {
		return value.Value{}, err
	}
	return value.List(parts...), n.ev.make(len(parts), itemSize)
}

// numberRange gives the numbers from the first to the last, which is included.
func numberRange(n native) (value.Value, *Error) {
	first, okFirst := n.arg(0).Float()
	last, okLast := n.arg(1).Float()
	step, okStep := n.arg(2).Float()
	if !okFirst || !okLast || !okStep {
		return value.Value{}, nil
	}
	first, last, step = math.Floor(first), math.Floor(last), math.Floor(step)
	count := math.Floor((last-first)/step) + 1
	if step == 0 || count > maxRangeItems || count != count {
		return value.Value{}, &Error{Code: "D4002", Value: value.Float(count)}
	}
	items := make([]value.Value, int(max(0, count)))
	for i := range items {
		items[i] = value.Float(first + float64(i)*step)
	}
	return sequenceOf(items), n.ev.make(len(items), itemSize)
}

func hash(n native) (value.Value, *Error) {
	s, _ := n.arg(0).Str()
	algorithm, _ := n.arg(1).Str()
	text := []byte(s)
	if err := n.ev.spend(len(s) / 16); err != nil {
		return value.Value{}, err
	}
	var sum []byte
	switch algorithm {
	case "MD5":
		h := md5.Sum(text) //nolint:gosec // asked for by name
		sum = h[:]
	case "SHA-1":
		h := sha1.Sum(text) //nolint:gosec // asked for by name
		sum = h[:]
	case "SHA-256":
		h := sha256.Sum256(text)
		sum = h[:]
	case "SHA-384":
		h := sha512.Sum384(text)
		sum = h[:]
	case "SHA-512":
		h := sha512.Sum512(text)
		sum = h[:]
	default:
		return value.Value{}, &Error{Code: "D4003", Value: n.arg(1), index: 2}
	}
	return value.String(hex.EncodeToString(sum)), nil
}

// seededRandom is $random, which with a seed gives what nextDouble of
// java.util.Random gives first.
func seededRandom(n native) (value.Value, *Error) {
	seed, ok := n.arg(0).Float()
	if !ok {
		f, err := n.ev.random()
		return value.Float(f), err
	}
	return value.Float(javaRandom(int64(math.Floor(seed)))), nil
}

// javaRandom returns the first nextDouble of a java.util.Random.
func javaRandom(seed int64) float64 {
	const multiplier, mask = 0x5DEECE66D, 1<<48 - 1
	state := (uint64(seed) ^ multiplier) & mask
	next := func(bits uint) uint64 {
		state = (state*multiplier + 0xB) & mask
		return state >> (48 - bits)
	}
	high := next(26)
	return float64(high<<27+next(27)) / (1 << 53)
}

// uuid gives a random UUID, version 4.
func uuid(n native) (value.Value, *Error) {
	if n.ev.env.Random == nil {
		_, err := n.ev.random()
		return value.Value{}, err
	}
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], n.ev.env.Random())
	binary.BigEndian.PutUint64(b[8:], n.ev.env.Random())
	b[6] = b[6]&0x0F | 0x40
	b[8] = b[8]&0x3F | 0x80
	return value.String(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])), nil
}

// parseJSON reads a JSON text.
func parseJSON(n native) (value.Value, *Error) {
	s, _ := n.arg(0).Str()
	if err := n.ev.spend(len(s) / 8); err != nil {
		return value.Value{}, err
	}
	// A value takes about three times the memory of its text.
	if err := n.ev.make(len(s)/8, itemSize); err != nil {
		return value.Value{}, err
	}
	v, err := value.Parse(s)
	if err != nil {
		return value.Value{}, &Error{Code: "D4004", Value: n.arg(0), detail: err.Error()}
	}
	return positiveZero(v), nil
}

// positiveZero makes 0 of a -0 at the top, as AWS does.
func positiveZero(v value.Value) value.Value {
	if f, ok := v.Float(); ok && f == 0 && v.String() == "-0" {
		return value.Float(0)
	}
	return v
}
