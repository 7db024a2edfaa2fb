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
