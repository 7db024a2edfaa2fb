package reuse_test

import (
	_ "embed"
	"encoding/json"
	"testing"

	"github.com/stepsmith-dev/stepsmith/examples/reuse"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

//go:embed rate.asl.json
var definition string

func TestRate(t *testing.T) {
	t.Parallel()
	flow := wftest.Definition(t, definition).HandleAll(reuse.Handlers)
	audit := flow.Task("audit").Returns(nil)
	run := flow.Run(json.RawMessage(`{"name": "Ada"}`))
	if got, want := string(run.Succeeded()), `{"points":720}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	run.Visited("Ask North", "Ask South", "Ask West", "Audit - Applicant", "Audit - Score")
	audit.Called(2)
}
