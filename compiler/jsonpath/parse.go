package jsonpath

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A parser follows Jayway's PathCompiler: it cuts the text into fragments, a
// name after a dot or what stands in brackets, and analyzes each.
type parser struct {
	dialect  Dialect
	source   string // the whole text, for errors
	base     int    // where in it text begins
	text     string
	i        int
	steps    []step
	inFilter bool // the path is an operand of a filter
}

func parse(source string, d Dialect, inFilter bool) (*Path, error) {
	p := &parser{dialect: d, source: source, inFilter: inFilter}
	path := &Path{source: source, dialect: d}
	p.text = strings.TrimRightFunc(source, blank)
	p.base = len(p.text) - len(strings.TrimLeftFunc(p.text, blank))
	p.text = p.text[p.base:]
	if p.text == "" {
		return nil, p.fail(0, "a path cannot be empty")
	}
	if err := p.root(path); err != nil {
		return nil, err
	}
	if err := p.fragments(); err != nil {
		return nil, err
	}
	path.steps = p.steps
	path.definite = definiteness(path.steps)
	path.plain = true
	for i := range path.steps {
		if k := path.steps[i].kind; k != member && k != index {
			path.plain = false
		}
	}
	return path, nil
}

// blank is what Java's String.trim removes.
func blank(r rune) bool { return r <= ' ' }

// fail makes an error at byte i of the text.
func (p *parser) fail(i int, format string, args ...any) error {
	return &Error{Kind: Malformed, Path: p.source, Offset: max(0, p.base+i), Message: fmt.Sprintf(format, args...)}
}

// root reads what the path starts from.
func (p *parser) root(path *Path) error {
	switch {
	case p.text[0] == '@' && p.dialect.Library:
		p.i = 1
	case p.text[0] != '$' && p.dialect.Library:
		p.text = "$." + p.text
		p.base -= 2
		p.i = 1
	case p.text[0] != '$':
		return p.fail(0, "a path begins with $")
	case p.dialect.Library:
		p.i = 1
	case strings.HasPrefix(p.text, "$$"):
		path.root = ContextRoot
		p.i = 2
	default:
		p.i = 1 + variable(p.text[1:])
		if path.variable = p.text[1:p.i]; path.variable != "" {
			path.root = VariableRoot
		}
	}
	if p.i < len(p.text) && p.text[p.i] != '.' && p.text[p.i] != '[' {
		return p.fail(p.i, "want '.' or '[' after %s", p.text[:p.i])
	}
	return nil
}

// variable returns the length of the variable's name at the beginning of s.
func variable(s string) int {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.In(r, unicode.Nd, unicode.Mn, unicode.Mc, unicode.Pc)) {
			return i
		}
	}
	return len(s)
}

func (p *parser) fragments() error {
	for p.i < len(p.text) {
		var err error
		switch p.text[p.i] {
		case ' ':
			err = p.fail(p.i, "a space is not allowed here: write names with spaces as ['a b']")
		case '$':
			err = p.fail(p.i, "$ can stand at the beginning only")
		case '[':
			err = p.bracket()
		case '.':
			err = p.dot()
		case '*':
			p.i++
			p.add(step{kind: wildcard})
		default:
			err = p.name()
		}
		if err != nil {
			return err
		}
	}
	if n := len(p.steps); n > 0 && p.steps[n-1].kind == scan {
		return p.fail(len(p.text)-1, "a path cannot end with ..")
	}
	return nil
}

func (p *parser) add(s step) { p.steps = append(p.steps, s) }

func (p *parser) dot() error {
	p.i++
	switch {
	case p.i == len(p.text):
		return p.fail(p.i-1, "a path cannot end with a dot")
	case p.text[p.i] == '.':
		p.i++
		if p.i == len(p.text) {
			return p.fail(p.i-2, "a path cannot end with ..")
		}
		p.add(step{kind: scan})
		return nil
	case p.text[p.i] == '[' || p.text[p.i] == ' ':
		return nil // as if the dot were not there
	}
	return p.name()
}

// name reads a name that stands without brackets.
func (p *parser) name() error {
	start := p.i
	name, escaped := p.bare()
	switch {
	case name == "*" && !escaped:
		p.add(step{kind: wildcard})
	case escaped || !strings.ContainsAny(name, "']"):
		p.add(step{kind: member, name: name, dotted: true})
	default:
		return p.properties("['"+name+"']", 1, start-2)
	}
	return nil
}

// bare reads up to a dot, a bracket or a space. AWS's reference paths have
// backslashes before characters that would end a name; Jayway does not.
func (p *parser) bare() (name string, escaped bool) {
	var b strings.Builder
	for p.i < len(p.text) {
		c := p.text[p.i]
		if c == '.' || c == '[' || c == ' ' {
			break
		}
		if c == '\\' && !p.dialect.Library && p.i+1 < len(p.text) {
			escaped = true
			p.i++
			_, size := utf8.DecodeRuneInString(p.text[p.i:])
			b.WriteString(p.text[p.i : p.i+size])
			p.i += size
			continue
		}
		b.WriteByte(c)
		p.i++
	}
	return b.String(), escaped
}

// bracket reads what stands in brackets.
func (p *parser) bracket() error {
	start, depth := p.i, 0
	for p.i++; p.i < len(p.text); {
		c := p.text[p.i]
		p.i++
		if c == '[' {
			depth++
		}
		if c == ']' {
			if depth == 0 {
				break
			}
			depth--
		}
	}
	return p.analyze(p.text[start:p.i], start)
}

// analyze finds out what a fragment in brackets is. Like Jayway it looks for the
// first character that tells, and does not mind what stands before it.
func (p *parser) analyze(f string, at int) error {
	if f == "[*]" {
		p.add(step{kind: wildcard})
		return nil
	}
	for i, c := range []byte(f) {
		switch {
		case c == '?':
			return p.criteria(f, i, at)
		case c == '\'':
			return p.properties(f, i, at)
		case digit(c) || c == ':' || c == '-':
			return p.array(f, i, at)
		case c == '@':
			return p.length(f, i, at)
		}
	}
	return p.fail(at, "cannot make sense of %s: want 'name', an index, a slice, * or ?(filter)", f)
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// properties reads quoted names, from the first quote on. What stands between
// the quotes of two names does not matter.
func (p *parser) properties(f string, i, at int) error {
	var names []string
	open := -1
	for ; i < len(f) && f[i] != ']'; i++ {
		switch {
		case f[i] != '\'':
		case open < 0:
			open = i + 1
		default:
			names = append(names, f[open:i])
			open = -1
		}
	}
	if i >= len(f) {
		return p.fail(at, "a bracket without its end")
	}
	if len(names) == 1 {
		p.add(step{kind: member, name: names[0]})
	} else {
		p.add(step{kind: members, names: names})
	}
	return nil
}

// number reads an index.
func (p *parser) number(text string, at int) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, p.fail(at, "%q is not an index", text)
	}
	return int(n), nil
}

// length reads [(@.length-1)], an index from the end.
func (p *parser) length(f string, i, at int) error {
	rest := f[min(i+2, len(f)):]
	name, offset, ok := strings.Cut(rest, "-")
	offset, closed := cutParenthesis(offset)
	if !ok || !closed {
		return p.fail(at, "want [(@.length-1)] with some number")
	}
	clear := strings.NewReplacer(" ", "", "(", "", ")", "")
	if name = clear.Replace(name); name != "length" && name != "size" {
		return p.fail(at, "@.%s is not known here: want [(@.length-1)] with some number", name)
	}
	n, err := p.number("-"+strings.ReplaceAll(offset, " ", ""), at)
	if err != nil {
		return err
	}
	p.add(step{kind: fromEnd, numbers: []int{n}})
	return nil
}

func cutParenthesis(s string) (before string, ok bool) {
	before, _, ok = strings.Cut(s, ")")
	return before, ok
}
