package invoke

import (
	"fmt"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A Child is an execution that a task wants started, through
// states:startExecution.
type Child struct {
	Machine string // name or ARN
	Name    string // empty: one is made up
	Input   *value.Doc
	// Wait is true for .sync and .sync:2: the task takes as long as the child.
	Wait bool
}

// ChildOf returns what a task wants started; ok is false for every other task,
// and for one that a handler answers.
func (c *Caller) ChildOf(t *interp.InvokeTask) (child *Child, ok bool) {
	if t.Resource.Type != "states" || t.Resource.Action() != "startExecution" || c.handler(t) != nil {
		return nil, false
	}
	p := t.Parameters.Value()
	child = &Child{Wait: t.Resource.Pattern == graph.Sync || t.Resource.Pattern == graph.Sync2}
	child.Machine, _ = p.Get("StateMachineArn").Str()
	child.Name, _ = p.Get("Name").Str()
	input := p.Get("Input")
	if text, isText := input.Str(); isText && value.Valid(text) == nil { // JSON as text is taken for JSON
		child.Input, _ = value.ParseDoc(text)
	} else if !input.IsUndefined() {
		child.Input = value.DocOf(input)
	}
	return child, true
}

// ChildStarted is the answer of StartExecution.
func ChildStarted(arn string, started time.Time) *value.Doc {
	return value.DocOf(value.Object(append([]value.Member{
		{Key: "ExecutionArn", Value: value.String(arn)},
	}, append(metadata(200), value.Member{Key: "StartDate", Value: value.Int(started.UnixMilli())})...)...))
}

// ChildFailed is how a task fails whose child could not be started. code is
// that of the API's error, such as ExecutionAlreadyExists.
func ChildFailed(code, message string) *task.Error {
	return &task.Error{
		Name: "StepFunctions." + code + "Exception",
		Cause: fmt.Sprintf("%s (Service: AWSStepFunctions; Status Code: 400; Error Code: %s; Request ID: %s; Proxy: null)",
			message, code, localRequest),
	}
}

// A ChildResult is how a child ended.
type ChildResult struct {
	ARN, Name, MachineARN string
	Input, Output         *value.Doc
	Status                interp.Status
	Error, Cause          *string
	Started, Stopped      time.Time
	RedriveCount          int
}

// ChildEnded is the event for a task that waited for its child.
func ChildEnded(id interp.TaskID, pattern graph.Pattern, r *ChildResult) interp.Event {
	description := describe(r, pattern == graph.Sync2)
	if r.Status == interp.Succeeded {
		return &interp.TaskSucceeded{Task: id, Output: value.DocOf(description)}
	}
	name, cause := "States.TaskFailed", description.String()
	return &interp.TaskFailed{Task: id, Error: &name, Cause: &cause}
}

// describe is DescribeExecution's answer as a task's result: keys capitalised and
// sorted, dates in milliseconds, and for .sync:2 input and output as JSON.
func describe(r *ChildResult, parsed bool) value.Value {
	var members []value.Member
	add := func(key string, v value.Value) { members = append(members, value.Member{Key: key, Value: v}) }
	data := func(key string, d *value.Doc) {
		if d == nil {
			return
		}
		v := value.String(d.Text())
		if parsed {
			v = d.Value()
		}
		add(key, v)
		add(key+"Details", value.Object(value.Member{Key: "Included", Value: value.Bool(true)}))
	}
	text := func(key string, s *string) {
		if s != nil {
			add(key, value.String(*s))
		}
	}
	text("Cause", r.Cause)
	text("Error", r.Error)
	add("ExecutionArn", value.String(r.ARN))
	data("Input", r.Input)
	add("Name", value.String(r.Name))
	data("Output", r.Output)
	add("RedriveCount", value.Int(int64(r.RedriveCount)))
	if r.Status == interp.Succeeded {
		add("RedriveStatus", value.String("NOT_REDRIVABLE"))
		add("RedriveStatusReason", value.String("Execution is SUCCEEDED and cannot be redriven"))
	} else {
		add("RedriveStatus", value.String("REDRIVABLE"))
	}
	add("StartDate", value.Int(r.Started.UnixMilli()))
	add("StateMachineArn", value.String(r.MachineARN))
	add("Status", value.String(string(r.Status)))
	add("StopDate", value.Int(r.Stopped.UnixMilli()))
	return value.Object(members...)
}
