package lower

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A term is a piece of JSONata.
type term struct {
	text string
	// power is the binding power of the outermost operator, as JSONata's parser
	// has it.
	power int
	// simple terms may be written twice: evaluating them costs nothing.
	simple bool
	// path terms may be followed by an index as they stand.
	path bool
	// array terms are array constructors, which another one takes as one item;
	// list terms give an array of any length, and need no brackets around.
	array, list bool
}

// JSONata's binding powers.
const (
	powerCond    = 20
	powerOr      = 25
	powerAnd     = 30
	powerCompare = 40
	powerAdd     = 50
	powerMul     = 60
	powerPath    = 75
	powerAtom    = 100
)

func atom(format string, args ...any) term {
	return term{text: fmt.Sprintf(format, args...), power: powerAtom}
}

// variable is a reference to a variable, or to a reserved path such as
// $states.input.
func variable(name string) term {
	return term{text: "$" + name, power: powerPath, simple: true, path: true}
}

func constant(text string) term {
	return term{text: text, power: powerAtom, simple: true}
}

// within returns the term's text, in parentheses when it binds less than power.
func (t term) within(power int) string {
	if t.power < power {
		return "(" + t.text + ")"
	}
	return t.text
}

// infix joins operands by an operator that groups from the left.
func infix(operator string, power int, left, right term) term {
	return term{text: left.within(power) + " " + operator + " " + right.within(power+1), power: power}
}

func call(function string, args ...term) term {
	list := make([]string, len(args))
	for i, a := range args {
		list[i] = a.text
	}
	return atom("$%s(%s)", function, strings.Join(list, ", "))
}

func array(items ...term) term {
	list := make([]string, len(items))
	for i, item := range items {
		list[i] = item.text
	}
	return term{text: "[" + strings.Join(list, ", ") + "]", power: powerAtom, array: true}
}

func cond(condition, then, otherwise term) term {
	return term{text: condition.within(powerOr) + " ? " + then.within(powerOr) + " : " + otherwise.text, power: powerCond}
}

func (t term) field(name string) term {
	if strings.Contains(name, "`") {
		return call("lookup", t, constant(quote(name)))
	}
	return term{text: t.within(powerPath) + "." + fieldName(name), power: powerPath, simple: t.simple, path: true}
}

// index takes the item at i. Only a path of plain steps may carry the index
// itself: what a second index or a function gave must be a value of its own.
func (t term) index(i term) term {
	base := t.text
	if !t.path {
		base = "(" + base + ")"
	}
	return term{text: base + "[" + i.text + "]", power: powerPath, simple: t.simple && i.simple}
}

// present holds where t is neither missing nor null.
func (t term) present() term { return infix("!=", powerCompare, t, constant("null")) }

// fieldName writes the name of a field in a path.
func fieldName(name string) string {
	if isIdentifier(name) {
		return name
	}
	return "`" + name + "`"
}

func isIdentifier(name string) bool {
	switch name {
	case "", "null", "true", "false", "and", "or", "in", "function":
		return false
	}
	for i, r := range name {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return true
}

// quote writes a string literal. JSONata knows no escape for the apostrophe.
func quote(s string) string {
	delimiter := '\''
	if strings.ContainsRune(s, '\'') {
		delimiter = '"'
	}
	var b strings.Builder
	b.WriteRune(delimiter)
	for _, r := range s {
		switch {
		case r == '\\', r == '"' && delimiter == '"':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == utf8.RuneError || r == '\u2028' || r == '\u2029':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteRune(delimiter)
	return b.String()
}
