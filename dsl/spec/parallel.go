package spec

// A Parallel runs its branches at the same time: a Parallel state.
type Parallel struct {
	Header
	Branches []*Block  `json:"branches"`
	Outcomes []*Source `json:"outcomes,omitempty"` // the branches' results, one for each branch
	Output   *Expr     `json:"output,omitempty"`   // what Result is, in terms of Outcomes; nil for None
	Result   *Source   `json:"result,omitempty"`   // nil for None
	Retry    []Retrier `json:"retry,omitempty"`
}

func (*Parallel) kind() string { return "parallel" }
