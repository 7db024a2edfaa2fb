package reuse_test

import (
	"testing"

	"github.com/stepsmith-dev/stepsmith/examples/reuse"
	flow "github.com/stepsmith-dev/stepsmith/examples/reuse/reuseflow"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

func TestRate(t *testing.T) {
	t.Parallel()
	var stub flow.Stub
	tasks := reuse.Tasks
	tasks.AuditScore = stub.AuditScore.FuncIn
	run := wftest.New(t, flow.Rate).HandleAll(tasks).Run(flow.Applicant{Name: "Ada"})
	if got, want := run.Succeeded(), (flow.Score{Points: 720}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	run.Visited("Ask North", "Ask South", "Ask West", "Audit - Log applicant", "Audit - Log score")
	if entries := stub.AuditScore.Calls(); len(entries) != 1 || entries[0].Body.Points != 720 {
		t.Errorf("logged %+v, want the score", entries)
	}
}
