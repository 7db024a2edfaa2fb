package asl

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A Choice leads on to the state of the first rule that holds.
type Choice struct {
	Base
	Choices []Rule
	// Default is the state to go to when no rule holds; empty is absent, and the
	// execution then fails. The state's own Assign and Output belong to it.
	Default string
}

// Type returns [TypeChoice].
func (*Choice) Type() Type { return TypeChoice }

// A Rule is one alternative of a [Choice], or in JSONPath a condition within
// another. In JSONata it has a Condition. In JSONPath it is a test, which has
// Variable, Operator and Operand, or a combination by And, Or or Not.
type Rule struct {
	Comment string
	// Next is where the rule leads; empty in conditions within another.
	Next string

	// Condition is a JSONata string or a literal boolean.
	Condition value.Value

	// Variable is the path of the value that is tested.
	Variable value.Value
	// Operator is the name of the field that holds the Operand, such as
	// NumericGreaterThanPath.
	Operator string
	// Operand is what Variable is compared with: a literal, or a path where
	// Operator ends in "Path".
	Operand value.Value

	And, Or []Rule
	Not     *Rule

	// Output belongs to JSONata. Output and Assign take the place of the
	// state's.
	Output, Assign value.Value
}

func (*Choice) fields() []field[Choice] {
	return append(head[Choice](),
		field[Choice]{"InputPath", onlyJSONPath, func(c *Choice) any { return &c.InputPath }, inputPath},
		field[Choice]{"Choices", both, func(c *Choice) any { return &c.Choices }, choices},
		field[Choice]{"Default", both, func(c *Choice) any { return &c.Default }, next},
		field[Choice]{"OutputPath", onlyJSONPath, func(c *Choice) any { return &c.OutputPath }, outputPath},
		field[Choice]{"Assign", both, func(c *Choice) any { return &c.Assign }, assign},
		field[Choice]{"Output", onlyJSONata, func(c *Choice) any { return &c.Output }, output},
	)
}

func (*Rule) fields() []field[Rule] {
	return []field[Rule]{
		{"Comment", both, func(r *Rule) any { return &r.Comment }, text},
		{"Condition", onlyJSONata, func(r *Rule) any { return &r.Condition }, condition},
		{"And", onlyJSONPath, func(r *Rule) any { return &r.And }, conditions},
		{"Or", onlyJSONPath, func(r *Rule) any { return &r.Or }, conditions},
		{"Not", onlyJSONPath, func(r *Rule) any { return &r.Not }, negation},
		{"Variable", onlyJSONPath, func(r *Rule) any { return &r.Variable }, variable},
		{"Assign", both, func(r *Rule) any { return &r.Assign }, assign},
		{"Output", onlyJSONata, func(r *Rule) any { return &r.Output }, output},
		{"Next", both, func(r *Rule) any { return &r.Next }, next},
	}
}
