package spec

import "time"

// A Call runs a task: a Task state.
type Call struct {
	Header
	Task    *Task     `json:"task,omitempty"`
	Pattern Pattern   `json:"pattern,omitempty"`
	Input   *Expr     `json:"input,omitempty"`  // nil for None
	Token   *Source   `json:"token,omitempty"`  // of a Callback: what Input hands out
	Result  *Source   `json:"result,omitempty"` // nil for None
	Retry   []Retrier `json:"retry,omitempty"`
	Role    *Expr     `json:"role,omitempty"` // the ARN of the role to assume for the task

	// Limits are whole seconds. At most one of each pair is set.
	Timeout     time.Duration `json:"timeout,omitempty"` // 0 is none
	TimeoutOf   *Expr         `json:"timeoutOf,omitempty"`
	Heartbeat   time.Duration `json:"heartbeat,omitempty"`
	HeartbeatOf *Expr         `json:"heartbeatOf,omitempty"`
}

// A Pattern says what a Call waits for.
type Pattern string

// The patterns.
const (
	Await    Pattern = ""         // the task's result
	Callback Pattern = "callback" // somebody who returns the task token
	Start    Pattern = "start"    // nothing but the start of a nested workflow
)

func (*Call) kind() string { return "call" }
