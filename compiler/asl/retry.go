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

func (*Retrier) fields() []field[Retrier] {
	return []field[Retrier]{
		{"ErrorEquals", both, func(r *Retrier) any { return &r.ErrorEquals }, errorEquals},
		{"IntervalSeconds", both, func(r *Retrier) any { return &r.IntervalSeconds }, whole(1, maxSeconds)},
		{"MaxAttempts", both, func(r *Retrier) any { return &r.MaxAttempts }, whole(0, maxSeconds)},
		{"BackoffRate", both, func(r *Retrier) any { return &r.BackoffRate }, backoffRate},
		{"MaxDelaySeconds", both, func(r *Retrier) any { return &r.MaxDelaySeconds }, whole(1, maxDelay)},
		{"JitterStrategy", both, func(r *Retrier) any { return &r.JitterStrategy }, oneOf("FULL", "NONE")},
		{"Comment", both, func(r *Retrier) any { return &r.Comment }, text},
	}
}

func (*Catcher) fields() []field[Catcher] {
	return []field[Catcher]{
		{"ErrorEquals", both, func(c *Catcher) any { return &c.ErrorEquals }, errorEquals},
		{"ResultPath", onlyJSONPath, func(c *Catcher) any { return &c.ResultPath }, resultPath},
		{"Assign", both, func(c *Catcher) any { return &c.Assign }, assign},
		{"Output", onlyJSONata, func(c *Catcher) any { return &c.Output }, output},
		{"Next", both, func(c *Catcher) any { return &c.Next }, next},
		{"Comment", both, func(c *Catcher) any { return &c.Comment }, text},
	}
}
