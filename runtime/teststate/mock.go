package teststate

import (
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// checkState refuses states that cannot be tested as the request asks.
func (t *test) checkState() error {
	typ := t.state.Shared().Type
	task, isTask := t.state.(*graph.Task)
	_, isMap := t.state.(*graph.Map)
	_, isParallel := t.state.(*graph.Parallel)
	switch {
	case t.request.Mock != nil && !isTask && !isMap && !isParallel:
		return invalid("State type '%s' is not supported when a mock is specified", typ)
	case t.request.Mock != nil:
		return nil
	case isMap || isParallel:
		return &Error{"InvalidDefinition", "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"}
	case isTask && (task.Resource.Kind == graph.Activity || task.Resource.Pattern != graph.RequestResponse):
		return &Error{"InvalidDefinition", "TestState API does not support Activity tasks and the .sync or .waitForTaskToken service integration patterns when a mock is not specified: " + task.Resource.ARN}
	}
	return nil
}

// mockResult reads the result of the mock, nil when it has none, and checks it.
func (t *test) mockResult() (*value.Doc, error) {
	m := t.request.Mock
	if m == nil || m.Result == nil {
		return nil, nil
	}
	d, err := value.ParseDoc(*m.Result)
	if err != nil {
		return nil, invalid("Mocked result must be valid JSON")
	}
	switch s := t.state.(type) {
	case *graph.Map:
		if s.Distributed != nil && s.Distributed.Writer != nil && s.Distributed.Writer.Resource != "" {
			if d.Value().Kind() != value.KindObject {
				return nil, invalid("Mocked result must be a JSON object.")
			}
			return d, nil
		}
		if d.Value().Kind() != value.KindList {
			return nil, invalid("Mocked result must be an array.")
		}
	case *graph.Parallel:
		switch {
		case d.Value().Kind() != value.KindList:
			return nil, invalid("Mocked result must be an array.")
		case d.Value().Len() != len(s.Branches):
			return nil, invalid("Mocked result must contain the same number of items as number of Parallel branches.")
		}
	case *graph.Task:
		if m.FieldValidationMode != None {
			return d, checkModel(&s.Resource, d.Value(), m.FieldValidationMode != Present)
		}
	}
	return d, nil
}

// tooManyFailures refuses more failures than there are iterations.
func tooManyFailures(failures, iterations int) error {
	if failures > iterations {
		return invalid("Map iteration failure count must be less than or equal to the number of Map iterations")
	}
	return nil
}
