package jsonata

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// This file is $formatNumber: the picture strings of XPath F&O 3.1, 4.7.

// symbols are the characters that pictures are made of.
type symbols struct {
	decimal, grouping, exponent, minus, percent, perMille, zero, digit, pattern string
	digits                                                                      []string
}

func newSymbols(options value.Value) *symbols {
	s := &symbols{
		decimal: ".", grouping: ",", exponent: "e", minus: "-", percent: "%", perMille: "‰",
		zero: "0", digit: "#", pattern: ";",
	}
	names := map[string]*string{
		"decimal-separator": &s.decimal, "grouping-separator": &s.grouping, "exponent-separator": &s.exponent,
		"minus-sign": &s.minus, "percent": &s.percent, "per-mille": &s.perMille,
		"zero-digit": &s.zero, "digit": &s.digit, "pattern-separator": &s.pattern,
	}
	for _, m := range options.Members() {
		if symbol, ok := names[m.Key]; ok {
			if text, ok := m.Value.Str(); ok && text != "" {
				*symbol = text
			}
		}
	}
	zero := []rune(s.zero)[0]
	for i := range rune(10) {
		s.digits = append(s.digits, string(zero+i))
	}
	return s
}

func (s *symbols) isDigit(char string) bool { return slices.Contains(s.digits, char) }

func (s *symbols) isActive(char string) bool {
	return s.isDigit(char) || char == s.decimal || char == s.exponent || char == s.grouping || char == s.digit || char == s.pattern
}

// count returns how many characters of a part are digits, optional ones too if
// asked for.
func (s *symbols) count(part string, optional bool) (n int) {
	for _, r := range part {
		if s.isDigit(string(r)) || optional && string(r) == s.digit {
			n++
		}
	}
	return n
}

// A subpicture is the picture of numbers of one sign, taken apart.
type subpicture struct {
	text                     string
	prefix, suffix, active   string
	mantissa                 string
	exponent                 string
	hasExponent              bool
	integer, fraction        string
	integerGroups            []int
	regular                  int // the distance of integer groups, if it is always the same
	fractionGroups           []int
	minInteger               int
	scale                    int
	minFraction, maxFraction int
	minExponent              int
}

func formatNumber(n native) (value.Value, *Error) {
	f, _ := n.arg(0).Float()
	picture, err := n.picture(1)
	if err != nil {
		return value.Value{}, err
	}
	s := newSymbols(n.arg(2))
	parts := strings.Split(picture, s.pattern)
	if len(parts) > 2 {
		return value.Value{}, &Error{Code: "D3080"}
	}
	pictures := make([]*subpicture, len(parts))
	for i, part := range parts {
		pictures[i] = s.split(part)
	}
	for _, p := range pictures {
		if code := s.check(p); code != "" {
			return value.Value{}, &Error{Code: code}
		}
	}
	for _, p := range pictures {
		s.analyse(p)
	}
	p := pictures[0]
	if len(pictures) == 2 && !(f >= 0) {
		p = pictures[1]
	} else if !(f >= 0) {
		negative := *p
		negative.prefix = s.minus + p.prefix
		p = &negative
	}
	return n.ev.text(s.format(f, p))
}

// split takes a picture apart.
func (s *symbols) split(text string) *subpicture {
	p := &subpicture{text: text}
	first, last := -1, -1 // what is active but for the exponent separator
	for i, r := range text {
		if char := string(r); s.isActive(char) && char != s.exponent {
			if first < 0 {
				first = i
			}
			last = i + len(char)
		}
	}
	if first < 0 {
		// Nothing is. In jsonata-js 2.2 all of it is the active part then.
		first, last = 0, len(text)
	}
	p.prefix, p.active, p.suffix = text[:first], text[first:last], text[last:]
	p.mantissa = p.active
	if before, after, found := strings.Cut(p.active, s.exponent); found {
		p.mantissa, p.exponent, p.hasExponent = before, after, true
	}
	var found bool
	if p.integer, p.fraction, found = strings.Cut(p.mantissa, s.decimal); !found {
		p.fraction = p.suffix
	}
	return p
}

// check returns the code of what is wrong with a picture; of several mistakes the
// last one counts.
func (s *symbols) check(p *subpicture) (code string) {
	when := func(wrong bool, c string) {
		if wrong {
			code = c
		}
	}
	point := strings.Index(p.text, s.decimal)
	percent, perMille := strings.Index(p.text, s.percent), strings.Index(p.text, s.perMille)
	when(point != strings.LastIndex(p.text, s.decimal), "D3081")
	when(percent != strings.LastIndex(p.text, s.percent), "D3082")
	when(perMille != strings.LastIndex(p.text, s.perMille), "D3083")
	when(percent >= 0 && perMille >= 0, "D3084")
	when(s.count(p.mantissa, true) == 0, "D3085")
	when(strings.ContainsFunc(p.active, func(r rune) bool { return !s.isActive(string(r)) }), "D3086")
	if point >= 0 {
		when(strings.HasSuffix(p.text[:point], s.grouping) || strings.HasPrefix(p.text[point+len(s.decimal):], s.grouping), "D3087")
	} else {
		when(strings.HasSuffix(p.integer, s.grouping), "D3088")
	}
	when(strings.Contains(p.text, s.grouping+s.grouping), "D3089")
	if before, _, found := strings.Cut(p.integer, s.digit); found {
		when(s.count(before, false) > 0, "D3090")
	}
	if at := strings.LastIndex(p.fraction, s.digit); at >= 0 {
		when(s.count(p.fraction[at:], false) > 0, "D3091")
	}
	when(p.exponent != "" && (percent >= 0 || perMille >= 0), "D3092")
	when(p.hasExponent && (p.exponent == "" || s.count(p.exponent, false) < length(p.exponent)), "D3093")
	return code
}

// analyse finds out what a picture asks for.
func (s *symbols) analyse(p *subpicture) {
	p.integerGroups = s.groups(p, p.integer, false)
	p.regular = regular(p.integerGroups)
	p.fractionGroups = s.groups(p, p.fraction, true)
	p.minInteger = s.count(p.integer, false)
	p.scale = p.minInteger
	p.minFraction = s.count(p.fraction, false)
	p.maxFraction = s.count(p.fraction, true)
	if p.minInteger == 0 && p.maxFraction == 0 {
		if p.hasExponent {
			p.minFraction, p.maxFraction = 1, 1
		} else {
			p.minInteger = 1
		}
	}
	if p.hasExponent && p.minInteger == 0 && strings.Contains(p.integer, s.digit) {
		p.minInteger = 1
	}
	if p.minInteger == 0 && p.minFraction == 0 {
		p.minFraction = 1
	}
	p.minExponent = s.count(p.exponent, false)
}

// groups returns where a part has grouping separators: how many digits stand
// right of each, or left of it.
func (s *symbols) groups(p *subpicture, part string, left bool) (places []int) {
	for at := strings.Index(part, s.grouping); at >= 0; {
		side := part[min(at, len(part)):]
		if left {
			side = part[:min(at, len(part))]
		}
		places = append(places, s.count(side, true))
		// jsonata-js looks for the next one in the integer part in any case.
		next := strings.Index(p.integer[min(at+1, len(p.integer)):], s.grouping)
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return places
}

// regular returns the distance of the places, if it is always the same, else 0.
func regular(places []int) int {
	if len(places) == 0 {
		return 0
	}
	factor := places[0]
	for _, place := range places[1:] {
		for b := place; b != 0; {
			factor, b = b, factor%b
		}
	}
	for i := range places {
		if !slices.Contains(places, (i+1)*factor) {
			return 0
		}
	}
	return factor
}

func (s *symbols) format(f float64, p *subpicture) string {
	switch {
	case strings.Contains(p.text, s.percent):
		f *= 100
	case strings.Contains(p.text, s.perMille):
		f *= 1000
	}
	mantissa, exponent := f, 0
	if p.minExponent > 0 {
		mantissa, exponent = scale(f, p.scale)
	}
	text := s.decimalText(round(mantissa, float64(p.maxFraction)), p.maxFraction)
	integer, fraction, _ := strings.Cut(text, ".")
	integer = strings.TrimLeft(integer, "0")
	fraction = strings.TrimRight(fraction, "0")
	integer = strings.Repeat("0", max(0, p.minInteger-len(integer))) + integer
	fraction += strings.Repeat("0", max(0, p.minFraction-len(fraction)))
	result := s.grouped(integer, fraction, p)
	if p.minExponent > 0 {
		digits := strconv.Itoa(max(exponent, -exponent))
		sign := ""
		if exponent < 0 {
			sign = s.minus
		}
		result += s.exponent + sign + s.native(strings.Repeat("0", max(0, p.minExponent-len(digits)))+digits)
	}
	return p.prefix + result + p.suffix
}

// scale returns the mantissa, with so many digits before the point, and the
// exponent of a number.
func scale(f float64, digits int) (mantissa float64, exponent int) {
	if f == 0 || f-f != 0 {
		return f, 0
	}
	most, least := math.Pow(10, float64(digits)), math.Pow(10, float64(digits-1))
	sign := 1.0
	if f < 0 {
		sign, f = -1, -f
	}
	for f < least {
		f *= 10
		exponent--
	}
	for f > most {
		f /= 10
		exponent++
	}
	return sign * f, exponent
}

// decimalText returns the digits of a number without its sign.
func (s *symbols) decimalText(f float64, places int) string {
	f = math.Abs(f)
	switch {
	case math.IsInf(f, 0):
		return "Infinity"
	case f >= 1e21:
		return string(value.AppendFloat(nil, f))
	}
	return strconv.FormatFloat(f, 'f', min(places, 100), 64)
}

// native writes digits with those of the picture's family.
func (s *symbols) native(digits string) string {
	if s.zero == "0" {
		return digits
	}
	var b strings.Builder
	for _, r := range digits {
		if '0' <= r && r <= '9' {
			b.WriteString(s.digits[r-'0'])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// grouped joins the digits before and behind the point and puts the grouping
// separators in. Where a picture has them at irregular places it shows how
// jsonata-js does that: one by one, in a text that gets longer.
func (s *symbols) grouped(integer, fraction string, p *subpicture) string {
	var text []string
	for _, r := range s.native(integer) {
		text = append(text, string(r))
	}
	point := len(text)
	text = append(text, s.decimal)
	for _, r := range s.native(fraction) {
		text = append(text, string(r))
	}
	if p.regular > 0 {
		for group := 1; group <= (point-1)/p.regular; group++ {
			text = s.separate(text, point-group*p.regular)
		}
	} else {
		for i, place := range p.integerGroups {
			text = s.separate(text, point+i-place)
		}
	}
	point = slices.Index(text, s.decimal)
	for _, place := range p.fractionGroups {
		text = s.separate(text, place+point+1)
	}
	point = slices.Index(text, s.decimal)
	if !strings.Contains(p.text, s.decimal) || point == len(text)-1 {
		text = text[:len(text)-1]
	}
	return strings.Join(text, "")
}

// separate puts a grouping separator at a place. One before the beginning counts
// from the end, as in JavaScript's slice.
func (s *symbols) separate(text []string, place int) []string {
	if place < 0 {
		place = max(0, len(text)+place)
	}
	return slices.Insert(text, min(place, len(text)), s.grouping)
}
