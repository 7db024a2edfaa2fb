package deadline_test

import (
	_ "embed"
	"encoding/json"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/examples/deadline"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

//go:embed until-ready.asl.json
var definition string

func TestUntilReady(t *testing.T) {
	t.Parallel()
	run := wftest.Definition(t, definition).HandleAll(deadline.Handlers).
		Run(json.RawMessage(`{"url": "u", "deadline": "2026-01-01T01:00:00Z"}`))
	if got, want := string(run.Succeeded()), `{"url":"u","attempt":4}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	run.Took((10 + 20 + 30) * time.Second)
}

func TestTooLate(t *testing.T) {
	t.Parallel()
	flow := wftest.Definition(t, definition)
	flow.Task("ping").Returns(map[string]bool{"ready": false})
	run := flow.Run(json.RawMessage(`{"url": "u", "deadline": "2026-01-01T00:01:00Z"}`)) // a minute after the start
	if cause := run.Failed("TooLate"); cause != "gave up after 5 attempts" {
		t.Errorf("cause %q", cause)
	}
}
