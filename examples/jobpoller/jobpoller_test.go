package jobpoller_test

import (
	_ "embed"
	"encoding/json"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/examples/jobpoller"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

//go:embed job-poller.asl.json
var definition string

func TestJobPoller(t *testing.T) {
	t.Parallel()
	flow := wftest.Definition(t, definition).HandleAll(jobpoller.Handlers)
	run := flow.Run(json.RawMessage(`{"name": "nightly", "wait_time": 3600}`))
	if got, want := string(run.Succeeded()), `{"status":"SUCCEEDED"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	run.Path("Submit Job",
		"Wait X Seconds", "Get Job Status", "Job Complete?",
		"Wait X Seconds", "Get Job Status", "Job Complete?",
		"Wait X Seconds", "Get Job Status", "Job Complete?",
		"Get Final Job Status")
	run.Took(3 * time.Hour) // in no time
}

func TestFailedJob(t *testing.T) {
	t.Parallel()
	flow := wftest.Definition(t, definition)
	flow.Task("submit-job").Returns(map[string]string{"id": "J-1"})
	status := flow.Task("get-job-status").Returns(map[string]string{"status": "FAILED"})
	run := flow.Run(json.RawMessage(`{"name": "nightly", "wait_time": 1}`))
	run.Failed("JobFailed")
	run.NotVisited("Get Final Job Status")
	status.Called(1)
}
