package jobpoller_test

import (
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/examples/jobpoller"
	flow "github.com/stepsmith-dev/stepsmith/examples/jobpoller/jobpollerflow"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

func TestJobPoller(t *testing.T) {
	t.Parallel()
	run := wftest.New(t, flow.JobPoller).HandleAll(jobpoller.Tasks).Run(flow.Job{Name: "nightly", Wait: 3600})
	if got := run.Succeeded().Status; got != flow.Succeeded {
		t.Errorf("got %s, want %s", got, flow.Succeeded)
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
	var stub flow.Stub
	stub.SubmitJob.Returns(flow.Ticket{ID: "J-1"})
	stub.GetStatus.Returns(flow.Progress{Status: flow.Failed})
	run := wftest.New(t, flow.JobPoller).HandleAll(&stub).Run(flow.Job{Name: "nightly", Wait: 1})
	run.Failed("JobFailed")
	run.NotVisited("Get Final Job Status")
	if looks := len(stub.GetStatus.Calls()); looks != 1 {
		t.Errorf("%d looks, want 1", looks)
	}
}
