package spec

// A Map runs its body for each item of a list: a Map state.
type Map struct {
	Header
	Items          *Expr     `json:"items"`
	Item           *Source   `json:"item,omitempty"`
	Body           *Block    `json:"body"`
	Result         *Source   `json:"result,omitempty"`         // the list of the bodies' results; nil for None
	MaxConcurrency int       `json:"maxConcurrency,omitempty"` // 0 is unbounded
	Retry          []Retrier `json:"retry,omitempty"`
}

func (*Map) kind() string { return "map" }
