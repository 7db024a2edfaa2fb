package asl

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonata"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// items checks the Items of a Map state.
func items(c *checker, n *node, in *site) {
	if n.kind != value.KindString && n.kind != value.KindList && n.kind != value.KindObject && !n.open() {
		c.say(n, wrongType, n.key, "an array, an object or a JSONata expression")
		return
	}
	if n.kind == value.KindString && !c.dynamic(n, in) && !n.open() {
		c.say(n, wrongType, n.key, "an array, an object or a JSONata expression")
		return
	}
	if n.kind != value.KindString {
		expression(c, n, in)
	}
}

// output checks Output, which may read the result where there is one.
func output(c *checker, n *node, in *site) {
	inside := *in
	inside.result = in.hasResult()
	expression(c, n, &inside)
}

// hasResult reports whether what is written here is evaluated when the state's
// work is done.
func (in *site) hasResult() bool {
	switch in.step.typ {
	case TypeTask, TypeParallel, TypeMap:
		return !in.caught
	}
	return false
}

// expression checks any value with JSONata strings in it.
func expression(c *checker, n *node, in *site) {
	if n.function() {
		return
	}
	if n.kind == value.KindString {
		c.dynamic(n, in)
		return
	}
	for _, kid := range n.kids {
		if n.kind == value.KindObject && strings.HasSuffix(kid.key, ".$") {
			c.say(kid, pathNotEvaluated, kid.key)
			c.fix("name the key %q and write its value as {%% … %%}", strings.TrimSuffix(kid.key, ".$"))
		}
		expression(c, kid, in)
	}
}

// delimited returns what is between the delimiters of a JSONata string.
func delimited(s string) (string, bool) {
	inside, ok := strings.CutPrefix(s, "{%")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(inside, "%}")
}

// dynamic checks a JSONata string, and reports whether the node is one, also one
// that is wrong.
func (c *checker) dynamic(n *node, in *site) bool {
	if n.kind != value.KindString || in.language != JSONata {
		return false
	}
	inside, ok := delimited(n.text)
	switch begins, ends := strings.HasPrefix(n.text, "{%"), strings.HasSuffix(n.text, "%}"); {
	case ok:
	case evaluatedWhole(n.text):
		c.say(n, notEvaluated, n.text)
		c.last().Message = "blanks outside of {% and %} make this plain text"
		c.fix("delete the blanks before {%% and behind %%}")
		return false
	case begins || ends:
		c.say(n, halfDelimiter)
		return true
	default:
		return false
	}
	c.compile(n, inside, in)
	return true
}

// compile compiles an expression and checks what it refers to.
func (c *checker) compile(n *node, inside string, in *site) {
	text := inside
	if substituted(text) {
		text = placeholders.ReplaceAllString(text, "x")
	}
	x, err := jsonata.Compile(text, jsonata.AWS())
	if err != nil {
		if text == inside {
			c.say(n, badExpression, err)
			var at *jsonata.Error
			if errors.As(err, &at) {
				c.pointInside(n, inside, at.Position-1)
			}
		}
		return
	}
	if text == inside {
		c.expressions[n] = x
		for _, r := range x.Refusals() {
			c.say(n, unsupported, r.Message)
			c.pointInside(n, inside, r.Position-1)
			c.remedy(r.Token)
		}
	}
	if in.step == nil {
		return
	}
	calls, guarded, bare := c.calls(n, inside, x)
	for _, v := range x.Variables() {
		if v.Name == "states" {
			c.statesMember(n, inside, v, in, bare, guarded[v.Position])
			continue
		}
		in.step.reads = append(in.step.reads, read{
			name: v.Name, guarded: guarded[v.Position], called: calls[v.Position],
			look: look{node: n, path: v.String(), steps: v.Path, fails: bare},
		})
	}
}

// pointInside moves the last diagnostic to a place in the expression, counted in
// UTF-16 units.
func (c *checker) pointInside(n *node, inside string, units int) {
	offset := 0
	for _, r := range inside {
		if units -= utf16.RuneLen(r); units < 0 {
			break
		}
		offset += len(string(r))
	}
	c.point(n, len("{%")+offset)
}

func (c *checker) remedy(name string) {
	switch name {
	case "$", "$$":
		c.fix("the state's input is $states.input")
	case "eval":
		c.fix("use $parse to read JSON")
	default:
		c.fix("write $states.input.%s for a field of the input, $%s for a variable", name, name)
	}
}

// calls checks the calls in an expression. It returns the places of the variables
// that are called, and of those that $exists looks at, and whether the expression
// is nothing but one path.
func (c *checker) calls(n *node, inside string, x *jsonata.Expr) (called, guarded map[int]bool, bare bool) {
	called, guarded = make(map[int]bool), make(map[int]bool)
	bare = isPath(x.Root())
	applied := make(map[jsonata.Node]bool) // by ~>, which adds an argument
	jsonata.Walk(x.Root(), func(part jsonata.Node) bool {
		switch part := part.(type) {
		case *jsonata.Binary:
			if part.Operator == "~>" {
				applied[part.Right] = true
			}
		case *jsonata.Call:
			f, ok := part.Function.(*jsonata.Variable)
			if !ok {
				break
			}
			called[f.Position()] = true
			if f.Name == "exists" {
				jsonata.Walk(part, func(inner jsonata.Node) bool {
					if v, ok := inner.(*jsonata.Variable); ok {
						guarded[v.Position()] = true
					}
					return true
				})
			}
			if takes, known := functions[f.Name]; known && !applied[part] && !part.Partial() {
				if count := len(part.Arguments); count < takes.low || count > takes.high {
					c.say(n, wrongArguments, f.Name, takes, count)
					c.pointInside(n, inside, f.Position()-1)
				}
			}
		}
		return true
	})
	return called, guarded, bare
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

// statesMember checks a reference to $states: which of its members there are
// depends on the place.
func (c *checker) statesMember(n *node, inside string, v jsonata.Reference, in *site, bare, guarded bool) {
	if len(v.Path) == 0 {
		return
	}
	switch member := v.Path[0]; member {
	case "input":
		c.looksAt(n, v, in, rawInput, bare, guarded)
	case "context":
		c.looksAt(n, v, in, contextObject, false, guarded)
	case "result":
		if !in.result {
			c.say(n, wrongPlace, "$states.result", c.where(n, in))
			c.pointInside(n, inside, v.Position-1)
			c.fix("there is a result only in Output and Assign of Task, Parallel and Map states")
			return
		}
		c.looksAt(n, v, in, taskResult, bare, guarded)
	case "errorOutput":
		if !in.caught {
			c.say(n, wrongPlace, "$states.errorOutput", c.where(n, in))
			c.pointInside(n, inside, v.Position-1)
			c.fix("there is an error only in Output and Assign of a catcher")
		}
	default:
		c.say(n, maybeNoSuchField, v.String(), "$states has no member "+member)
		c.pointInside(n, inside, v.Position-1)
		if near := closest(member, []string{"input", "result", "errorOutput", "context"}); near != "" {
			c.fix("did you mean $states.%s?", near)
		}
	}
}

func (c *checker) looksAt(n *node, v jsonata.Reference, in *site, at stage, bare, guarded bool) {
	if !guarded {
		in.step.looks = append(in.step.looks, look{node: n, path: v.String(), steps: v.Path[1:], at: at, fails: bare})
	}
}

// where names the field of the state that a node is in.
func (c *checker) where(n *node, in *site) string {
	field := n.key
	for ; n != nil && n != in.step.node; n = n.parent {
		if n.key != "" {
			field = n.key
		}
	}
	return "the field '" + field + "' of a " + string(in.step.typ) + " state"
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
