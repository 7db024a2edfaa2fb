package graph

import (
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A Task calls a resource.
type Task struct {
	Base
	Resource Resource
	// Arguments is the input of the task; nil means the state's input.
	Arguments *Payload
	// Timeout and Heartbeat are in seconds; nil means none.
	Timeout, Heartbeat *Scalar
	// Credentials is nil when the state has none.
	Credentials *Payload
	Result
	Handlers
}

// Result is how the result of a Task, Parallel or Map state becomes output.
type Result struct {
	// Selector is ResultSelector; nil means the result as it is. JSONPath only.
	Selector *Payload
	// Path is ResultPath; nil means that the result replaces the input.
	Path *Target
}

func (c *compiler) task(at pointer, in *scope, t *Task, s *asl.Task) {
	if s.Resource == "" {
		c.fail(at, "These fields are required: [Resource]")
	}
	t.Resource = ParseResource(s.Resource)
	if t.JSONata {
		t.Arguments = c.query(at.key("Arguments"), "Arguments", s.Arguments)
	} else {
		t.Arguments = c.template(at.key("Parameters"), s.Parameters)
		t.Result = c.result(at, s.ResultSelector, s.ResultPath)
	}
	t.Timeout = c.scalar(at, "TimeoutSeconds", s.TimeoutSeconds, s.TimeoutSecondsPath, t.JSONata)
	t.Heartbeat = c.scalar(at, "HeartbeatSeconds", s.HeartbeatSeconds, s.HeartbeatSecondsPath, t.JSONata)
	t.Credentials = c.payload(at, "Credentials", s.Credentials, t.JSONata)
	t.Handlers = c.handlers(at, in, s.Retry, s.Catch, t.JSONata)
}

func (c *compiler) result(at pointer, selector, path value.Value) Result {
	return Result{
		Selector: c.template(at.key("ResultSelector"), selector),
		Path:     c.target(at.key("ResultPath"), path),
	}
}
