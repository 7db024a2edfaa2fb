package jsonata

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

var textFunctions = []definition{
	{"string", "<x-b?:s>", 1, defined(func(n native) (value.Value, *Error) {
		pretty, _ := n.arg(1).Bool()
		s, err := n.ev.stringify(n.arg(0), pretty)
		return value.String(s), err
	})},
	{"substring", "<s-nn?:s>", 3, defined(substring)},
	{"substringBefore", "<s-s:s>", 2, defined(func(n native) (value.Value, *Error) {
		s, chars := n.texts()
		before, _, _ := strings.Cut(s, chars)
		return value.String(before), n.ev.spend(len(s) / 128)
	})},
	{"substringAfter", "<s-s:s>", 2, defined(func(n native) (value.Value, *Error) {
		s, chars := n.texts()
		if _, after, found := strings.Cut(s, chars); found {
			s = after
		}
		return value.String(s), n.ev.spend(len(s) / 128)
	})},
	{"lowercase", "<s-:s>", 1, ofText(lowercase)},
	{"uppercase", "<s-:s>", 1, ofText(uppercase)},
	{"length", "<s-:n>", 1, defined(func(n native) (value.Value, *Error) {
		s, _ := n.arg(0).Str()
		return value.Float(float64(length(s))), n.ev.spend(len(s) / 64)
	})},
	{"trim", "<s-:s>", 1, ofText(trim)},
	{"pad", "<s-ns?:s>", 3, defined(pad)},
	{"join", "<a<s>s?:s>", 2, defined(join)},
	{"base64encode", "<s-:s>", 1, ofText(base64Encode)},
	{"base64decode", "<s-:s>", 1, ofText(base64Decode)},
}

// texts returns the first two arguments.
func (n native) texts() (a, b string) {
	a, _ = n.arg(0).Str()
	b, ok := n.arg(1).Str()
	if !ok && n.arg(1).IsUndefined() {
		b = "undefined" // what JavaScript searches for then
	}
	return a, b
}

// runeSize returns the size of the first character of s, or of half a surrogate
// pair.
func runeSize(s string) int {
	if s[0] < utf8.RuneSelf {
		return 1
	}
	if _, ok := surrogateAt(s); ok {
		return 3
	}
	_, size := utf8.DecodeRuneInString(s)
	return size
}

// length returns the number of characters.
func length(s string) (n int) {
	for ; s != ""; n++ {
		s = s[runeSize(s):]
	}
	return n
}

// skipRunes returns the offset behind the first n characters.
func skipRunes(s string, n int) int {
	at := 0
	for ; n > 0 && at < len(s); n-- {
		at += runeSize(s[at:])
	}
	return at
}

func substring(n native) (value.Value, *Error) {
	s, _ := n.arg(0).Str()
	start, ok := n.arg(1).Float()
	if !ok {
		start = math.NaN()
	}
	if err := n.ev.spend(len(s) / 64); err != nil {
		return value.Value{}, err
	}
	size := float64(length(s))
	if size+start < 0 {
		start = 0
	}
	end := size
	if count, ok := n.arg(2).Float(); ok {
		if count <= 0 {
			return value.String(""), nil
		}
		if end = start + count; !(start >= 0) {
			end += size
		}
	}
	from, to := sliceIndex(start, size), sliceIndex(end, size)
	if from >= to {
		return value.String(""), nil
	}
	at := skipRunes(s, from)
	return value.String(s[at : at+skipRunes(s[at:], to-from)]), nil
}

// sliceIndex is what JavaScript's slice makes of an index into size items.
func sliceIndex(f, size float64) int {
	f = math.Trunc(f)
	switch {
	case f != f:
		return 0
	case f < 0:
		f = max(0, size+f)
	}
	return int(min(f, size))
}

// Characters whose other case is more than one character, or depends on more
// than themselves.
var (
	upperSpecial = strings.NewReplacer("ß", "SS", "ﬀ", "FF", "ﬁ", "FI", "ﬂ", "FL", "ﬃ", "FFI", "ﬄ", "FFL", "ﬅ", "ST", "ﬆ", "ST", "ŉ", "ʼN", "ǰ", "J̌")
	lowerSpecial = strings.NewReplacer("İ", "i̇")
)

func uppercase(s string) string { return strings.ToUpper(upperSpecial.Replace(s)) }
func lowercase(s string) string { return strings.ToLower(lowerSpecial.Replace(s)) }

func trim(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || r == '\t' || r == '\n' || r == '\r'
	}), " ")
}

func pad(n native) (value.Value, *Error) {
	s, _ := n.arg(0).Str()
	width, _ := n.arg(1).Float()
	fill, _ := n.arg(2).Str()
	if fill == "" {
		fill = " "
	}
	missing := int(min(math.Abs(width), 1<<30)) - length(s)
	if missing <= 0 {
		return n.arg(0), nil
	}
	if err := n.ev.makeText(len(s) + missing*len(fill)); err != nil {
		return value.Value{}, err
	}
	padding := strings.Repeat(fill, missing)
	padding = padding[:skipRunes(padding, missing)]
	if width > 0 {
		return value.String(s + padding), nil
	}
	return value.String(padding + s), nil
}

func join(n native) (value.Value, *Error) {
	separator, _ := n.arg(1).Str()
	items := n.args[0].Items()
	size := 0
	for i := range items {
		s, _ := items[i].Str()
		size += len(s) + len(separator)
	}
	if err := n.ev.makeText(size); err != nil {
		return value.Value{}, err
	}
	if err := n.ev.spend(len(items)); err != nil {
		return value.Value{}, err
	}
	var b strings.Builder
	for i := range items {
		if i > 0 {
			b.WriteString(separator)
		}
		s, _ := items[i].Str()
		b.WriteString(s)
	}
	return value.String(b.String()), nil
}
