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
