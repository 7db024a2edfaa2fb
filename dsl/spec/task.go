package spec

import "time"

// A Call runs a task: a Task state.
type Call struct {
	Header
	Task      *Task         `json:"task,omitempty"`
	Input     *Expr         `json:"input,omitempty"`  // nil for None
	Result    *Source       `json:"result,omitempty"` // nil for None
	Retry     []Retrier     `json:"retry,omitempty"`
	Timeout   time.Duration `json:"timeout,omitempty"` // whole seconds; 0 is none
	Heartbeat time.Duration `json:"heartbeat,omitempty"`
}

func (*Call) kind() string { return "call" }
