package jsonata

import (
	"math"
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// This file is the picture strings of whole numbers: $formatInteger,
// $parseInteger and the parts of dates and times.

type letterCase uint8

const (
	lowerCase letterCase = iota
	upperCase
	titleCase
)

type integerStyle uint8

const (
	decimalStyle integerStyle = iota
	letterStyle
	romanStyle
	wordStyle
	sequenceStyle
)

// An integerPicture is a picture string, taken apart.
type integerPicture struct {
	style      integerStyle
	letters    letterCase
	ordinal    bool
	zero       rune // of the family of digits
	mandatory  int
	optional   int
	separators []separator // from the right
	regular    int         // their distance, if it is always the same
	token      string      // what is not supported
}

type separator struct {
	place int // digits right of it
	char  string
}

// decimalFamilies are the zeros of the families of digits.
var decimalFamilies = []rune{
	0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
	0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
	0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
}

func integerPictureOf(picture string) (*integerPicture, *Error) {
	p := &integerPicture{}
	primary := picture
	if at := strings.LastIndexByte(picture, ';'); at >= 0 {
		primary = picture[:at]
		p.ordinal = strings.HasPrefix(picture[at+1:], "o")
	}
	switch primary {
	case "A":
		p.style, p.letters = letterStyle, upperCase
	case "a":
		p.style = letterStyle
	case "I":
		p.style, p.letters = romanStyle, upperCase
	case "i":
		p.style = romanStyle
	case "W":
		p.style, p.letters = wordStyle, upperCase
	case "Ww":
		p.style, p.letters = wordStyle, titleCase
	case "w":
		p.style = wordStyle
	default:
		return p, p.decimal(primary)
	}
	return p, nil
}

// decimal reads a pattern of digits from the right.
func (p *integerPicture) decimal(pattern string) *Error {
	place := 0
	p.zero = -1
	for _, r := range slices.Backward([]rune(pattern)) {
		family := familyOf(r)
		switch {
		case family >= 0:
			p.mandatory++
			place++
			if p.zero >= 0 && p.zero != family {
				return &Error{Code: "D3131"}
			}
			p.zero = family
		case r == '#':
			p.optional++
			place++
		default:
			p.separators = append(p.separators, separator{place, string(r)})
		}
	}
	if p.mandatory == 0 {
		p.style, p.token = sequenceStyle, pattern
		return nil
	}
	places := make([]int, len(p.separators))
	for i, s := range p.separators {
		places[i] = s.place
		if s.char != p.separators[0].char {
			return nil
		}
	}
	p.regular = regular(places)
	return nil
}

func familyOf(r rune) rune {
	for _, zero := range decimalFamilies {
		if zero <= r && r <= zero+9 {
			return zero
		}
	}
	return -1
}

// format writes a whole number.
func (p *integerPicture) format(f float64) (string, *Error) {
	sign := ""
	if f < 0 {
		sign, f = "-", -f
	}
	text := ""
	switch p.style {
	case letterStyle:
		text = toLetters(f, p.letters)
	case romanStyle:
		if f > 1e6 {
			return "", overBudget(memoryMessage) // a thousand and more M
		}
		text = toRoman(int(f))
		if p.letters == upperCase {
			text = strings.ToUpper(text)
		}
	case wordStyle:
		text = toWords(f, p.ordinal)
		switch p.letters {
		case upperCase:
			text = strings.ToUpper(text)
		case lowerCase:
			text = strings.ToLower(text)
		}
	case decimalStyle:
		text = p.formatDecimal(f)
	case sequenceStyle:
		return "", fail("D3130", value.String(p.token))
	}
	return sign + text, nil
}

func (p *integerPicture) formatDecimal(f float64) string {
	text := string(value.AppendFloat(nil, f))
	if missing := p.mandatory - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	digits := []rune(text)
	if p.zero != '0' {
		for i := range digits {
			digits[i] += p.zero - '0'
		}
	}
	if p.regular > 0 {
		for place := len(digits) - p.regular; place > 0; place -= p.regular {
			digits = slices.Insert(digits, place, []rune(p.separators[0].char)...)
		}
	} else {
		for _, s := range slices.Backward(p.separators) {
			digits = separate(digits, len(digits)-s.place, []rune(s.char)[0])
		}
	}
	if p.ordinal {
		return string(digits) + ordinalSuffix(digits)
	}
	return string(digits)
}

// separate puts a separator at a place. One before the beginning leaves only as
// many digits, as JavaScript's substr does.
func separate(digits []rune, place int, char rune) []rune {
	if place < 0 {
		return append([]rune{char}, digits[max(0, len(digits)+place):]...)
	}
	return slices.Insert(digits, place, char)
}

func ordinalSuffix(digits []rune) string {
	n := len(digits)
	if n > 1 && digits[n-2] == '1' {
		return "th"
	}
	switch digits[n-1] {
	case '1':
		return "st"
	case '2':
		return "nd"
	case '3':
		return "rd"
	}
	return "th"
}

// parse reads a number that was written with the picture. Nothing is checked,
// as in jsonata-js: what is no number gives NaN.
func (p *integerPicture) parse(s string) (float64, *Error) {
	switch p.style {
	case letterStyle:
		return fromLetters(s, p.letters), nil
	case romanStyle:
		return fromRoman(strings.ToUpper(s)), nil
	case wordStyle:
		return fromWords(strings.ToLower(s)), nil
	case sequenceStyle:
		return 0, fail("D3130", value.String(p.token))
	}
	if p.ordinal && len(s) >= 2 {
		s = s[:len(s)-2]
	}
	if p.regular > 0 {
		s = strings.ReplaceAll(s, ",", "")
	} else {
		for _, sep := range p.separators {
			s = strings.ReplaceAll(s, sep.char, "")
		}
	}
	if p.zero != '0' {
		s = strings.Map(func(r rune) rune { return r - p.zero + '0' }, s)
	}
	return parseInt(s), nil
}

// parseInt is JavaScript's: the digits at the beginning.
func parseInt(s string) float64 {
	s = strings.TrimLeft(s, " \t\n\r\v\f")
	sign := 1.0
	if strings.HasPrefix(s, "-") {
		sign = -1
	}
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 {
		return math.NaN()
	}
	end := 0
	result := 0.0
	for end < len(digits) && '0' <= digits[end] && digits[end] <= '9' {
		result = result*10 + float64(digits[end]-'0')
		end++
	}
	if end == 0 {
		return math.NaN()
	}
	return sign * result
}

func toLetters(f float64, letters letterCase) string {
	first := byte('a')
	if letters == upperCase {
		first = 'A'
	}
	var text []byte
	for f > 0 {
		text = append(text, first+byte(math.Mod(f-1, 26)))
		f = math.Floor((f - 1) / 26)
	}
	slices.Reverse(text)
	return string(text)
}

func fromLetters(s string, letters letterCase) (f float64) {
	first := 'a'
	if letters == upperCase {
		first = 'A'
	}
	for _, r := range s {
		f = f*26 + float64(r-first+1)
	}
	return f
}

var romanNumerals = []struct {
	value int
	text  string
}{
	{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"},
	{10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"},
}

func toRoman(n int) string {
	var b strings.Builder
	for _, numeral := range romanNumerals {
		for ; n >= numeral.value; n -= numeral.value {
			b.WriteString(numeral.text)
		}
	}
	return b.String()
}

func fromRoman(s string) float64 {
	values := map[rune]float64{'M': 1000, 'D': 500, 'C': 100, 'L': 50, 'X': 10, 'V': 5, 'I': 1}
	total, most := 0.0, 1.0
	for _, r := range slices.Backward([]rune(s)) {
		v, ok := values[r]
		switch {
		case !ok:
			return math.NaN()
		case v < most:
			total -= v
		default:
			most = v
			total += v
		}
	}
	return total
}
