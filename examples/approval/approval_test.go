package approval_test

import (
	"testing"
	"time"

	flow "github.com/stepsmith-dev/stepsmith/examples/approval/approvalflow"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

func TestApprove(t *testing.T) {
	t.Parallel()
	approve := wftest.New(t, flow.Approve)
	approve.Task("ask-boss").After(24 * time.Hour).Returns(flow.Decision{Approved: true, By: "Grace"})
	run := approve.Run(flow.Expense{Who: "Ada", Amount: 120})
	if got, want := run.Succeeded(), (flow.Decision{Approved: true, By: "Grace"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	run.Took(24 * time.Hour)
}

func TestNobodyInTime(t *testing.T) {
	t.Parallel()
	approve := wftest.New(t, flow.Approve)
	approve.Task("ask-boss").TimesOut()
	run := approve.Run(flow.Expense{Who: "Ada", Amount: 120})
	if got, want := run.Succeeded(), (flow.Decision{By: "nobody in time"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	run.Took(72 * time.Hour)
}

func TestSmall(t *testing.T) {
	t.Parallel()
	run := wftest.New(t, flow.Approve).Run(flow.Expense{Who: "Ada", Amount: 12})
	if got := run.Succeeded(); !got.Approved {
		t.Errorf("got %+v, want it approved", got)
	}
	run.NotVisited("Ask boss")
}
