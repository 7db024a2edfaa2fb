package deadline_test

import (
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/examples/deadline"
	flow "github.com/stepsmith-dev/stepsmith/examples/deadline/deadlineflow"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

func TestUntilReady(t *testing.T) {
	t.Parallel()
	run := wftest.New(t, flow.UntilReady).HandleAll(deadline.Tasks).
		Run(flow.Deployment{URL: "u", Deadline: wftest.Start.Add(time.Hour)})
	if got, want := run.Succeeded(), (flow.Probe{URL: "u", Attempt: 4}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	run.Took((10 + 20 + 30) * time.Second)
}

func TestTooLate(t *testing.T) {
	t.Parallel()
	var stub flow.Stub
	stub.Ping.Returns(flow.Health{Ready: false})
	run := wftest.New(t, flow.UntilReady).HandleAll(&stub).
		Run(flow.Deployment{URL: "u", Deadline: wftest.Start.Add(time.Minute)})
	if cause := run.Failed("TooLate"); cause != "gave up after 5 attempts" {
		t.Errorf("cause %q", cause)
	}
}
