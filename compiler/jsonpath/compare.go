package jsonpath

import (
	"math/big"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// compare orders two values as Jayway's Criteria does. The expected one is the
// right operand of a filter, or a text of either side.
func compare(expected, actual value.Value) (int, *Error) {
	switch none, other := nullish(expected), nullish(actual); {
	case none && other:
		return 0, nil
	case none:
		return -1, nil
	case other:
		return 1, nil
	}
	text, isText := expected.Str()
	switch actual.Kind() {
	case value.KindString:
		if isText {
			s, _ := actual.Str()
			return compareUTF16(strings.ReplaceAll(text, `\'`, `'`), s), nil
		}
	case value.KindNumber:
		if isText || expected.Kind() == value.KindNumber {
			return compareNumbers(JavaText(expected), JavaText(actual))
		}
	case value.KindBool:
		b, _ := actual.Bool()
		if isText {
			return compareBool(strings.EqualFold(text, "true"), b), nil
		}
		if e, isBool := expected.Bool(); isBool {
			return compareBool(e, b), nil
		}
	}
	if same(expected, actual) {
		return 0, nil
	}
	return 0, errIncomparable
}

// same reports whether two lists or objects are one and the same.
func same(a, b value.Value) bool {
	x, y := a.Items(), b.Items()
	p, q := a.Members(), b.Members()
	return len(x) > 0 && len(y) > 0 && &x[0] == &y[0] || len(p) > 0 && len(q) > 0 && &p[0] == &q[0]
}

// nullish reports what counts as null: null and the text "null".
func nullish(v value.Value) bool {
	s, _ := v.Str()
	return v.IsNull() || s == "null"
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// compareUTF16 orders as Java's String.compareTo does, by UTF-16 units.
func compareUTF16(a, b string) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] != b[i] {
			if a[i] < 0x80 && b[i] < 0x80 {
				return strings.Compare(a, b)
			}
			x, y := utf16.Encode([]rune(a)), utf16.Encode([]rune(b))
			for i := 0; i < len(x) && i < len(y); i++ {
				if x[i] != y[i] {
					return int(x[i]) - int(y[i])
				}
			}
			return len(x) - len(y)
		}
	}
	return len(a) - len(b)
}

// maxExponent bounds the numbers that are compared exactly, so that no exponent
// can exhaust the memory; beyond it they are compared as floating-point numbers.
const maxExponent = 400

// compareNumbers compares as java.math.BigDecimal does. A text that is no number
// is an error which Jayway lets through.
func compareNumbers(a, b string) (int, *Error) {
	x, err := strconv.ParseFloat(a, 64)
	if !decimal(a) || err != nil && x == 0 {
		return 0, notNumber(a)
	}
	y, _ := strconv.ParseFloat(b, 64)
	if x != y || len(a) <= 15 && len(b) <= 15 || len(a) > maxExponent || len(b) > maxExponent {
		switch {
		case x < y:
			return -1, nil
		case x > y:
			return 1, nil
		}
		return 0, nil
	}
	return exact(a).Cmp(exact(b)), nil
}

// exact reads a number whose float64 is known to be finite or the text short.
func exact(text string) *big.Rat {
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		if e, err := strconv.Atoi(text[i+1:]); err != nil || e > maxExponent || e < -maxExponent {
			return new(big.Rat)
		}
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return new(big.Rat)
	}
	return r
}

// decimal reports whether java.math.BigDecimal reads the text.
func decimal(s string) bool {
	s = strings.TrimLeft(s[:min(1, len(s))], "+-") + s[min(1, len(s)):]
	mantissa, exponent, hasExponent := strings.Cut(strings.ToLower(s), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole+fraction == "" || !digits(whole) || !digits(fraction) {
		return false
	}
	if !hasExponent {
		return true
	}
	exponent = strings.TrimLeft(exponent[:min(1, len(exponent))], "+-") + exponent[min(1, len(exponent)):]
	return exponent != "" && digits(exponent)
}

func digits(s string) bool {
	for i := range len(s) {
		if !digit(s[i]) {
			return false
		}
	}
	return true
}

// notNumber has Java's text for a character that BigDecimal does not read.
func notNumber(text string) *Error {
	wrong := strings.TrimLeft(text, "+-.0123456789")
	if wrong == "" {
		return &Error{Kind: Impossible, Message: "a filter compares a number with '" + text + "'"}
	}
	r := []rune(wrong)[0]
	return &Error{Kind: Impossible, Message: "Character " + string(r) +
		` is neither a decimal digit number, decimal point, nor "e" notation exponential mark.`}
}

// JavaText returns a value as Java's toString prints it, which is what AWS's
// messages and States.Format show: text without quotes, {a=1, b=[2, 3]}.
func JavaText(v value.Value) string {
	if s, ok := v.Str(); ok {
		return s
	}
	return string(appendJava(nil, v))
}

func appendJava(b []byte, v value.Value) []byte {
	switch v.Kind() {
	case value.KindString:
		s, _ := v.Str()
		return append(b, s...)
	case value.KindList:
		b = append(b, '[')
		for i, item := range v.Items() {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = appendJava(b, item)
		}
		return append(b, ']')
	case value.KindObject:
		b = append(b, '{')
		for i, m := range v.Members() {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = appendJava(append(append(b, m.Key...), '='), m.Value)
		}
		return append(b, '}')
	}
	return v.AppendJSON(b)
}
