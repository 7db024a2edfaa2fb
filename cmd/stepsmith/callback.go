package main

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// callbacks answer the tasks that wait for their token with what their handlers
// return: on this machine there is nobody else to send the token back.
type callbacks struct {
	execution tokenTaker
	started   chan struct{} // closed when execution is set
}

// A tokenTaker takes the answers to task tokens.
type tokenTaker interface {
	SendTaskSuccess(token string, output *value.Doc) error
	SendTaskFailure(token string, name, cause *string) error
}

func newCallbacks() *callbacks { return &callbacks{started: make(chan struct{})} }

// start lets the answers go to the execution.
func (c *callbacks) start(x tokenTaker) {
	c.execution = x
	close(c.started)
}

// around returns handlers that answer tokens.
func (c *callbacks) around(handlers task.Handlers) task.Handlers {
	all := make(task.Handlers, len(handlers))
	for name, h := range handlers {
		all[name] = task.HandlerFunc(func(ctx context.Context, input json.RawMessage) (json.RawMessage, error) {
			output, err := h.Handle(ctx, input)
			if d := task.Info(ctx); d.Token != "" && strings.HasSuffix(d.Resource, ".waitForTaskToken") {
				return json.RawMessage("null"), c.send(d.Token, output, err)
			}
			return output, err
		})
	}
	return all
}

func (c *callbacks) send(token string, output json.RawMessage, err error) error {
	<-c.started
	if err != nil {
		f := task.Failure(err)
		return c.execution.SendTaskFailure(token, &f.Name, &f.Cause)
	}
	doc, err := value.ParseDoc(string(output))
	if err != nil {
		return err
	}
	return c.execution.SendTaskSuccess(token, doc)
}
