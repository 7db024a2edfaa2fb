package jsonata

import (
	"math"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonata/internal/regex"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

var matchFunctions = []definition{
	{"match", "<s-f<s:o>n?:a<o>>", 3, defined(matchText)},
	{"contains", "<s-(sf):b>", 2, defined(contains)},
	{"replace", "<s-(sf)(sf)n?:s>", 4, defined(replace)},
	{"split", "<s-(sf)n?:a<s>>", 3, defined(split)},
}

// A matcher is a regular expression as a function that finds matches.
type matcher struct {
	program  *regex.Program
	source   string
	position int
	function *function
}

func newRegex(t token) (Node, *Error) {
	program, err := regex.Compile(t.text, t.flags)
	if err != nil {
		return nil, &Error{Code: "S0303", Position: t.position, Message: err.Error()}
	}
	m := &matcher{program: program, source: t.text, position: t.position}
	m.function = &function{arity: 2, native: m.call, regex: m, plain: true}
	m.function.asValue()
	return &Regex{place(t.position), t.text, t.flags, m}, nil
}

// call is the regular expression called as a function.
func (m *matcher) call(n native) (value.Value, *Error) {
	s, ok := n.arg(0).Str()
	if !ok {
		return value.Value{}, nil
	}
	from, _ := n.arg(1).Float()
	text, err := n.ev.units(s)
	if err != nil {
		return value.Value{}, err
	}
	found, err := m.find(n.ev, text, int(max(-1, min(from, 1<<40))))
	if err != nil || found == nil {
		return value.Value{}, err
	}
	return found.object(), nil
}

// A match is what a matcher found. Its places are in UTF-16 units.
type match struct {
	text       string
	start, end int
	groups     value.Value
	next       func(ev *evaluation) (*match, *Error)
}

func (m *match) object() value.Value {
	next := &function{plain: true, native: func(n native) (value.Value, *Error) {
		found, err := m.next(n.ev)
		if err != nil || found == nil {
			return value.Value{}, err
		}
		return found.object(), nil
	}}
	return value.Object(
		value.Member{Key: "match", Value: value.String(m.text)},
		value.Member{Key: "start", Value: value.Float(float64(m.start))},
		value.Member{Key: "end", Value: value.Float(float64(m.end))},
		value.Member{Key: "groups", Value: m.groups},
		value.Member{Key: "next", Value: next.asValue()},
	)
}

// units returns a text in UTF-16.
func (ev *evaluation) units(s string) ([]uint16, *Error) {
	if err := ev.spend(len(s) / 16); err != nil {
		return nil, err
	}
	return toUnits(s), nil
}

func (m *matcher) find(ev *evaluation, text []uint16, from int) (*match, *Error) {
	if from > len(text) || from < 0 {
		return nil, nil
	}
	if err := ev.spend(1); err != nil {
		return nil, err
	}
	places, err := m.program.Match(text, from, &ev.steps)
	if err != nil {
		return nil, overBudget(stepsMessage)
	}
	if places == nil {
		return nil, nil
	}
	groups := make([]value.Value, 0, len(places)/2-1)
	size := 0
	for i := 2; i < len(places); i += 2 {
		group := value.Value{}
		if places[i] >= 0 && places[i+1] >= 0 {
			group = value.String(fromUnits(text[places[i]:places[i+1]]))
			size += places[i+1] - places[i]
		}
		groups = append(groups, group)
	}
	found := &match{
		text: fromUnits(text[places[0]:places[1]]), start: places[0], end: places[1], groups: value.List(groups...),
	}
	found.next = func(ev *evaluation) (*match, *Error) {
		if found.end >= len(text) {
			return nil, nil
		}
		next, err := m.find(ev, text, found.end)
		if next != nil && next.text == "" {
			return nil, &Error{Code: "D1004", Position: m.position, Value: value.String(m.source)}
		}
		return next, err
	}
	return found, ev.makeText(size + len(found.text))
}

// find finds the first match with what was passed for a matcher: a regular
// expression, or any function that gives objects like those of one.
func (n native) find(f *function, text []uint16, s value.Value) (*match, *Error) {
	for f.target != nil {
		f = f.target
	}
	if f.regex != nil {
		return f.regex.find(n.ev, text, 0)
	}
	v, err := n.ev.callback(f, []value.Value{s}, value.Null(), n.scope)
	if err != nil {
		return nil, err
	}
	return matchOf(v)
}

func matchOf(v value.Value) (*match, *Error) {
	if !scriptTruth(v) {
		if v.IsUndefined() {
			return nil, nil
		}
		return nil, &Error{Code: "T1010"}
	}
	start, isNumber := v.Get("start").Float()
	end, _ := v.Get("end").Float()
	next := functionOf(v.Get("next"))
	if !isNumber && !isList(v.Get("groups")) && next == nil {
		return nil, &Error{Code: "T1010"}
	}
	text, _ := v.Get("match").Str()
	m := &match{text: text, start: int(start), end: int(end), groups: v.Get("groups")}
	m.next = func(ev *evaluation) (*match, *Error) {
		if next == nil {
			return nil, nil
		}
		v, err := ev.callback(next, nil, value.Null(), nil)
		if err != nil {
			return nil, err
		}
		return matchOf(v)
	}
	return m, nil
}

// slice returns a part of a text, the places put right as JavaScript's substring
// does.
func slice(text []uint16, from, to int) string {
	from, to = min(max(from, 0), len(text)), min(max(to, 0), len(text))
	if from > to {
		from, to = to, from
	}
	return fromUnits(text[from:to])
}

// limit returns the argument that limits how often, infinite where it is left
// out.
func (n native) limit(i int, code string) (float64, *Error) {
	f, ok := n.arg(i).Float()
	if !ok {
		return math.Inf(1), nil
	}
	if f < 0 {
		return 0, &Error{Code: code, Value: n.arg(i), index: i + 1}
	}
	return f, nil
}

func contains(n native) (value.Value, *Error) {
	s, _ := n.arg(0).Str()
	if part, ok := n.arg(1).Str(); ok {
		return value.Bool(strings.Contains(s, part)), n.ev.spend(len(s) / 64)
	}
	f := functionOf(n.arg(1))
	if f == nil {
		return value.Value{}, nil
	}
	text, err := n.ev.units(s)
	if err != nil {
		return value.Value{}, err
	}
	m, err := n.find(f, text, n.arg(0))
	return value.Bool(m != nil), err
}

func matchText(n native) (value.Value, *Error) {
	s, _ := n.arg(0).Str()
	limit, err := n.limit(2, "D3040")
	if err != nil {
		return value.Value{}, err
	}
	var b builder
	if limit > 0 {
		text, err := n.ev.units(s)
		if err != nil {
			return value.Value{}, err
		}
		m, err := n.find(functionOf(n.arg(1)), text, n.arg(0))
		for count := 0.0; err == nil && m != nil && count < limit; count++ {
			b.push(value.Object(
				value.Member{Key: "match", Value: value.String(m.text)},
				value.Member{Key: "index", Value: value.Float(float64(m.start))},
				value.Member{Key: "groups", Value: m.groups},
			))
			if err = n.ev.make(3, memberSize); err == nil {
				m, err = m.next(n.ev)
			}
		}
		if err != nil {
			return value.Value{}, err
		}
	}
	return sequenceOf(b.items), nil
}

func split(n native) (value.Value, *Error) {
	s, _ := n.arg(0).Str()
	limit, err := n.limit(2, "D3020")
	if err != nil {
		return value.Value{}, err
	}
	f := functionOf(n.arg(1))
	if f == nil {
		return n.splitAt(s, limit)
	}
	var parts []value.Value
	if limit > 0 {
		text, err := n.ev.units(s)
		if err != nil {
			return value.Value{}, err
		}
		m, err := n.find(f, text, n.arg(0))
		if err == nil && m == nil {
			return value.List(n.arg(0)), nil
		}
		start, count := 0, 0.0
		for ; err == nil && m != nil && count < limit; count++ {
			parts = append(parts, value.String(slice(text, start, m.start)))
			start = m.end
			if err := n.ev.make(1, itemSize); err != nil {
				return value.Value{}, err
			}
			m, err = m.next(n.ev)
		}
		if err != nil {
			return value.Value{}, err
		}
		if count < limit {
			parts = append(parts, value.String(slice(text, start, len(text))))
		}
	}
	return value.List(parts...), n.ev.make(len(parts), itemSize)
}

// splitAt splits a text where a string is, between its UTF-16 units where that
// is empty.
func (n native) splitAt(s string, limit float64) (value.Value, *Error) {
	separator, ok := n.arg(1).Str()
	most := int(min(math.Floor(limit), 1<<31))
	pieces := len(s) + 1
	if separator != "" {
		pieces = strings.Count(s, separator) + 1
	}
	pieces = min(pieces, most)
	if err := n.ev.make(pieces, itemSize); err != nil {
		return value.Value{}, err
	}
	if err := n.ev.spend(pieces + len(s)/64); err != nil {
		return value.Value{}, err
	}
	parts := make([]value.Value, 0, pieces)
	add := func(part string) bool {
		if len(parts) >= most {
			return false
		}
		parts = append(parts, value.String(part))
		return true
	}
	switch {
	case !ok:
		add(s)
	case separator == "":
		for _, unit := range toUnits(s) {
			if !add(fromUnits([]uint16{unit})) {
				break
			}
		}
	default:
		for more := true; more; {
			var part string
			part, s, more = strings.Cut(s, separator)
			if !add(part) {
				break
			}
		}
	}
	return value.List(parts...), nil
}
