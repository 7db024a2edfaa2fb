package asl

import (
	"maps"
	"slices"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonata"
)

// A formula is what the text of an expression says, wherever it stands: the same
// text often stands in many places.
type formula struct {
	*jsonata.Expr       // nil where there is an error
	err           error // of the text
	open          bool  // there are placeholders in the text
	bare          bool  // it is nothing but one path
	refusals      []*jsonata.Error
	mentions      []mention
	wrong         []wrongCall
	// called are the places of the variables that are called, guarded of those
	// that $exists looks at.
	called, guarded map[int]bool
}

// A mention is a variable that an expression reads, and how it is written.
type mention struct {
	jsonata.Reference
	text string
}

// A wrongCall gives a function too few arguments or too many.
type wrongCall struct {
	name            string
	count, position int
}

func newFormula(text string) *formula {
	f := &formula{open: substituted(text)}
	if f.open {
		text = placeholders.ReplaceAllString(text, "x")
	}
	if f.Expr, f.err = jsonata.Compile(text, jsonata.AWS()); f.err != nil {
		return f
	}
	f.bare, f.refusals = isPath(f.Root()), f.Refusals()
	for _, v := range f.Variables() {
		f.mentions = append(f.mentions, mention{v, v.String()})
	}
	f.calls()
	return f
}

// calls looks at the calls in the expression.
func (f *formula) calls() {
	f.called, f.guarded = make(map[int]bool), make(map[int]bool)
	applied := make(map[jsonata.Node]bool) // by ~>, which adds an argument
	jsonata.Walk(f.Root(), func(part jsonata.Node) bool {
		switch part := part.(type) {
		case *jsonata.Binary:
			if part.Operator == "~>" {
				applied[part.Right] = true
			}
		case *jsonata.Call:
			name, ok := part.Function.(*jsonata.Variable)
			if !ok {
				break
			}
			f.called[name.Position()] = true
			if name.Name == "exists" {
				jsonata.Walk(part, func(inner jsonata.Node) bool {
					if v, ok := inner.(*jsonata.Variable); ok {
						f.guarded[v.Position()] = true
					}
					return true
				})
			}
			if takes, known := functions[name.Name]; known && !applied[part] && !part.Partial() {
				if count := len(part.Arguments); count < takes.low || count > takes.high {
					f.wrong = append(f.wrong, wrongCall{name.Name, count, name.Position()})
				}
			}
		}
		return true
	})
}

// isPath reports whether an expression is a variable with names behind it.
func isPath(n jsonata.Node) bool {
	switch n := n.(type) {
	case *jsonata.Variable:
		return true
	case *jsonata.Binary:
		if _, ok := n.Right.(*jsonata.Name); ok && n.Operator == "." {
			return isPath(n.Left)
		}
	}
	return false
}

// An arity is how many arguments a function takes.
type arity struct{ low, high int }

// String says it in words.
func (a arity) String() string {
	count := func(n int) string {
		return [...]string{"no", "one", "two", "three", "four"}[n]
	}
	switch {
	case a.high == unbounded:
		return "at least " + count(a.low) + " arguments"
	case a.low == a.high && a.high == 1:
		return "one argument"
	case a.low == a.high:
		return count(a.low) + " arguments"
	}
	return count(a.low) + " to " + count(a.high) + " arguments"
}

const unbounded = 1 << 30

// functions are JSONata's functions and AWS's. Those that take the context value
// when an argument is missing need one fewer.
var functions = map[string]arity{
	"sum": {1, 1}, "count": {1, 1}, "max": {1, 1}, "min": {1, 1}, "average": {1, 1},
	"partition": {2, 2}, "range": {3, 3}, "hash": {1, 2}, "random": {0, 1}, "uuid": {0, 0}, "parse": {0, 1},
	"boolean": {0, 1}, "not": {0, 1}, "exists": {1, 1}, "type": {1, 1}, "error": {0, 1}, "assert": {1, 2},
	"eval": {0, 2}, "clone": {0, 1},
	"map": {2, 2}, "filter": {2, 2}, "single": {1, 2}, "reduce": {2, 3}, "sort": {1, 2}, "zip": {1, unbounded},
	"append": {2, 2}, "reverse": {1, 1}, "shuffle": {1, 1}, "distinct": {1, 1},
	"match": {1, 3}, "contains": {1, 2}, "replace": {2, 4}, "split": {1, 3},
	"number": {0, 1}, "abs": {0, 1}, "floor": {0, 1}, "ceil": {0, 1}, "round": {0, 2}, "sqrt": {0, 1}, "power": {1, 2},
	"formatNumber": {1, 3}, "formatBase": {0, 2}, "formatInteger": {1, 2}, "parseInteger": {1, 2},
	"keys": {0, 1}, "lookup": {1, 2}, "spread": {0, 1}, "merge": {1, 1}, "each": {1, 2}, "sift": {0, 2},
	"string": {0, 2}, "substring": {1, 3}, "substringBefore": {1, 2}, "substringAfter": {1, 2},
	"lowercase": {0, 1}, "uppercase": {0, 1}, "length": {0, 1}, "trim": {0, 1}, "pad": {1, 3}, "join": {1, 2},
	"base64encode": {0, 1}, "base64decode": {0, 1}, "now": {0, 2}, "millis": {0, 0}, "fromMillis": {0, 3}, "toMillis": {0, 2},
	"encodeUrlComponent": {0, 1}, "encodeUrl": {0, 1}, "decodeUrlComponent": {0, 1}, "decodeUrl": {0, 1},
}

// functionNames are their names in alphabetical order.
func functionNames() []string { return slices.Sorted(maps.Keys(functions)) }
