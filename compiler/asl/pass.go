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

func (*Pass) fields() []field[Pass] {
	return append(head[Pass](),
		field[Pass]{"InputPath", onlyJSONPath, func(p *Pass) any { return &p.InputPath }, inputPath},
		field[Pass]{"Parameters", onlyJSONPath, func(p *Pass) any { return &p.Parameters }, template},
		field[Pass]{"Result", onlyJSONPath, func(p *Pass) any { return &p.Result }, passResult},
		field[Pass]{"ResultPath", onlyJSONPath, func(p *Pass) any { return &p.ResultPath }, resultPath},
		field[Pass]{"OutputPath", onlyJSONPath, func(p *Pass) any { return &p.OutputPath }, outputPath},
		field[Pass]{"Assign", both, func(p *Pass) any { return &p.Assign }, assign},
		field[Pass]{"Output", onlyJSONata, func(p *Pass) any { return &p.Output }, output},
		field[Pass]{"Next", both, func(p *Pass) any { return &p.Next }, next},
		field[Pass]{"End", both, func(p *Pass) any { return &p.End }, end},
	)
}
