package approval_test

import (
	_ "embed"
	"encoding/json"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

//go:embed approve.asl.json
var definition string

func TestApprove(t *testing.T) {
	t.Parallel()
	flow := wftest.Definition(t, definition)
	boss := flow.Task("ask-boss").After(24 * time.Hour).Returns(map[string]any{"approved": true, "by": "Grace"})
	run := flow.Run(json.RawMessage(`{"who": "Ada", "amount": 120}`))
	if got, want := string(run.Succeeded()), `{"approved":true,"by":"Grace"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	run.Took(24 * time.Hour)
	boss.Called(1)
}

func TestNobodyInTime(t *testing.T) {
	t.Parallel()
	flow := wftest.Definition(t, definition)
	flow.Task("ask-boss").TimesOut()
	run := flow.Run(json.RawMessage(`{"who": "Ada", "amount": 120}`))
	if got, want := string(run.Succeeded()), `{"approved":false,"by":"nobody in time"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	run.Took(72 * time.Hour)
}

func TestSmall(t *testing.T) {
	t.Parallel()
	run := wftest.Definition(t, definition).Run(json.RawMessage(`{"who": "Ada", "amount": 12}`))
	if got, want := string(run.Succeeded()), `{"approved":true,"by":"policy"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	run.NotVisited("Ask boss")
}
