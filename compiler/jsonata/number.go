package jsonata

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

var numberFunctions = []definition{
	{"number", "<(nsb)-:n>", 1, defined(toNumber)},
	{"abs", "<n-:n>", 1, ofNumber(math.Abs)},
	{"floor", "<n-:n>", 1, ofNumber(math.Floor)},
	{"ceil", "<n-:n>", 1, ofNumber(math.Ceil)},
	{"round", "<n-n?:n>", 2, defined(func(n native) (value.Value, *Error) {
		f, _ := n.arg(0).Float()
		precision, _ := n.arg(1).Float()
		return value.Float(round(f, precision)), nil
	})},
	{"sqrt", "<n-:n>", 1, defined(func(n native) (value.Value, *Error) {
		f, _ := n.arg(0).Float()
		if f < 0 {
			return value.Value{}, &Error{Code: "D3060", Value: n.arg(0), index: 1}
		}
		return value.Float(math.Sqrt(f)), nil
	})},
	{"power", "<n-n:n>", 2, defined(func(n native) (value.Value, *Error) {
		base, _ := n.arg(0).Float()
		exponent, ok := n.arg(1).Float()
		result := math.Pow(base, exponent)
		if !ok || math.IsNaN(result) || math.IsInf(result, 0) {
			return value.Value{}, &Error{Code: "D3061", Value: n.arg(0), other: n.arg(1), index: 1}
		}
		return value.Float(result), nil
	})},
	{"random", "<:n>", 0, func(n native) (value.Value, *Error) {
		f, err := n.ev.random()
		return value.Float(f), err
	}},
	{"formatNumber", "<n-so?:s>", 3, defined(formatNumber)},
	{"formatBase", "<n-n?:s>", 2, defined(formatBase)},
	{"formatInteger", "<n-s:s>", 2, defined(func(n native) (value.Value, *Error) {
		f, _ := n.arg(0).Float()
		picture, err := n.picture(1)
		if err != nil {
			return value.Value{}, err
		}
		p, err := integerPictureOf(picture)
		if err != nil {
			return value.Value{}, err
		}
		s, err := p.format(math.Floor(f))
		if err != nil {
			return value.Value{}, err
		}
		return n.ev.text(s)
	})},
	{"parseInteger", "<s-s:n>", 2, defined(func(n native) (value.Value, *Error) {
		s, _ := n.arg(0).Str()
		picture, err := n.picture(1)
		if err != nil {
			return value.Value{}, err
		}
		p, err := integerPictureOf(picture)
		if err != nil {
			return value.Value{}, err
		}
		if err := n.ev.spend(len(s)); err != nil {
			return value.Value{}, err
		}
		f, err := p.parse(s)
		return value.Float(f), err
	})},
}

// maxPicture is how long a picture string may be.
const maxPicture = 1000

// picture returns an argument that is a picture string.
func (n native) picture(i int) (string, *Error) {
	s, _ := n.arg(i).Str()
	if len(s) > maxPicture {
		return "", overBudget(memoryMessage)
	}
	return s, n.ev.spend(2 * len(s))
}

// random returns a number from 0 up to, but not including, 1.
func (ev *evaluation) random() (float64, *Error) {
	if ev.env.Random == nil {
		return 0, &Error{Code: "U1002", Message: "There is no source of random numbers here"}
	}
	return float64(ev.env.Random()>>11) / (1 << 53), nil
}

var (
	decimalText = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$`)
	// The alternatives are bound to one end of the text each, as in jsonata-js.
	radixText = regexp.MustCompile(`^(0[xX][0-9A-Fa-f]+)|(0[oO][0-7]+)|(0[bB][0-1]+)$`)
)

func toNumber(n native) (value.Value, *Error) {
	v := n.arg(0)
	switch v.Kind() {
	case value.KindNumber:
		return v, nil
	case value.KindBool:
		if truth, _ := v.Bool(); truth {
			return value.Float(1), nil
		}
		return value.Float(0), nil
	case value.KindString:
		s, _ := v.Str()
		if err := n.ev.spend(len(s)); err != nil {
			return value.Value{}, err
		}
		if decimalText.MatchString(s) {
			if f, err := strconv.ParseFloat(s, 64); err == nil {
				return value.Float(f), nil
			}
		}
		if radixText.MatchString(s) {
			i, ok := new(big.Int).SetString(s, 0)
			if !ok || strings.ContainsAny(s, "_-") {
				return value.Float(math.NaN()), nil
			}
			f, _ := new(big.Float).SetInt(i).Float64()
			return value.Float(f), nil
		}
	}
	return value.Value{}, &Error{Code: "D3030", Value: v, index: 1}
}

// round rounds to so many places behind the point, halves to the even neighbour.
func round(f, precision float64) float64 {
	if precision != 0 {
		f = shift(f, precision)
	}
	result := math.Floor(f + 0.5)
	if math.Abs(f) >= 1<<52 { // no places behind the point are left
		result = f
	}
	if diff := result - f; math.Abs(diff) == 0.5 && math.Abs(math.Mod(result, 2)) == 1 {
		result--
	}
	if precision != 0 {
		result = shift(result, -precision)
	}
	if result == 0 {
		return 0 // and not -0
	}
	return result
}

// shift moves the decimal point, in the text: multiplying would not be exact.
func shift(f, places float64) float64 {
	if places != math.Trunc(places) || f-f != 0 {
		return math.NaN()
	}
	mantissa, exponent, _ := strings.Cut(string(strconv.AppendFloat(nil, f, 'e', -1, 64)), "e")
	e, _ := strconv.Atoi(exponent)
	places = max(-2000, min(places, 2000))
	shifted, _ := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(e+int(places)), 64)
	return shifted
}

func formatBase(n native) (value.Value, *Error) {
	f, _ := n.arg(0).Float()
	f = round(f, 0)
	radix := 10.0
	if r, ok := n.arg(1).Float(); ok {
		radix = round(r, 0)
	}
	if radix < 2 || radix > 36 {
		return value.Value{}, fail("D3100", value.Float(radix))
	}
	if radix == 10 || f-f != 0 {
		return value.String(string(value.AppendFloat(nil, f))), nil
	}
	i, _ := big.NewFloat(f).Int(nil)
	return value.String(i.Text(int(radix))), nil
}
