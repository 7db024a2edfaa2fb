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

func (*Parallel) fields() []field[Parallel] {
	return append(head[Parallel](),
		field[Parallel]{"InputPath", onlyJSONPath, func(p *Parallel) any { return &p.InputPath }, inputPath},
		field[Parallel]{"Parameters", onlyJSONPath, func(p *Parallel) any { return &p.Parameters }, template},
		field[Parallel]{"Arguments", onlyJSONata, func(p *Parallel) any { return &p.Arguments }, expression},
		field[Parallel]{"Branches", both, func(p *Parallel) any { return &p.Branches }, branches},
		field[Parallel]{"Retry", both, func(p *Parallel) any { return &p.Retry }, retry},
		field[Parallel]{"ResultSelector", onlyJSONPath, func(p *Parallel) any { return &p.ResultSelector }, resultSelector},
		field[Parallel]{"ResultPath", onlyJSONPath, func(p *Parallel) any { return &p.ResultPath }, resultPath},
		field[Parallel]{"OutputPath", onlyJSONPath, func(p *Parallel) any { return &p.OutputPath }, outputPath},
		field[Parallel]{"Assign", both, func(p *Parallel) any { return &p.Assign }, assign},
		field[Parallel]{"Output", onlyJSONata, func(p *Parallel) any { return &p.Output }, output},
		field[Parallel]{"Catch", both, func(p *Parallel) any { return &p.Catch }, catch},
		field[Parallel]{"Next", both, func(p *Parallel) any { return &p.Next }, next},
		field[Parallel]{"End", both, func(p *Parallel) any { return &p.End }, end},
	)
}
