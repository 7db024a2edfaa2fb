package graph

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// compare tests two values; a value of the wrong type fails the test and is no
// error.
type compare = func(v, operand value.Value) (bool, error)

// operator finds the comparison of an operator's name, and whether its operand
// is a path. Unknown names give nil.
func operator(name string) (compare, bool) {
	base, byPath := strings.CutSuffix(name, "Path")
	if kind, ok := strings.CutPrefix(base, "Is"); ok && !byPath {
		return kindTest(kind), false
	}
	if base == "StringMatches" && !byPath {
		return matches, false
	}
	for family, order := range orders {
		relation, ok := strings.CutPrefix(base, family)
		if !ok {
			continue
		}
		holds := relations[relation]
		if holds == nil || family == "Boolean" && relation != "Equals" {
			return nil, false
		}
		return func(v, w value.Value) (bool, error) {
			c, ok := order(v, w)
			return ok && holds(c), nil
		}, byPath
	}
	return nil, false
}

var relations = map[string]func(int) bool{
	"Equals":            func(c int) bool { return c == 0 },
	"LessThan":          func(c int) bool { return c < 0 },
	"GreaterThan":       func(c int) bool { return c > 0 },
	"LessThanEquals":    func(c int) bool { return c <= 0 },
	"GreaterThanEquals": func(c int) bool { return c >= 0 },
}

// orders compares two values of one type; ok is false when they are not.
var orders = map[string]func(v, w value.Value) (order int, ok bool){
	"String": func(v, w value.Value) (int, bool) {
		a, ok := v.Str()
		b, also := w.Str()
		return compareText(a, b), ok && also
	},
	"Numeric": func(v, w value.Value) (int, bool) {
		a, ok := v.Float()
		b, also := w.Float()
		return cmp.Compare(a, b), ok && also
	},
	"Boolean": func(v, w value.Value) (int, bool) {
		a, ok := v.Bool()
		b, also := w.Bool()
		if a == b {
			return 0, ok && also
		}
		return 1, ok && also
	},
	"Timestamp": func(v, w value.Value) (int, bool) {
		a, ok := timestamp(v)
		b, also := timestamp(w)
		return a.Compare(b), ok && also
	},
}

// compareText orders strings by UTF-16 code units, as Java does. That differs
// from the order of bytes only where a surrogate meets a character from U+E000.
func compareText(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	if i < len(a) && i < len(b) && a[i] >= 0xEE && b[i] >= 0xEE && (a[i] >= 0xF0) != (b[i] >= 0xF0) {
		return cmp.Compare(b[i], a[i])
	}
	return cmp.Compare(a[i:], b[i:])
}

func timestamp(v value.Value) (time.Time, bool) {
	s, ok := v.Str()
	if !ok {
		return time.Time{}, false
	}
	return ParseTimestamp(s)
}

// kindTest is one of the tests IsNull, IsNumeric, IsString, IsBoolean and
// IsTimestamp, or nil.
func kindTest(name string) compare {
	want, ok := map[string]value.Kind{
		"Null": value.KindNull, "Numeric": value.KindNumber, "String": value.KindString,
		"Boolean": value.KindBool, "Timestamp": value.KindString,
	}[name]
	if !ok {
		return nil
	}
	return func(v, w value.Value) (bool, error) {
		is := v.Kind() == want
		if is && name == "Timestamp" {
			_, is = timestamp(v)
		}
		expected, ok := w.Bool()
		return ok && is == expected, nil
	}
}

// matches tests a string against a pattern, in which "*" stands for any text
// and a backslash takes the meaning from what follows.
func matches(v, pattern value.Value) (bool, error) {
	s, ok := v.Str()
	p, also := pattern.Str()
	if !ok || !also {
		return false, nil
	}
	parts, err := splitPattern(p)
	if err != nil || len(parts) == 1 {
		return err == nil && s == parts[0], err
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(s) < len(first)+len(last) || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
		return false, nil
	}
	s = s[len(first) : len(s)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(s, part)
		if i < 0 {
			return false, nil
		}
		s = s[i+len(part):]
	}
	return true, nil
}

// splitPattern returns the texts between the stars.
func splitPattern(p string) ([]string, error) {
	parts := []string{""}
	for i := 0; i < len(p); i++ {
		last := len(parts) - 1
		switch {
		case p[i] == '*':
			parts = append(parts, "")
			continue
		case p[i] == '\\':
			i++
			if i == len(p) {
				return nil, errors.New("Invalid pattern '" + p + "': a backslash must be followed by a character.")
			}
		}
		parts[last] += p[i : i+1]
	}
	return parts, nil
}
