package jsonata

import (
	"strings"
	"unicode/utf8"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A printer writes canonical source: double quotes, one blank around operators,
// backquotes only where they are needed. Nothing has to be put in parentheses,
// for the tree has those of the source.
type printer struct{ strings.Builder }

func source(n Node) string {
	var p printer
	n.print(&p)
	return p.String()
}

func (p *printer) text(parts ...string) {
	for _, part := range parts {
		p.WriteString(part)
	}
}

func (p *printer) list(open string, nodes []Node, separator, end string) {
	p.text(open)
	for i, n := range nodes {
		if i > 0 {
			p.text(separator)
		}
		n.print(p)
	}
	p.text(end)
}

func (p *printer) pairs(pairs []Pair) {
	p.text("{")
	for i, pair := range pairs {
		if i > 0 {
			p.text(", ")
		}
		pair.Key.print(p)
		p.text(": ")
		pair.Value.print(p)
	}
	p.text("}")
}

func (n *Name) print(p *printer) {
	// A name with a backquote in it was written without quotes.
	if plainName(n.Value) || strings.Contains(n.Value, "`") {
		p.text(n.Value)
		return
	}
	p.text("`", n.Value, "`")
}

// plainName reports whether the lexer reads a name without quotes as one.
func plainName(s string) bool {
	switch s {
	case "", "and", "or", "in", "true", "false", "null":
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || c >= utf8.RuneSelf
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}

func (n *Literal) print(p *printer) {
	if s, ok := n.Value.Str(); ok {
		p.text(quote(s))
		return
	}
	p.text(n.Value.String())
}

// quote writes a string literal. JSON's escapes are among JSONata's, and half of
// a surrogate pair is written as one.
func quote(s string) string {
	dst := []byte{}
	for from := 0; ; {
		at, unit := loneSurrogate(s[from:])
		if at < 0 {
			dst = append(dst, unquoted(s[from:])...)
			break
		}
		dst = append(dst, unquoted(s[from:from+at])...)
		dst = appendUnit(dst, unit)
		from += at + 3
	}
	return `"` + string(dst) + `"`
}

func unquoted(s string) []byte {
	text := value.AppendString(nil, s)
	return text[1 : len(text)-1]
}

func (n *Regex) print(p *printer)       { p.text("/", n.Pattern, "/", n.Flags) }
func (n *Variable) print(p *printer)    { p.text("$", n.Name) }
func (n *Wildcard) print(p *printer)    { p.text("*") }
func (n *Descendants) print(p *printer) { p.text("**") }
func (n *Parent) print(p *printer)      { p.text("%") }
func (n *Placeholder) print(p *printer) { p.text("?") }

func (n *Binary) print(p *printer) {
	n.Left.print(p)
	switch n.Operator {
	case ".", "..":
		p.text(n.Operator)
	default:
		p.text(" ", n.Operator, " ")
	}
	n.Right.print(p)
}

func (n *Negation) print(p *printer) {
	p.text("-")
	n.Operand.print(p)
}

func (n *Array) print(p *printer)  { p.list("[", n.Items, ", ", "]") }
func (n *Object) print(p *printer) { p.pairs(n.Pairs) }

func (n *Group) print(p *printer) {
	n.Operand.print(p)
	p.pairs(n.Pairs)
}

func (n *Filter) print(p *printer) {
	n.Operand.print(p)
	p.text("[")
	n.Predicate.print(p)
	p.text("]")
}

func (n *Keep) print(p *printer) {
	n.Operand.print(p)
	p.text("[]")
}

func (n *Sort) print(p *printer) {
	n.Operand.print(p)
	p.text("^(")
	for i, term := range n.Terms {
		if i > 0 {
			p.text(", ")
		}
		if term.Descending {
			p.text(">")
		}
		term.Key.print(p)
	}
	p.text(")")
}

func (n *Focus) print(p *printer) {
	n.Operand.print(p)
	p.text("@")
	n.Variable.print(p)
}

func (n *Index) print(p *printer) {
	n.Operand.print(p)
	p.text("#")
	n.Variable.print(p)
}

func (n *Assignment) print(p *printer) {
	n.Variable.print(p)
	p.text(" := ")
	n.Value.print(p)
}

func (n *Condition) print(p *printer) {
	n.Test.print(p)
	p.text(" ? ")
	n.Then.print(p)
	if n.Else != nil {
		p.text(" : ")
		n.Else.print(p)
	}
}

func (n *Block) print(p *printer) { p.list("(", n.Items, "; ", ")") }

func (n *Call) print(p *printer) {
	n.Function.print(p)
	p.list("(", n.Arguments, ", ", ")")
}

func (n *Lambda) print(p *printer) {
	p.text("function(")
	for i, parameter := range n.Parameters {
		if i > 0 {
			p.text(", ")
		}
		parameter.print(p)
	}
	p.text(")", n.Signature, "{ ")
	n.Body.print(p)
	p.text(" }")
}

func (n *Transform) print(p *printer) {
	p.text("|")
	n.Pattern.print(p)
	p.text("|")
	n.Update.print(p)
	if n.Delete != nil {
		p.text(", ")
		n.Delete.print(p)
	}
	p.text("|")
}

// String implements [Node].
func (n *Name) String() string        { return source(n) }
func (n *Literal) String() string     { return source(n) }
func (n *Regex) String() string       { return source(n) }
func (n *Variable) String() string    { return source(n) }
func (n *Wildcard) String() string    { return source(n) }
func (n *Descendants) String() string { return source(n) }
func (n *Parent) String() string      { return source(n) }
func (n *Placeholder) String() string { return source(n) }
func (n *Binary) String() string      { return source(n) }
func (n *Negation) String() string    { return source(n) }
func (n *Array) String() string       { return source(n) }
func (n *Object) String() string      { return source(n) }
func (n *Group) String() string       { return source(n) }
func (n *Filter) String() string      { return source(n) }
func (n *Keep) String() string        { return source(n) }
func (n *Sort) String() string        { return source(n) }
func (n *Focus) String() string       { return source(n) }
func (n *Index) String() string       { return source(n) }
func (n *Assignment) String() string  { return source(n) }
func (n *Condition) String() string   { return source(n) }
func (n *Block) String() string       { return source(n) }
func (n *Call) String() string        { return source(n) }
func (n *Lambda) String() string      { return source(n) }
func (n *Transform) String() string   { return source(n) }
