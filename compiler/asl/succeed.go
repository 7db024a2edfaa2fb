package asl

// A Succeed ends its flow well.
type Succeed struct{ Base }

// Type returns [TypeSucceed].
func (*Succeed) Type() Type { return TypeSucceed }

func (*Succeed) fields() []field[Succeed] {
	return append(head[Succeed](),
		field[Succeed]{"InputPath", onlyJSONPath, func(s *Succeed) any { return &s.InputPath }, inputPath},
		field[Succeed]{"OutputPath", onlyJSONPath, func(s *Succeed) any { return &s.OutputPath }, outputPath},
		field[Succeed]{"Output", onlyJSONata, func(s *Succeed) any { return &s.Output }, output},
	)
}
