package spec

// A Choice takes the first arm whose condition holds: a Choice state.
type Choice struct {
	Header
	Arms    []Arm   `json:"arms"`
	Default *Block  `json:"default,omitempty"` // nil: go on behind the Choice
	Result  *Source `json:"result,omitempty"`  // nil for an If, and for None
	Open    bool    `json:"open,omitempty"`    // a Switch that never got its Default
}

// An Arm is a condition and what follows when it holds.
type Arm struct {
	Condition *Expr  `json:"condition"`
	Body      *Block `json:"body"`
	Pos       Pos    `json:"pos"`
}

func (*Choice) kind() string { return "choice" }
