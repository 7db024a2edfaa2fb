package asl

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A Fail ends its flow with an error. All its fields are optional.
type Fail struct {
	Base
	// Error and Cause are strings, JSONata strings in that language. The paths
	// belong to JSONPath; they may also be intrinsic functions that return a
	// string.
	Error, ErrorPath, Cause, CausePath value.Value
}

// Type returns [TypeFail].
func (*Fail) Type() Type { return TypeFail }

func (*Fail) fields() []field[Fail] {
	return append(head[Fail](),
		field[Fail]{"Error", both, func(f *Fail) any { return &f.Error }, message},
		field[Fail]{"ErrorPath", onlyJSONPath, func(f *Fail) any { return &f.ErrorPath }, messagePath},
		field[Fail]{"Cause", both, func(f *Fail) any { return &f.Cause }, message},
		field[Fail]{"CausePath", onlyJSONPath, func(f *Fail) any { return &f.CausePath }, messagePath},
	)
}
