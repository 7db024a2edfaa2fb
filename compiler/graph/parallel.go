package graph

// A Parallel state runs its branches at the same time.
type Parallel struct {
	Base
	// Arguments is the input of every branch; nil means the state's input.
	Arguments *Payload
	Branches  []*Flow
	Result
	Handlers
}
