package asl

import (
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// An operand is what a comparison operator takes.
type operand uint8

const (
	stringOperand operand = iota
	numberOperand
	booleanOperand
	timestampOperand
	pathOperand
)

// operators are the 39 comparison operators of JSONPath's choice rules.
var operators = func() map[string]operand {
	m := map[string]operand{
		"StringMatches": stringOperand, "BooleanEquals": booleanOperand, "BooleanEqualsPath": pathOperand,
		"IsNull": booleanOperand, "IsPresent": booleanOperand, "IsNumeric": booleanOperand,
		"IsString": booleanOperand, "IsBoolean": booleanOperand, "IsTimestamp": booleanOperand,
	}
	for _, order := range []string{"Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"} {
		for kind, takes := range map[string]operand{"String": stringOperand, "Numeric": numberOperand, "Timestamp": timestampOperand} {
			m[kind+order] = takes
			m[kind+order+"Path"] = pathOperand
		}
	}
	return m
}()

// choice checks what the fields of a Choice state do not show one by one.
func (c *checker) choice(s *step) {
	c.required(s.node, "Choices")
	rules := s.node.get("Choices").list()
	if s.node.has("Default") || len(rules) == 0 {
		return
	}
	for _, r := range rules {
		if always(r.get("Condition")) {
			return
		}
	}
	s.edges[0].target = nil
	c.say(s.node, noDefault, s.name)
}

// choices checks the rules of a Choice state. Each is a way out of it.
func choices(c *checker, n *node, in *site) {
	if n.kind != value.KindList {
		if !n.open() {
			c.say(n, wrongType, n.key, "a list of rules")
		}
		in.flow.open = true
		return
	}
	if len(n.kids) == 0 {
		c.say(n, empty)
	}
	for _, r := range n.kids {
		if !r.object() {
			in.flow.open = true
			if !r.open() {
				c.say(r, wrongType, n.key, "a list of rules")
			}
			continue
		}
		e := &edge{from: in.step, kind: ruleEdge, holder: r}
		in.step.edges = append(in.step.edges, e)
		inside := *in
		inside.edge = e
		c.rule(r, &inside)
		if in.language == JSONata {
			c.required(r, "Condition", "Next")
		} else {
			c.required(r, "Next")
		}
		if !r.has("Next") {
			in.flow.open = true
		}
	}
	c.covered(n)
}

// rule checks the fields of a rule, or of a condition within one.
func (c *checker) rule(n *node, in *site) {
	var tests []string
	table := tableOf[Rule]()
kids:
	for _, kid := range n.members() {
		if takes, ok := operators[kid.key]; ok && in.language == JSONPath {
			tests = append(tests, kid.key)
			c.operand(kid, takes, in)
			continue
		}
		for _, f := range table {
			switch {
			case f.name != kid.key:
			case f.in.has(in.language):
				f.rule(c, kid, in)
				continue kids
			default:
				c.sayKey(kid, otherLanguage, kid.key, in.language)
				continue kids
			}
		}
		c.unknownOperator(n, kid, in)
	}
	if in.language == JSONPath {
		c.oneTest(n, tests)
	}
}

func (c *checker) unknownOperator(n, kid *node, in *site) {
	var names []string
	if in.language == JSONPath {
		for name := range operators {
			names = append(names, name)
		}
		slices.Sort(names)
	}
	if in.language == JSONPath && n.has("Variable") {
		c.sayKey(kid, unknownCompare, kid.key, "")
	} else if _, other := operators[kid.key]; other {
		c.sayKey(kid, otherLanguage, kid.key, in.language)
		return
	} else {
		c.sayKey(kid, unknownField, kid.key, "")
	}
	if near := closest(kid.key, names); near != "" {
		c.fix("did you mean %q?", near)
	}
}

// oneTest wants one form of condition, and one operator beside a Variable.
func (c *checker) oneTest(n *node, tests []string) {
	if !n.has("Variable") && len(tests) > 0 && !n.has("And") && !n.has("Or") && !n.has("Not") {
		c.required(n, "Variable")
		return
	}
	c.exactly(n, "Variable", "And", "Or", "Not")
	switch {
	case !n.has("Variable"):
	case len(tests) == 0:
		c.say(n, oneOperator, "none")
	case len(tests) > 1:
		c.say(n, oneOperator, strings.Join(tests, ", "))
		c.last.Pos = c.doc.key(n.get(tests[1]))
	}
}

// operand checks what a variable is compared with.
func (c *checker) operand(n *node, takes operand, in *site) {
	if takes == pathOperand {
		comparisonPath(c, n, in)
		return
	}
	if n.open() {
		return
	}
	c.looksLikePath(n, in)
	want := ""
	switch {
	case takes == stringOperand && n.kind != value.KindString:
		want = "a string"
	case takes == numberOperand && n.kind != value.KindNumber:
		want = "a number"
	case takes == booleanOperand && n.kind != value.KindBool:
		want = "true or false"
	case takes == timestampOperand:
		if s, ok := n.str(); !ok || !isTimestamp(s) {
			c.say(n, noTimestamp)
		}
	}
	if want != "" {
		c.say(n, wrongType, n.key, want)
	}
}

// conditions checks the list of an And or Or.
func conditions(c *checker, n *node, in *site) {
	if n.kind != value.KindList {
		c.say(n, wrongType, n.key, "a list of conditions")
		return
	}
	if len(n.kids) == 0 {
		c.say(n, empty)
	}
	for _, item := range n.kids {
		c.nested(item, in)
	}
}

// negation checks the condition of a Not.
func negation(c *checker, n *node, in *site) { c.nested(n, in) }

// nested checks a condition within a rule, which leads nowhere by itself.
func (c *checker) nested(n *node, in *site) {
	if !n.object() {
		if !n.open() {
			c.say(n, wrongType, n.key, "a condition")
		}
		return
	}
	inside := *in
	inside.edge = &edge{from: in.step}
	c.rule(n, &inside)
	for _, name := range []string{"Next", "Assign"} {
		if kid := n.get(name); kid != nil {
			c.say(kid, notAlone, name, "in a condition within another")
		}
	}
}

// condition checks a JSONata condition.
func condition(c *checker, n *node, in *site) {
	if n.kind != value.KindBool && !c.dynamic(n, in) && !n.open() {
		c.say(n, wrongType, n.key, "true, false or a JSONata expression")
	}
}

// always reports whether a condition holds whatever the data.
func always(n *node) bool {
	if n == nil {
		return false
	}
	s, _ := n.str()
	inside, _ := delimited(s)
	return n.kind == value.KindBool && n.truth || strings.TrimSpace(inside) == "true"
}

// covered reports rules that an earlier one leaves nothing to.
func (c *checker) covered(n *node) {
	var seen []test
	for _, r := range n.kids {
		t := testOf(r)
		for _, earlier := range seen {
			if why := earlier.covers(t); why != "" {
				c.say(r, unreachedRule, why)
				c.see(earlier.rule, "the earlier rule")
				break
			}
		}
		seen = append(seen, t)
	}
}

// A test is what a rule looks at.
type test struct {
	rule      *node
	condition value.Value // without Next and what happens then
	variable  string
	numbers   span // where the test is on a number
}

// A span is a range of numbers.
type span struct {
	low, high         float64
	lowOpen, highOpen bool
	bounded           bool // it is a span at all
}

func testOf(r *node) test {
	var kept []value.Member
	for _, kid := range r.members() {
		switch kid.key {
		case "Next", "Comment", "Assign", "Output":
		default:
			kept = append(kept, value.Member{Key: kid.key, Value: kid.value()})
		}
	}
	t := test{rule: r, condition: value.Object(kept...)}
	t.variable, _ = r.get("Variable").str()
	if len(kept) == 2 && t.variable != "" {
		for _, m := range kept {
			if f, ok := m.Value.Float(); ok {
				t.numbers = spanOf(m.Key, f)
			}
		}
	}
	return t
}

func (t test) covers(later test) string {
	switch {
	case always(t.rule.get("Condition")):
		return "an earlier rule always matches"
	case t.condition.Len() > 0 && value.Equal(t.condition, later.condition):
		return "an earlier rule has the same condition"
	case t.variable != "" && t.variable == later.variable && t.numbers.holds(later.numbers):
		return "an earlier rule matches whenever it does"
	}
	return ""
}
