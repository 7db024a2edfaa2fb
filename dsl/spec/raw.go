package spec

import "encoding/json"

// A Raw is a state, or a machine of its own, that the user wrote in Amazon
// States Language. A state must not say where it leads, nor what it assigns or
// catches. A machine becomes the one branch of a Parallel state.
type Raw struct {
	Header
	JSON    json.RawMessage `json:"json"`
	Machine bool            `json:"machine,omitempty"`
	Input   *Expr           `json:"input,omitempty"`  // what $states.input is; nil for None
	Result  *Source         `json:"result,omitempty"` // nil for None
}

func (*Raw) kind() string { return "raw" }
