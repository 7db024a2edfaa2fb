package conformance

import (
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/replay"
)

// imitate answers a task whose outcome was not recorded, when it calls a Lambda
// function of the recording's environment that has one of the common
// behaviours. Otherwise it returns nil.
func (c *Case) imitate(t *interp.InvokeTask) *replay.Outcome {
	name, input := t.Resource.ARN, t.Parameters.Value()
	direct := t.Resource.Kind == graph.Lambda
	if !direct {
		if t.Resource.Type != "lambda" {
			return nil
		}
		name, _ = input.Get("FunctionName").Str()
		input = input.Get("Payload")
	}
	name = name[strings.LastIndexByte(name, ':')+1:]
	handler, _ := c.lambdas.Get(name).Get("handler").Str()
	switch handler {
	case "id_function.py":
		return &replay.Outcome{Started: true, Output: lambdaResult(input, direct)}
	case "raise_exception.py":
		return lambdaException(direct)
	}
	return nil
}

// lambdaResult is what a function's result looks like to the state.
func lambdaResult(v value.Value, direct bool) *value.Doc {
	if direct {
		return value.DocOf(v)
	}
	if v.IsUndefined() {
		v = value.Object()
	}
	return value.DocOf(value.Object(
		value.Member{Key: "ExecutedVersion", Value: value.String("$LATEST")},
		value.Member{Key: "Payload", Value: v},
		value.Member{Key: "SdkHttpMetadata", Value: value.Object()},
		value.Member{Key: "SdkResponseMetadata", Value: value.Object()},
		value.Member{Key: "StatusCode", Value: value.Int(200)},
	))
}

// lambdaException is how the Python runtime reports an exception.
func lambdaException(direct bool) *replay.Outcome {
	const message = "Some exception was raised."
	cause := value.Object(
		value.Member{Key: "errorMessage", Value: value.String(message)},
		value.Member{Key: "errorType", Value: value.String("Exception")},
		value.Member{Key: "requestId", Value: value.String("00000000-0000-4000-8000-000000000000")},
		value.Member{Key: "stackTrace", Value: value.List(value.String(
			"  File \"/var/task/handler.py\", line 2, in handler\n    raise Exception(\"" + message + "\")\n"))},
	)
	text := cause.String()
	if direct {
		text = string(replay.AppendSpaced(nil, cause))
	}
	return &replay.Outcome{Started: true, Failed: true, Error: history.Ref("Exception"), Cause: &text}
}
