package spec

// A Wait delays: a Wait state. Exactly one of Seconds and Until is set.
type Wait struct {
	Header
	Seconds *Expr `json:"seconds,omitempty"`
	Until   *Expr `json:"until,omitempty"`
}

func (*Wait) kind() string { return "wait" }
