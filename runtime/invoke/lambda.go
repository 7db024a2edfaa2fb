package invoke

import (
	"context"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

func isLambda(t *interp.InvokeTask) bool {
	return t.Resource.Type == "lambda" && t.Resource.Action() == "invoke"
}

// lambda calls the handler of a function through lambda:invoke: it gets the
// Payload, and its result is wrapped as the Invoke API of Lambda does it.
func (c *Caller) lambda(ctx context.Context, t *interp.InvokeTask, h task.Handler, report Report) {
	if h == nil {
		report(failed(t, task.Missing(target(t))))
		return
	}
	parameters := t.Parameters.Value()
	payload := "{}"
	if p := parameters.Get("Payload"); !p.IsUndefined() {
		payload = p.String()
	}
	if kind, _ := parameters.Get("InvocationType").Str(); kind == "Event" {
		// Lambda takes the event and answers; nobody hears what becomes of it.
		go call(context.WithoutCancel(ctx), h, payload, func(*value.Doc, *task.Error) {})
		c.invoked(t, 202, value.Value{}, report)
		return
	}
	call(ctx, h, payload, func(output *value.Doc, failure *task.Error) {
		if failure != nil {
			report(failed(t, failure))
			return
		}
		c.invoked(t, 200, output.Value(), report)
	})
}

// invoked reports the answer of Lambda's Invoke API.
func (c *Caller) invoked(t *interp.InvokeTask, status int64, payload value.Value, report Report) {
	members := make([]value.Member, 0, 5)
	members = append(members, value.Member{Key: "ExecutedVersion", Value: latest})
	if !payload.IsUndefined() {
		members = append(members, value.Member{Key: "Payload", Value: payload})
	}
	members = append(members, metadata(status)...)
	answer := value.DocOf(value.Object(append(members, value.Member{Key: "StatusCode", Value: value.Int(status)})...))
	if t.Resource.Pattern == graph.Callback {
		report(&interp.TaskSubmitted{Task: t.Task, Output: answer})
		return
	}
	report(&interp.TaskSucceeded{Task: t.Task, Output: answer})
}

var latest = value.String("$LATEST")

// metadata are the members that AWS's optimised integrations add to an answer.
// Those of a local call say nothing beyond the status.
func metadata(status int64) []value.Member {
	if status == 200 {
		return usual
	}
	return metadataOf(status)
}

var usual = metadataOf(200)

func metadataOf(status int64) []value.Member {
	none := value.Object()
	return []value.Member{
		{Key: "SdkHttpMetadata", Value: value.Object(
			value.Member{Key: "AllHttpHeaders", Value: none},
			value.Member{Key: "HttpHeaders", Value: none},
			value.Member{Key: "HttpStatusCode", Value: value.Int(status)},
		)},
		{Key: "SdkResponseMetadata", Value: value.Object(value.Member{Key: "RequestId", Value: value.String(localRequest)})},
	}
}

// localRequest is the request id of calls that never went over a wire.
const localRequest = "00000000-0000-0000-0000-000000000000"
