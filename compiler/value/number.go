package value

import (
	"math"
	"strconv"
	"unsafe"
)

// Float returns a computed number. It is encoded as JavaScript prints it: 1 and
// not 1.0, 1e+21 from there on. NaN and the infinities are encoded as null.
func Float(f float64) Value {
	return Value{n: math.Float64bits(f), p: floatMark{}}
}

// exact is the largest whole number up to which a float64 has them all.
const exact = 1 << 53

// Int returns a whole number. Beyond 2^53 its text keeps the digits that a
// float64 loses.
func Int(i int64) Value {
	if -exact <= i && i <= exact {
		return Float(float64(i))
	}
	return number(strconv.FormatInt(i, 10))
}

// Number returns a number that keeps its text, which must be a number of JSON;
// ok is false when it is not.
func Number(text string) (v Value, ok bool) {
	if end, err := scanNumber(text, 0); err != nil || end != len(text) {
		return Value{}, false
	}
	return number(text), true
}

func number(text string) Value {
	return Value{n: uint64(len(text)), p: numberData(unsafe.StringData(text))}
}

// Float returns the value of a number as a float64, rounded where it has more
// digits, infinite where it is too large. ok is false for every other kind.
func (v Value) Float() (f float64, ok bool) {
	switch p := v.p.(type) {
	case floatMark:
		return math.Float64frombits(v.n), true
	case numberData:
		return parseFloat(unsafe.String((*byte)(p), int(v.n))), true
	}
	return 0, false
}

// parseFloat reads a number that is known to be one of JSON.
func parseFloat(text string) float64 {
	if len(text) <= 15 {
		if n, ok := smallInt(text); ok {
			return n
		}
	}
	f, _ := strconv.ParseFloat(text, 64)
	return f
}

// smallInt reads the plain digits that most numbers are.
func smallInt(text string) (float64, bool) {
	var n int64
	digits := text
	if text[0] == '-' {
		digits = text[1:]
	}
	for i := range len(digits) {
		c := digits[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if len(digits) < len(text) {
		return -float64(n), true
	}
	return float64(n), true
}

// Int returns a number that is whole and fits an int64: 3, 3.0 and 3e2 do. ok is
// false for every other value.
func (v Value) Int() (i int64, ok bool) {
	if p, isText := v.p.(numberData); isText {
		if i, err := strconv.ParseInt(unsafe.String((*byte)(p), int(v.n)), 10, 64); err == nil {
			return i, true
		}
	}
	f, ok := v.Float()
	if !ok || f != math.Trunc(f) || f < -(1<<63) || f >= 1<<63 {
		return 0, false
	}
	return int64(f), true
}

// AppendFloat appends a number as JavaScript prints it; NaN and the infinities
// are null, as JSON.stringify has them.
func AppendFloat(dst []byte, f float64) []byte {
	abs := math.Abs(f)
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return append(dst, "null"...)
	case f == 0:
		return append(dst, '0')
	case abs < 1<<53 && f == math.Trunc(f):
		return strconv.AppendInt(dst, int64(f), 10)
	case abs >= 1e-6 && abs < 1e21:
		return strconv.AppendFloat(dst, f, 'f', -1, 64)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
	// Go writes e-07, JavaScript e-7.
	if n := len(dst); n-start > 4 && dst[n-4] == 'e' && dst[n-2] == '0' {
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}
