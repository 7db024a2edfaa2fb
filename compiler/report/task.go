package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
)

// A NoTimeout is a task that may wait for ever: AWS's default is 99999999
// seconds.
type NoTimeout struct {
	State string `json:"state"`
	// Silent says that nobody would notice: the task waits for a job, a token or
	// an activity and has no heartbeat either.
	Silent bool `json:"silent"`
}

// A NoRetry is a Lambda task that fails at once by errors which pass.
type NoRetry struct {
	State string `json:"state"`
	// Errors are those that no retrier covers.
	Errors []string `json:"errors"`
}

// transient are the errors of Lambda that AWS advises to retry.
var transient = []string{
	"Lambda.ClientExecutionTimeoutException", "Lambda.ServiceException", "Lambda.AWSLambdaException",
	"Lambda.SdkClientException", "Lambda.TooManyRequestsException",
}

func (a *analysis) timeouts() []NoTimeout {
	list := []NoTimeout{}
	for _, s := range a.graph.States {
		if t, ok := s.(*graph.Task); ok && t.Timeout == nil {
			waits := t.Resource.Kind == graph.Activity || t.Resource.Pattern != graph.RequestResponse
			list = append(list, NoTimeout{t.Name, waits && t.Heartbeat == nil})
		}
	}
	return list
}

func (a *analysis) retries() []NoRetry {
	list := []NoRetry{}
	for _, s := range a.graph.States {
		t, ok := s.(*graph.Task)
		if !ok || t.Resource.Kind != graph.Lambda && t.Resource.Type != "lambda" {
			continue
		}
		var missing []string
		for _, name := range transient {
			if !retried(t.Retry, name) {
				missing = append(missing, name)
			}
		}
		if missing != nil {
			list = append(list, NoRetry{t.Name, missing})
		}
	}
	return list
}

// retried reports whether the retrier that covers an error tries again.
func retried(retriers []graph.Retrier, name string) bool {
	i := slices.IndexFunc(retriers, func(r graph.Retrier) bool { return covers(r.ErrorEquals, name) })
	return i >= 0 && retriers[i].MaxAttempts > 0
}

// covers reports whether a list of ErrorEquals covers an error. The name
// [AnyError] is covered by what covers all of a task's errors.
func covers(list []string, name string) bool {
	for _, pattern := range list {
		switch {
		case pattern == "States.ALL", pattern == name:
			return true
		case pattern == "States.TaskFailed" && name != "States.Timeout":
			return true
		}
	}
	return false
}

func quoted(names []string) string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(list, ", ")
}
