package spec

// A Succeed ends the workflow, branch or iteration early with a value: a
// Succeed state.
type Succeed struct {
	Header
	Value *Expr `json:"value,omitempty"` // nil for None
}

func (*Succeed) kind() string { return "succeed" }
