package spec

// A Repeat runs its body until a Break. It is no state: its body's states lead
// back to the first of them.
type Repeat struct {
	Header
	Loop   int     `json:"loop"` // names the loop for its Break and Continue
	Body   *Block  `json:"body"`
	Result *Source `json:"result,omitempty"` // nil for None, and for a loop that never breaks
	Breaks bool    `json:"breaks,omitempty"`
}

// A Break leaves a loop with a value.
type Break struct {
	Header
	Loop  int   `json:"loop"`
	Value *Expr `json:"value,omitempty"`
}

// A Continue starts the next turn of a loop.
type Continue struct {
	Header
	Loop int `json:"loop"`
}

func (*Repeat) kind() string   { return "repeat" }
func (*Break) kind() string    { return "break" }
func (*Continue) kind() string { return "continue" }
