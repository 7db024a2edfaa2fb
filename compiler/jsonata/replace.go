package jsonata

import (
	"math"
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

func replace(n native) (value.Value, *Error) {
	s, _ := n.arg(0).Str()
	pattern, isText := n.arg(1).Str()
	if isText && pattern == "" {
		return value.Value{}, &Error{Code: "D3010", Value: n.arg(1), index: 2}
	}
	limit, err := n.limit(3, "D3011")
	if err != nil {
		return value.Value{}, err
	}
	f := functionOf(n.arg(1))
	if limit <= 0 || f == nil && !isText {
		return n.arg(0), nil
	}
	if isText {
		with, ok := n.arg(2).Str()
		switch {
		case n.arg(2).IsUndefined():
			with = "undefined" // what JavaScript appends then
		case !ok && strings.Contains(s, pattern):
			return value.Value{}, fail("D3012", n.arg(2))
		}
		count := int(min(math.Ceil(limit), 1<<31))
		found := min(strings.Count(s, pattern), count)
		if err := n.ev.makeText(len(s) + found*max(0, len(with)-len(pattern))); err != nil {
			return value.Value{}, err
		}
		return value.String(strings.Replace(s, pattern, with, count)), n.ev.spend(len(s) / 64)
	}
	return n.replaceMatches(f, s, limit)
}

func (n native) replaceMatches(f *function, s string, limit float64) (value.Value, *Error) {
	text, err := n.ev.units(s)
	if err != nil {
		return value.Value{}, err
	}
	m, err := n.find(f, text, n.arg(0))
	if err != nil {
		return value.Value{}, err
	}
	if m == nil {
		return n.arg(0), nil
	}
	var b strings.Builder
	position := 0
	for count := 0.0; m != nil && count < limit; count++ {
		b.WriteString(slice(text, position, m.start))
		with, err := n.replacement(m)
		if err != nil {
			return value.Value{}, err
		}
		b.WriteString(with)
		if b.Len() > n.ev.limits.Text {
			return value.Value{}, overBudget(memoryMessage)
		}
		position = m.start + units(m.text)
		if m, err = m.next(n.ev); err != nil {
			return value.Value{}, err
		}
	}
	b.WriteString(slice(text, position, len(text)))
	return n.ev.text(b.String())
}

func (n native) replacement(m *match) (string, *Error) {
	if with, ok := n.arg(2).Str(); ok {
		expanded := expand(with, m, n.ev.limits.Text)
		return expanded, n.ev.makeText(len(expanded))
	}
	f := functionOf(n.arg(2))
	if f == nil {
		return "", fail("D3012", n.arg(2))
	}
	v, err := n.ev.callback(f, []value.Value{m.object()}, value.Null(), n.scope)
	if err != nil {
		return "", err
	}
	with, ok := v.Str()
	if !ok {
		return "", fail("D3012", v)
	}
	return with, nil
}

// expand puts the groups of a match into a replacement: $1 is the first, $0 the
// whole match, $$ a dollar sign. It stops where the text gets longer than most.
func expand(with string, m *match, most int) string {
	var b strings.Builder
	groups := m.groups.Items()
	for {
		before, rest, found := strings.Cut(with, "$")
		b.WriteString(before)
		if !found || b.Len() > most {
			return b.String()
		}
		with = rest
		switch {
		case strings.HasPrefix(rest, "$"):
			b.WriteByte('$')
			with = rest[1:]
			continue
		case strings.HasPrefix(rest, "0"):
			b.WriteString(m.text)
			with = rest[1:]
			continue
		}
		most := 1
		if len(groups) > 0 {
			most = len(strconv.Itoa(len(groups)))
		}
		index, ok := leadingInt(rest, most)
		if ok && most > 1 && index > len(groups) {
			index, ok = leadingInt(rest, most-1)
		}
		if !ok {
			b.WriteByte('$')
			continue
		}
		if index >= 1 && index <= len(groups) {
			group, _ := groups[index-1].Str()
			b.WriteString(group)
		}
		with = rest[len(strconv.Itoa(index)):]
	}
}

// leadingInt reads at most so many digits.
func leadingInt(s string, most int) (int, bool) {
	end := 0
	for end < len(s) && end < most && '0' <= s[end] && s[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(s[:end])
	return n, err == nil
}
