package graph

// A Map state runs its processor once per item.
type Map struct {
	Base
	Processor *Flow
	// ItemsPath belongs to JSONPath, Items to JSONata; nil means the state's
	// effective input.
	ItemsPath *Path
	Items     *Payload
	// ItemSelector makes the input of an iteration; nil means the item.
	ItemSelector *Payload
	// MaxConcurrency is nil when absent.
	MaxConcurrency *Scalar
	// ToleratedFailureCount and ToleratedFailurePercentage are accepted and
	// have no effect on an inline Map.
	ToleratedFailureCount, ToleratedFailurePercentage *Scalar
	Result
	Handlers
}
