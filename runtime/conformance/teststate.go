package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/replay"
	"github.com/stepsmith-dev/stepsmith/runtime/teststate"
)

// checkTestState compares what TestState answered, or how it refused.
func (c *Case) checkTestState() error {
	var r teststate.Request
	if err := json.Unmarshal([]byte(c.request.String()), &r); err != nil {
		return fmt.Errorf("the request: %w", err)
	}
	r.Definition = c.Definition
	if c.Input != "" {
		r.Input = &c.Input
	}
	got, err := teststate.Run(context.Background(), &r, teststate.Options{Now: epoch, Account: "111111111111", Invoke: c.invoke})
	m := replay.NewMatcher(c.wildcards)
	want := c.recorded.Without("ResponseMetadata")
	var refused *teststate.Error
	switch {
	case errors.As(err, &refused):
		return c.compareRefusal(m, want, refused)
	case err != nil:
		return err
	}
	answer, err := json.Marshal(got)
	if err != nil {
		return err
	}
	return m.Match("answer", want, parse(answer), false)
}

// compareRefusal compares an error, of which either the service's answer or what
// its client made of it was recorded.
func (c *Case) compareRefusal(m *replay.Matcher, want value.Value, got *teststate.Error) error {
	if name := text(want, "exception_typename"); name != "" {
		message := "An error occurred (" + got.Code + ") when calling the TestState operation: " + got.Message
		if got.Code == "ParamValidationError" { // the client's own
			message = got.Message
		}
		return errors.Join(m.Match("error", value.String(name), value.String(got.Code), false),
			m.Match("message", want.Get("exception_value"), value.String(message), false))
	}
	return errors.Join(m.Match("code", want.Get("Error").Get("Code"), value.String(got.Code), false),
		m.Match("message", want.Get("message"), value.String(got.Message), false))
}

// invoke answers a task without a mock with what was recorded: the result before
// the state did anything with it, or the output of a state that shows no more
// and leaves its result alone.
func (c *Case) invoke(_ context.Context, t *interp.InvokeTask) (*interp.Answer, error) {
	result := c.recorded.Get("inspectionData").Get("result")
	if result.IsUndefined() {
		result = c.recorded.Get("output")
	}
	if result.IsUndefined() {
		return nil, fmt.Errorf("no result was recorded of %s", strings.TrimPrefix(t.Resource.ARN, "arn:aws:states:::"))
	}
	return &interp.Answer{Output: replay.Document(result)}, nil
}
