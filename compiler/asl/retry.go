package asl

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A Retrier says when a failed Task, Parallel or Map runs again. Absent numbers
// have the defaults that the fields name.
type Retrier struct {
	Comment     string
	ErrorEquals []string
	// IntervalSeconds is a whole number from 1; 1 by default.
	IntervalSeconds value.Value
	// MaxAttempts is a whole number from 0, which means never; 3 by default.
	MaxAttempts value.Value
	// BackoffRate is at least 1; 2 by default.
	BackoffRate value.Value
	// MaxDelaySeconds bounds the growing interval; no bound by default.
	MaxDelaySeconds value.Value
	// JitterStrategy is FULL or NONE; empty is NONE.
	JitterStrategy string
}

// A Catcher leads an error that no retry has mended to another state.
type Catcher struct {
	Comment     string
	ErrorEquals []string
	// ResultPath belongs to JSONPath: where the error goes in the input.
	ResultPath value.Value
	// Output belongs to JSONata; absent, the error is the output.
	Output value.Value
	// Assign takes the place of the state's own.
	Assign value.Value
	Next   string
}
