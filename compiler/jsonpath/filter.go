package jsonpath

import (
	"fmt"
	"regexp"
	"strings"
)

// A filter is what stands in [?(…)]: criteria with && and || between them, where
// && binds tighter. Jayway knows no parentheses, and evaluates from the right.
type filter struct {
	criteria  []criterion
	operators []string // operators[i] stands between criteria i and i+1
}

// A criterion compares two operands, or asks whether a path leads to something.
type criterion struct {
	left, right operand
	operator    string // empty: whether left exists
	absent      bool   // [?(!@.a)]
}

// An operand is a path, a pattern or a text. Text without quotes is text too: a
// number or a boolean is compared with what it reads as.
type operand struct {
	path    *Path
	item    bool // the path begins with "@"
	pattern *regexp.Regexp
	text    string
	quoted  bool
}

// operators in the order in which Jayway looks for them.
var operators = [...]string{"==", ">=", "<=", "!=", "<", ">", "=~"}

const indefinite = "the path in a filter must be definite"

// criteria parses a filter; i is where in the fragment its question mark stands.
func (p *parser) criteria(f string, i, at int) error {
	if p.inFilter {
		return p.fail(at, indefinite)
	}
	start := strings.LastIndexByte(f[:i], '[')
	end, ok := filterEnd(f, start)
	if !ok {
		return p.fail(at, "the brackets of a filter are not balanced")
	}
	inside, ok := strings.CutPrefix(trim(f[start+1:end-1]), "?")
	inside = trim(inside)
	if !ok || len(inside) < 2 || inside[0] != '(' || inside[len(inside)-1] != ')' {
		return p.fail(at, "a filter must start with '[?(' and end with ')]': %s", inside)
	}
	inside = trim(inside[1 : len(inside)-1])
	fl := &filter{}
	for {
		text, operator, rest := cutOperator(inside)
		c, err := p.criterion(text, at)
		if err != nil {
			return err
		}
		fl.criteria = append(fl.criteria, c)
		if operator == "" {
			break
		}
		if strings.HasPrefix(rest, operator[:1]) {
			return p.fail(at, "want %s, not %s%s", operator, operator, operator[:1])
		}
		fl.operators = append(fl.operators, operator)
		inside = rest
	}
	p.add(step{kind: filtered, filter: fl})
	return nil
}

func trim(s string) string { return strings.TrimFunc(s, blank) }

// filterEnd finds the bracket that closes the one at start, outside quotes and
// parentheses.
func filterEnd(f string, start int) (end int, ok bool) {
	quoted := false
	parentheses, brackets := 0, 0
	for i := start; i < len(f); i++ {
		c := f[i]
		if c == '\'' && (i == 0 || f[i-1] != '\\') {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		switch c {
		case '(':
			parentheses++
		case ')':
			parentheses--
		case '[':
			brackets++
		case ']':
			brackets--
			if parentheses == 0 {
				return i + 1, brackets == 0
			}
		}
	}
	return 0, false
}

// cutOperator cuts at the first && or ||, wherever it stands.
func cutOperator(s string) (before, operator, after string) {
	for i := 0; i+1 < len(s); i++ {
		if c := s[i]; (c == '&' || c == '|') && s[i+1] == c {
			return s[:i], s[i : i+2], s[i+2:]
		}
	}
	return s, "", ""
}

func (p *parser) criterion(text string, at int) (c criterion, err error) {
	text = strings.TrimRight(strings.TrimLeft(trim(text), "[?( "), ") ")
	if text == "" {
		return c, p.fail(at, "a filter with nothing to compare")
	}
	left, right := text, ""
	for _, operator := range operators {
		if i := strings.Index(text, operator); i >= 0 {
			left, right = trim(text[:i]), trim(text[i+len(operator):])
			c.operator = operator
			break
		}
	}
	if strings.HasPrefix(left, "!@") {
		left = left[1:]
		c.absent = c.operator == ""
	}
	if c.left, err = p.operand(left, at); err != nil {
		return c, err
	}
	if c.operator == "" {
		if c.left.path == nil {
			return c, p.fail(at, "a filter must be a path below @ or a comparison: %s", text)
		}
		return c, nil
	}
	c.right, err = p.operand(right, at)
	return c, err
}

func (p *parser) operand(text string, at int) (operand, error) {
	switch {
	case text == "":
		return operand{}, nil
	case strings.HasPrefix(text, "!@"):
		return operand{}, p.fail(at, "! can stand before a path that is not compared with anything: %s", text)
	case text[0] == '@' || text[0] == '$':
		return p.operandPath(text, at)
	case len(text) > 1 && text[0] == '\'' && text[len(text)-1] == '\'':
		return operand{text: text[1 : len(text)-1], quoted: true}, nil
	case len(text) > 2 && text[0] == '/' && (text[len(text)-1] == '/' || strings.HasSuffix(text, "/i")):
		pattern, err := compilePattern(text)
		if err != nil {
			return operand{}, p.fail(at, "%v", err)
		}
		return operand{pattern: pattern, text: text}, nil
	}
	return operand{text: text}, nil
}

// compilePattern compiles /pattern/ or /pattern/i, which matches whole texts.
func compilePattern(text string) (*regexp.Regexp, error) {
	flags, inside := "", strings.TrimSuffix(text[1:], "/")
	if insensitive, ok := strings.CutSuffix(inside, "/i"); ok {
		flags, inside = "(?i)", insensitive
	}
	return regexp.Compile(flags + "^(?:" + inside + ")$")
}

func (p *parser) operandPath(text string, at int) (operand, error) {
	item := text[0] == '@'
	if !item && p.dialect.NoFilterRoot {
		return operand{}, p.fail(at, "a filter cannot refer to $: %s", text)
	}
	d := p.dialect
	d.Library = true
	path, err := parse(text, d, true)
	if err != nil {
		return operand{}, p.fail(at, "%s: %s", text, err.(*Error).Message)
	}
	if !path.definite {
		return operand{}, p.fail(at, "%s: %s", text, indefinite)
	}
	return operand{path: path, item: item}, nil
}

// append prints the filter; Jayway's messages have [?] for it.
func (f *filter) append(b []byte) []byte {
	b = append(b, "[?("...)
	for i, c := range f.criteria {
		if i > 0 {
			b = fmt.Appendf(b, " %s ", f.operators[i-1])
		}
		if c.absent {
			b = append(b, '!')
		}
		b = c.left.append(b)
		if c.operator != "" {
			b = c.right.append(fmt.Appendf(b, " %s ", c.operator))
		}
	}
	return append(b, ")]"...)
}

func (o *operand) append(b []byte) []byte {
	switch {
	case o.path != nil && o.item:
		return o.path.appendSteps(append(b, '@'))
	case o.path != nil:
		return o.path.appendSteps(append(b, '$'))
	case o.quoted:
		return append(append(append(b, '\''), o.text...), '\'')
	}
	return append(b, o.text...)
}
