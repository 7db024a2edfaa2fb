package asl

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A Pass hands on its input, or a value made from it.
type Pass struct {
	Base
	// Result is literal: nothing in it is evaluated. It, Parameters and
	// ResultPath belong to JSONPath. Where both are given, Result wins over
	// Parameters.
	Result, Parameters, ResultPath value.Value
}

// Type returns [TypePass].
func (*Pass) Type() Type { return TypePass }
