package graph

import (
	"fmt"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/intrinsic"
	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A Choice state goes on at the state of the first rule that holds. Its own
// Output and Assign belong to Default.
type Choice struct {
	Base
	Rules []Rule
	// Default is nil when absent.
	Default State
}

// A Rule is one alternative of a Choice state.
type Rule struct {
	Condition
	Next State
	// Output belongs to JSONata; nil means the state's input.
	Output *Payload
	// Assign is nil when the rule assigns nothing.
	Assign *Assign
}

// A Condition is what a rule asks.
type Condition interface {
	// Holds answers. A value of the wrong type is no error, a path to nowhere
	// is. In JSONata the error is a [*QueryError].
	Holds(e *Env) (bool, error)
}

func (c *compiler) choice(at pointer, in *scope, k *Choice, s *asl.Choice) {
	if len(s.Choices) == 0 {
		c.fail(at.key("Choices"), "Value cannot be empty")
	}
	k.Default = c.next(at.key("Default"), in, s.Default)
	for i := range s.Choices {
		r := &s.Choices[i]
		at := at.key("Choices").item(i)
		if r.Next == "" {
			c.fail(at, "These fields are required: [Next]")
		}
		rule := Rule{Next: c.next(at.key("Next"), in, r.Next), Assign: c.assign(at, r.Assign, k.JSONata)}
		if k.JSONata {
			rule.Condition = c.queryCondition(at, r)
			rule.Output = c.query(at.key("Output"), "Output", r.Output)
		} else {
			rule.Condition = c.condition(at, r)
		}
		k.Rules = append(k.Rules, rule)
	}
}

// literal is a condition that does not ask.
type literal bool

func (l literal) Holds(*Env) (bool, error) { return bool(l), nil }

// query is a condition in JSONata.
type query struct{ *Expression }

func (q query) Holds(e *Env) (bool, error) {
	v, err := q.Expect(e, value.KindBool)
	b, _ := v.Bool()
	return b, err
}

func (c *compiler) queryCondition(at pointer, r *asl.Rule) Condition {
	if b, ok := r.Condition.Bool(); ok {
		return literal(b)
	}
	source, ok := isExpression(r.Condition)
	if !ok {
		c.fail(at.key("Condition"), "The value must be a boolean or a JSONata expression")
		return literal(false)
	}
	return query{c.expression(at.key("Condition"), "Condition", source)}
}

type (
	all    []Condition
	some   []Condition
	negate struct{ Condition }
)

func (a all) Holds(e *Env) (bool, error) {
	for _, c := range a {
		if ok, err := c.Holds(e); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (s some) Holds(e *Env) (bool, error) {
	for _, c := range s {
		if ok, err := c.Holds(e); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func (n negate) Holds(e *Env) (bool, error) {
	ok, err := n.Condition.Holds(e)
	return !ok && err == nil, err
}

// condition compiles a rule of JSONPath.
func (c *compiler) condition(at pointer, r *asl.Rule) Condition {
	switch {
	case r.And != nil:
		return all(c.conditions(at.key("And"), r.And))
	case r.Or != nil:
		return some(c.conditions(at.key("Or"), r.Or))
	case r.Not != nil:
		return negate{c.condition(at.key("Not"), r.Not)}
	}
	return c.test(at, r)
}

func (c *compiler) conditions(at pointer, rules []asl.Rule) []Condition {
	conditions := make([]Condition, len(rules))
	for i := range rules {
		conditions[i] = c.condition(at.item(i), &rules[i])
	}
	return conditions
}

// operand is one side of a comparison: a path, or a literal.
type operand struct {
	text    string
	expr    jsonpath.Evaluator
	needs   needs
	literal value.Value
}

func (o *operand) eval(e *Env) (value.Value, error) {
	if o.expr == nil {
		return o.literal, nil
	}
	v, err := o.expr.Eval(e.paths(o.needs))
	if err != nil {
		return value.Value{}, fmt.Errorf("Invalid path '%s': The choice state's condition path references an invalid value.", o.text)
	}
	return v, nil
}

func (c *compiler) operand(at pointer, v value.Value) operand {
	text, ok := v.Str()
	if !ok {
		c.fail(at, "The value must be a JSONPath")
		return operand{}
	}
	expr, err := intrinsic.CompileDynamic(text)
	if err != nil {
		c.fail(at, "The value must be a valid JSONPath: %v", err)
	}
	return operand{text: text, expr: expr, needs: needsOf(text)}
}

// present asks whether a path leads anywhere, to null or not.
type present struct {
	variable operand
	want     bool
}

func (p *present) Holds(e *Env) (bool, error) {
	_, err := p.variable.eval(e)
	return (err == nil) == p.want, nil
}

// comparison is a test of two values.
type comparison struct {
	variable, operand operand
	holds             func(v, operand value.Value) (bool, error)
}

func (t *comparison) Holds(e *Env) (bool, error) {
	v, err := t.variable.eval(e)
	if err != nil {
		return false, err
	}
	w, err := t.operand.eval(e)
	if err != nil {
		return false, err
	}
	return t.holds(v, w)
}

func (c *compiler) test(at pointer, r *asl.Rule) Condition {
	variable := c.operand(at.key("Variable"), r.Variable)
	if r.Operator == "IsPresent" {
		want, ok := r.Operand.Bool()
		if !ok {
			c.fail(at.key(r.Operator), "The value must be a boolean")
		}
		return &present{variable, want}
	}
	holds, byPath := operator(r.Operator)
	if holds == nil {
		c.fail(at, "A choice rule must have exactly one comparison operator, but has '%s'", r.Operator)
		return literal(false)
	}
	t := &comparison{variable: variable, operand: operand{literal: r.Operand}, holds: holds}
	if byPath {
		t.operand = c.operand(at.key(r.Operator), r.Operand)
	}
	return t
}

// Always reports whether a condition is the literal true.
func Always(c Condition) bool {
	l, ok := c.(literal)
	return ok && bool(l)
}
