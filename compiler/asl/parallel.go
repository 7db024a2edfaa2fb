package asl

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A Parallel runs its branches at the same time, each on a copy of its input.
// Its result is the array of their outputs, in order.
type Parallel struct {
	Base
	Branches []*Machine
	// Parameters, ResultSelector and ResultPath belong to JSONPath, Arguments to
	// JSONata.
	Parameters, Arguments, ResultSelector, ResultPath value.Value
	Retry                                             []Retrier
	Catch                                             []Catcher
}

// Type returns [TypeParallel].
func (*Parallel) Type() Type { return TypeParallel }

// Flows returns the branches.
func (p *Parallel) Flows() []*Machine { return p.Branches }
