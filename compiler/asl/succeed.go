package asl

// A Succeed ends its flow well.
type Succeed struct{ Base }

// Type returns [TypeSucceed].
func (*Succeed) Type() Type { return TypeSucceed }
