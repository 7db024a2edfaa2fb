package intrinsic

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// MaxNesting is how deep calls may be nested in one field.
const MaxNesting = 10

type parser struct {
	text string
	i    int
}

func (p *parser) fail(at int, format string, args ...any) error {
	return &SyntaxError{p.text, at, fmt.Sprintf(format, args...)}
}

func (p *parser) blanks() {
	for p.i < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.i]) >= 0 {
		p.i++
	}
}

// next reports whether c comes next, and reads it if so.
func (p *parser) next(c byte) bool {
	if p.i < len(p.text) && p.text[p.i] == c {
		p.i++
		return true
	}
	return false
}

// call reads a call that is nested so deep.
func (p *parser) call(depth int) (*Call, error) {
	start := p.i
	for p.i < len(p.text) && nameByte(p.text[p.i]) {
		p.i++
	}
	name := p.text[start:p.i]
	fn, known := functions[name]
	switch {
	case !known:
		return nil, p.unknown(start, name)
	case depth > MaxNesting:
		return nil, p.fail(start, "calls are nested more than %d deep", MaxNesting)
	}
	if p.blanks(); !p.next('(') {
		return nil, p.fail(p.i, "want ( after %s", name)
	}
	call := &Call{fn: fn, offset: start}
	if err := p.arguments(call, depth); err != nil {
		return nil, err
	}
	call.source = p.text[start:p.i]
	return call, p.check(call)
}

func nameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '_'
}

func (p *parser) unknown(at int, name string) error {
	if name == "" {
		return p.fail(at, "want a call of an intrinsic function, such as States.Format('{}', $.name)")
	}
	for known := range functions {
		if strings.EqualFold(known, name) || strings.EqualFold(known, "States."+name) {
			return p.fail(at, "there is no intrinsic function %s; do you mean %s?", name, known)
		}
	}
	return p.fail(at, "there is no intrinsic function %s", name)
}

func (p *parser) arguments(call *Call, depth int) error {
	if p.blanks(); p.next(')') {
		return nil
	}
	for {
		p.blanks()
		arg, err := p.argument(depth)
		if err != nil {
			return err
		}
		call.args = append(call.args, arg)
		p.blanks()
		switch {
		case p.next(')'):
			return nil
		case !p.next(','):
			return p.fail(p.i, "want ',' or ')' after an argument")
		}
	}
}

func (p *parser) argument(depth int) (a argument, err error) {
	a.offset = p.i
	if p.i >= len(p.text) {
		return a, p.fail(p.i, "want an argument or )")
	}
	switch c := p.text[p.i]; {
	case c == '\'':
		err = p.quoted(&a)
	case c == '$':
		a.path, err = p.path()
	case c == '-' || '0' <= c && c <= '9':
		a.literal, err = p.number()
	case strings.HasPrefix(p.text[p.i:], "States."):
		a.call, err = p.call(depth + 1)
	default:
		a.literal, err = p.word()
	}
	return a, err
}

// quoted reads a string. A backslash stands before a quote, a brace or a
// backslash and before nothing else.
func (p *parser) quoted(a *argument) error {
	start := p.i
	var b strings.Builder
	for p.i++; p.i < len(p.text); p.i++ {
		c := p.text[p.i]
		if c == '\'' {
			p.i++
			a.quoted = p.text[start:p.i]
			a.literal = value.String(b.String())
			return nil
		}
		if c == '\\' {
			if p.i+1 == len(p.text) || strings.IndexByte(`'{}\`, p.text[p.i+1]) < 0 {
				return p.fail(p.i, `\ can stand before ', {, } and \ only; write \\ for a backslash`)
			}
			p.i++
			if c = p.text[p.i]; c == '{' || c == '}' {
				a.braces = append(a.braces, b.Len())
			}
		}
		b.WriteByte(c)
	}
	return p.fail(start, "a string without its closing quote")
}

// path reads up to the comma or parenthesis that ends the argument. A closing
// bracket counts between quotes, too, as it does for jsonpath.
func (p *parser) path() (*jsonpath.Path, error) {
	start, depth, inQuotes := p.i, 0, false
scan:
	for ; p.i < len(p.text); p.i++ {
		switch c := p.text[p.i]; {
		case c == '\'' && depth > 0:
			inQuotes = !inQuotes
		case inQuotes && c != ']':
		case c == '(' || c == '[':
			depth++
		case (c == ')' || c == ',') && depth == 0:
			break scan
		case c == ')' || c == ']':
			inQuotes = false
			depth--
		}
	}
	path, err := jsonpath.Compile(strings.TrimRight(p.text[start:p.i], " \t\r\n"))
	if err != nil {
		e := err.(*jsonpath.Error)
		return nil, p.fail(start+e.Offset, "%s", e.Message)
	}
	return path, nil
}

func (p *parser) number() (value.Value, error) {
	start := p.i
	for p.i < len(p.text) && strings.IndexByte("+-.eE0123456789", p.text[p.i]) >= 0 {
		p.i++
	}
	v, ok := value.Number(p.text[start:p.i])
	if !ok {
		return v, p.fail(start, "%s is not a number", p.text[start:p.i])
	}
	return v, nil
}

func (p *parser) word() (value.Value, error) {
	start := p.i
	for p.i < len(p.text) && nameByte(p.text[p.i]) {
		p.i++
	}
	switch text := p.text[start:p.i]; text {
	case "null":
		return value.Null(), nil
	case "true", "false":
		return value.Bool(text == "true"), nil
	case "":
		r, _ := utf8.DecodeRuneInString(p.text[start:])
		return value.Value{}, p.fail(start, "unexpected %q: want 'text', a number, a path or a call", r)
	default:
		return value.Value{}, p.fail(start, "unexpected %s: text stands in single quotes, a path begins with $", text)
	}
}

// check looks at the number of arguments and at the types that are known.
func (p *parser) check(c *Call) error {
	if n := len(c.args); n < c.fn.least || n > c.fn.most {
		return p.fail(c.offset, "%s takes %s, not %d", c.fn.name, c.fn.arity(), n)
	}
	for i := range c.args {
		a := &c.args[i]
		switch want := c.fn.param(i); {
		case a.call != nil && !want.any(a.call.fn.result):
			return p.fail(a.offset, "%s", c.fn.mistake(i, a.call.fn.result.String()))
		case a.call == nil && a.path == nil && !want.has(a.literal.Kind()):
			return p.fail(a.offset, "%s", c.fn.mistake(i, a.literal.Kind().String()))
		case a.path != nil && !a.path.Definite() && !want.has(value.KindList):
			return p.fail(a.offset, "%s", c.fn.mistake(i, "array, which every path with wildcards, slices or filters gives"))
		}
	}
	if c.fn.prepare != nil {
		if i, message := c.fn.prepare(c); message != "" {
			return p.fail(c.args[i].offset, "%s: %s", c.fn.name, message)
		}
	}
	return nil
}
