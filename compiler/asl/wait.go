package asl

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A Wait delays the execution by a span or until a time. Exactly one of its
// fields is set.
type Wait struct {
	Base
	// Seconds is a whole number from 0 or a JSONata string; Timestamp is an RFC
	// 3339 time or a JSONata string. The paths belong to JSONPath.
	Seconds, SecondsPath, Timestamp, TimestampPath value.Value
}

// Type returns [TypeWait].
func (*Wait) Type() Type { return TypeWait }
