package value

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Parse reads one JSON value. The error is a [*SyntaxError]. What is not UTF-8
// becomes U+FFFD, as encoding/json has it; of equal keys the last one counts;
// the whole number -0 is 0, as it is for AWS. The value's strings share the
// memory of the text.
func Parse(text string) (Value, error) {
	text = wellFormed(text)
	p := parser{s: text}
	v, i, err := p.value(space(text, 0), 0)
	if err != nil {
		return Value{}, err
	}
	if err := atEnd(text, i); err != nil {
		return Value{}, err
	}
	return v, nil
}

// wellFormed puts U+FFFD in the place of every byte that is not UTF-8.
func wellFormed(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return string([]rune(text))
}

// A parser reads values. Items and members are gathered on stacks, so that each
// list and object is allocated once, at its size.
type parser struct {
	s       string
	items   []Value
	members []Member
}

func (p *parser) value(i, depth int) (Value, int, error) {
	s := p.s
	if i >= len(s) {
		return Value{}, 0, unexpected(s, i, "a value")
	}
	switch s[i] {
	case '"':
		text, end, err := p.text(i)
		return String(text), end, err
	case '{':
		return p.object(i, depth+1)
	case '[':
		return p.list(i, depth+1)
	case 't':
		end, err := word(s, i, "true")
		return Bool(true), end, err
	case 'f':
		end, err := word(s, i, "false")
		return Bool(false), end, err
	case 'n':
		end, err := word(s, i, "null")
		return Null(), end, err
	}
	end, err := scanNumber(s, i)
	if err != nil {
		return Value{}, 0, err
	}
	if s[i:end] == "-0" {
		return number(s[i+1 : end]), end, nil
	}
	return number(s[i:end]), end, nil
}

func (p *parser) list(i, depth int) (Value, int, error) {
	if depth > MaxDepth {
		return Value{}, 0, tooDeep(i)
	}
	s := p.s
	i = space(s, i+1)
	if i < len(s) && s[i] == ']' {
		return List(), i + 1, nil
	}
	from := len(p.items)
	for {
		item, end, err := p.value(i, depth)
		if err != nil {
			return Value{}, 0, err
		}
		p.items = append(p.items, item)
		i = space(s, end)
		if i >= len(s) || s[i] != ',' {
			break
		}
		i = space(s, i+1)
	}
	items := make([]Value, len(p.items)-from)
	copy(items, p.items[from:])
	p.items = p.items[:from]
	end, err := closing(s, i, ']')
	return List(items...), end, err
}

func (p *parser) object(i, depth int) (Value, int, error) {
	if depth > MaxDepth {
		return Value{}, 0, tooDeep(i)
	}
	s := p.s
	i = space(s, i+1)
	if i < len(s) && s[i] == '}' {
		return Object(), i + 1, nil
	}
	from := len(p.members)
	for {
		m, end, err := p.member(i, depth)
		if err != nil {
			return Value{}, 0, err
		}
		p.members = append(p.members, m)
		i = space(s, end)
		if i >= len(s) || s[i] != ',' {
			break
		}
		i = space(s, i+1)
	}
	members := make([]Member, len(p.members)-from)
	copy(members, p.members[from:])
	p.members = p.members[:from]
	end, err := closing(s, i, '}')
	return Object(members...), end, err
}

func (p *parser) member(i, depth int) (Member, int, error) {
	if i >= len(p.s) || p.s[i] != '"' {
		return Member{}, 0, unexpected(p.s, i, "a key in double quotes")
	}
	key, end, err := p.text(i)
	if err != nil {
		return Member{}, 0, err
	}
	if i, err = colon(p.s, end); err != nil {
		return Member{}, 0, err
	}
	v, end, err := p.value(i, depth)
	return Member{key, v}, end, err
}

// text reads the string whose opening quote stands at i.
func (p *parser) text(i int) (string, int, error) {
	end, simple, err := scanString(p.s, i)
	if err != nil {
		return "", 0, err
	}
	inside := p.s[i+1 : end-1]
	if !simple {
		inside = unescape(inside)
	}
	return inside, end, nil
}

// unescape resolves the escapes of a string that has been checked. Half of a
// surrogate pair becomes U+FFFD.
func unescape(s string) string {
	buf := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		c := s[i]
		if c != '\\' {
			buf = append(buf, c)
			i++
			continue
		}
		i += 2
		switch c = s[i-1]; c {
		case 'b':
			buf = append(buf, '\b')
		case 'f':
			buf = append(buf, '\f')
		case 'n':
			buf = append(buf, '\n')
		case 'r':
			buf = append(buf, '\r')
		case 't':
			buf = append(buf, '\t')
		case 'u':
			r, _ := hex4(s, i)
			i += 4
			if utf16.IsSurrogate(r) {
				r, i = surrogates(s, r, i)
			}
			buf = utf8.AppendRune(buf, r)
		default:
			buf = append(buf, c)
		}
	}
	return string(buf)
}

// surrogates reads the second half of a pair, if it is there.
func surrogates(s string, first rune, i int) (rune, int) {
	if strings.HasPrefix(s[i:], `\u`) {
		second, _ := hex4(s, i+2)
		if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
			return r, i + 6
		}
	}
	return utf8.RuneError, i
}
