package wftest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

type order struct{ ID string }

type receipt struct{ Number string }

var pay = &runtime.Workflow[order, receipt]{Definition: runtime.Definition{Name: "Pay", ASL: `{
	"StartAt": "Charge",
	"States": {
		"Charge": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "charge", "Payload.$": "$"},
			"OutputPath": "$.Payload", "TimeoutSeconds": 60,
			"Retry": [{"ErrorEquals": ["Throttled"], "IntervalSeconds": 2, "MaxAttempts": 2}],
			"Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Ask"}], "Next": "Done"},
		"Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"Token.$": "$$.Task.Token"}, "Next": "Done"},
		"Done": {"Type": "Succeed"}}}`}}

func TestFlow(t *testing.T) {
	t.Parallel()
	flow := wftest.New(t, pay)
	charge := flow.Task("charge").Fails("Throttled", "busy").After(time.Second).Returns(receipt{"R-1"})
	run := flow.Run(order{"O-1"})
	if got := run.Succeeded(); got != (receipt{"R-1"}) {
		t.Errorf("got %+v", got)
	}
	run.Path("Charge", "Done")
	run.Visited("Done")
	run.NotVisited("Ask")
	run.Took(3 * time.Second)
	charge.Called(2)
	var first order
	if err := charge.Calls()[0].Decode(&first); err != nil || first.ID != "O-1" || charge.Calls()[1].Attempt != 1 {
		t.Errorf("%v, %+v", err, charge.Calls())
	}
	if flow.Run(order{"O-2"}).Succeeded(); len(charge.Calls()) != 3 {
		t.Error("the last answer is not given again")
	}
}

func TestTimesOutAndTokens(t *testing.T) {
	t.Parallel()
	flow := wftest.New(t, pay)
	flow.Task("charge").TimesOut()
	flow.Task("Ask").After(time.Hour).Returns(receipt{"by hand"}).Fails("Refused", "no")
	run := flow.Run(order{"O-1"})
	if got := run.Succeeded(); got.Number != "by hand" {
		t.Errorf("got %+v", got)
	}
	run.Took(time.Hour + time.Minute)
	if cause := flow.Run(order{"O-1"}).Failed("Refused"); cause != "no" {
		t.Error(cause)
	}
}

func TestDefinition(t *testing.T) {
	t.Parallel()
	flow := wftest.Definition(t, `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true}}}`)
	flow.Handle("A", task.Func(func(_ context.Context, in map[string]int) (int, error) { return in["x"], nil }))
	if got := flow.Run(json.RawMessage(`{"x":7}`)).Succeeded(); string(got) != "7" {
		t.Errorf("got %s", got)
	}
}

// A recorder takes down what a test would report.
type recorder struct {
	testing.TB
	text strings.Builder
}

func (r *recorder) Helper()                   {}
func (r *recorder) Context() context.Context  { return context.Background() }
func (r *recorder) Errorf(f string, a ...any) { fmt.Fprintf(&r.text, f+"\n", a...) }

func TestChecksFail(t *testing.T) {
	t.Parallel()
	r := new(recorder)
	flow := wftest.New(r, pay)
	charge := flow.Task("charge").Returns(receipt{"R-1"})
	run := flow.Run(order{"O-1"})
	run.Path("Charge", "Ask")
	run.Failed("Rejected")
	run.Took(time.Second)
	run.NotVisited("Done")
	charge.Called(2)
	flow.Task("nobody") // never called: no failure
	const course = `course of the execution:
       +0s                           input {"ID":"O-1"}
       +0s  Charge                   entered with {"ID":"O-1"}
       +0s  Charge                   calls lambda:invoke with {"FunctionName":"charge","Payload":{"ID":"O-1"}}
       +0s  Charge                   left with {"Number":"R-1"}
       +0s  Done                     entered with {"Number":"R-1"}
       +0s  Done                     left with {"Number":"R-1"}

`
	const want = `states entered: Charge → Done
          want: Charge → Ask
` + course + `the execution should fail with Rejected: it succeeded with {"Number":"R-1"}
` + course + `the execution took 0s, want 1s
` + course + `state "Done" was visited
` + course + `task "charge" was called 1 times, want 2
`
	if d := cmp.Diff(want, r.text.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestMock(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "MockConfigFile.json")
	const mocks = `{
		"StateMachines": {"Pay": {"TestCases": {"Retried": {"Charge": "busy at first"}, "Wrong": {"Charge": "none"}}}},
		"MockedResponses": {"busy at first": {
			"0-1": {"Throw": {"Error": "Throttled", "Cause": "busy"}},
			"2": {"Return": {"StatusCode": 200, "Payload": {"Number": "R-2"}}}}}}`
	if err := os.WriteFile(file, []byte(mocks), 0o644); err != nil {
		t.Fatal(err)
	}
	flow := wftest.New(t, pay).Mock(file, "Retried")
	run := flow.Run(order{"O-1"})
	if got := run.Succeeded(); got.Number != "R-2" {
		t.Errorf("got %+v", got)
	}
	run.Took(6 * time.Second)
	flow.Task("Charge").Called(3)
}
