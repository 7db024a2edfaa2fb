package spec

// A Set gives a workflow variable a new value. It is no state: the value is
// assigned on the way to the next one.
type Set struct {
	Header
	Variable *Source `json:"variable,omitempty"`
	Value    *Expr   `json:"value"`
	Initial  bool    `json:"initial,omitempty"` // the variable's declaration
}

// A Get marks the place where a variable was read. Expressions that carry its
// ID must be used while the variable still has that value.
type Get struct {
	Header
	ID       int     `json:"id"` // from 1
	Variable *Source `json:"variable,omitempty"`
}

// A Bind takes the time, an id or a random number once.
type Bind struct {
	Header
	Value  *Expr   `json:"value"`
	Result *Source `json:"result,omitempty"`
}

func (*Set) kind() string  { return "set" }
func (*Get) kind() string  { return "get" }
func (*Bind) kind() string { return "bind" }
