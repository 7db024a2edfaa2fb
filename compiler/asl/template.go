package asl

import (
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/intrinsic"
	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// parameters checks what a task is given.
func parameters(c *checker, n *node, in *site) {
	template(c, n, in)
	c.literals(n)
}

// arguments is parameters in JSONata.
func arguments(c *checker, n *node, in *site) {
	expression(c, n, in)
	c.literals(n)
}

// payload checks a template of either language.
func payload(c *checker, n *node, in *site) {
	if in.language == JSONata {
		expression(c, n, in)
		return
	}
	template(c, n, in)
}

func itemSelector(c *checker, n *node, in *site) { payload(c, n, in) }

// resultSelector checks the template over a state's result.
func resultSelector(c *checker, n *node, in *site) {
	inside := *in
	inside.at = taskResult
	template(c, n, &inside)
}

// template checks a payload template of JSONPath. The language asks for an
// object; AWS takes a list too.
func template(c *checker, n *node, in *site) {
	switch {
	case n.open():
	case n.kind == value.KindObject || n.kind == value.KindList:
		c.templateLiteral(n, in)
	default:
		c.say(n, wrongType, n.key, "an object")
	}
}

func (c *checker) templateMembers(n *node, in *site) {
	for _, kid := range n.members() {
		if plain, ok := strings.CutSuffix(kid.key, ".$"); ok {
			if twin := n.get(plain); twin != nil {
				c.sayAt(n, kid, twinKeys, plain, kid.key)
			}
			c.templateField(n, kid, in)
			continue
		}
		c.templateLiteral(kid, in)
	}
}

// templateField checks what stands behind a key that ends in ".$".
func (c *checker) templateField(n, kid *node, in *site) {
	if kid.open() {
		return
	}
	s, ok := kid.str()
	if !ok {
		c.sayAt(n, kid, badTemplate, kid.key)
		return
	}
	e, err := intrinsic.CompileDynamic(s)
	if err != nil {
		c.sayAt(n, kid, badTemplate, kid.key)
		c.explain(kid, err)
		return
	}
	c.evaluates(kid, e, in, in.at)
}

// evaluates notes the paths of what is evaluated.
func (c *checker) evaluates(n *node, e jsonpath.Evaluator, in *site, at stage) {
	switch e := e.(type) {
	case *jsonpath.Path:
		c.reads(n, e, in, at)
	case *intrinsic.Call:
		e.Paths(func(p *jsonpath.Path, _ int) { c.reads(n, p, in, at) })
	}
}

func (c *checker) templateLiteral(n *node, in *site) {
	switch n.kind {
	case value.KindList:
		for _, item := range n.kids {
			c.templateLiteral(item, in)
		}
	case value.KindObject:
		if !n.function() {
			c.templateMembers(n, in)
		}
	case value.KindString:
		switch {
		case looksEvaluated(n.text) && n.parent.kind == value.KindObject:
			c.say(n, noDollar, n.text, n.key)
			c.fix("to evaluate it, name the key %q", n.key+".$")
		case evaluatedWhole(n.text):
			c.say(n, notEvaluated, n.text)
		}
	}
}

// looksEvaluated reports whether a text is a path or a call.
func looksEvaluated(s string) bool {
	if s != "$" && s != "$$" && !strings.HasPrefix(s, "$.") && !strings.HasPrefix(s, "$$.") && !strings.HasPrefix(s, "$[") && !strings.HasPrefix(s, "States.") {
		return false
	}
	_, err := intrinsic.CompileDynamic(s)
	return err == nil
}

func evaluatedWhole(s string) bool {
	s = strings.TrimSpace(s)
	return len(s) >= 4 && strings.HasPrefix(s, "{%") && strings.HasSuffix(s, "%}")
}

// textCalls are the functions that give a string, which is what ErrorPath and
// CausePath need.
var textCalls = []string{
	"States.Format", "States.JsonToString", "States.ArrayGetItem", "States.Base64Encode", "States.Base64Decode",
	"States.Hash", "States.UUID",
}

// messagePath checks ErrorPath and CausePath.
func messagePath(c *checker, n *node, in *site) {
	if n.open() {
		return
	}
	s, ok := n.str()
	if !ok {
		c.say(n, badPath, n.key)
		return
	}
	e, err := intrinsic.CompileDynamic(s)
	if err != nil {
		c.say(n, badTemplate, n.key)
		c.explain(n, err)
		return
	}
	if call, ok := e.(*intrinsic.Call); ok && !contains(textCalls, call.Function()) {
		c.say(n, wrongType, n.key, "a path, or a call of a function that returns a string: "+strings.Join(textCalls, ", "))
	}
	c.evaluates(n, e, in, effectiveInput)
}

func contains(list []string, s string) bool {
	for _, item := range list {
		if item == s {
			return true
		}
	}
	return false
}

// passResult looks for keys that seem to be evaluated and are not.
func passResult(c *checker, n *node, _ *site) { c.static(n) }

func (c *checker) static(n *node) {
	for _, kid := range n.kids {
		if n.kind == value.KindObject && strings.HasSuffix(kid.key, ".$") {
			c.say(kid, staticResult, kid.key)
		}
		c.static(kid)
	}
}

// looksLikePath warns of a path in a field that is not evaluated and has a twin
// that is.
func (c *checker) looksLikePath(n *node, in *site) {
	if in.language == JSONPath && n.kind == value.KindString && (strings.HasPrefix(n.text, "$.") || strings.HasPrefix(n.text, "$$.")) {
		c.say(n, noPath, n.text, n.key)
		c.fix("to read it from there, use %q", n.key+"Path")
	}
}
