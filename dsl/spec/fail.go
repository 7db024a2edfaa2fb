package spec

// A Fail ends the execution, branch or iteration with an error: a Fail state.
type Fail struct {
	Header
	Error *Expr `json:"error"`
	Cause *Expr `json:"cause,omitempty"`
}

func (*Fail) kind() string { return "fail" }
