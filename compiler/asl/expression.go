package asl

import (
	"errors"
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
		c.last.Message = "blanks outside of {% and %} make this plain text"
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

// compile checks an expression and what it refers to.
func (c *checker) compile(n *node, inside string, in *site) {
	f := c.formulas[inside]
	if f == nil {
		f = newFormula(inside)
		c.formulas[inside] = f
	}
	if f.err != nil {
		if !f.open {
			c.say(n, badExpression, f.err)
			var at *jsonata.Error
			if errors.As(f.err, &at) {
				c.pointInside(n, inside, at.Position-1)
			}
		}
		return
	}
	if !f.open {
		for _, r := range f.refusals {
			c.say(n, unsupported, r.Message)
			c.pointInside(n, inside, r.Position-1)
			c.remedy(r.Token)
		}
	}
	if in.step == nil {
		return
	}
	for _, w := range f.wrong {
		c.say(n, wrongArguments, w.name, functions[w.name], w.count)
		c.pointInside(n, inside, w.position-1)
	}
	for _, v := range f.mentions {
		if v.Name == "states" {
			c.statesMember(n, inside, v, in, f)
			continue
		}
		in.step.reads = append(in.step.reads, read{
			name: v.Name, guarded: f.guarded[v.Position], called: f.called[v.Position],
			look: look{node: n, path: v.text, steps: v.Path, fails: f.bare},
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

// statesMember checks a reference to $states: which of its members there are
// depends on the place.
func (c *checker) statesMember(n *node, inside string, v mention, in *site, f *formula) {
	if len(v.Path) == 0 {
		return
	}
	switch member := v.Path[0]; member {
	case "input":
		c.looksAt(n, v, in, rawInput, f.bare, f)
	case "context":
		c.looksAt(n, v, in, contextObject, false, f)
	case "result":
		if !in.result {
			c.say(n, wrongPlace, "$states.result", c.where(n, in))
			c.pointInside(n, inside, v.Position-1)
			c.fix("there is a result only in Output and Assign of Task, Parallel and Map states")
			return
		}
		c.looksAt(n, v, in, taskResult, f.bare, f)
	case "errorOutput":
		if !in.caught {
			c.say(n, wrongPlace, "$states.errorOutput", c.where(n, in))
			c.pointInside(n, inside, v.Position-1)
			c.fix("there is an error only in Output and Assign of a catcher")
		}
	default:
		c.say(n, maybeNoSuchField, v.text, "$states has no member "+member)
		c.pointInside(n, inside, v.Position-1)
		if near := closest(member, []string{"input", "result", "errorOutput", "context"}); near != "" {
			c.fix("did you mean $states.%s?", near)
		}
	}
}

func (c *checker) looksAt(n *node, v mention, in *site, at stage, fails bool, f *formula) {
	if !f.guarded[v.Position] {
		in.step.looks = append(in.step.looks, look{node: n, path: v.text, steps: v.Path[1:], at: at, fails: fails})
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
