package replay_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/conformance"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/replay"
)

// cases reads the recordings of AWS. They are no part of this module.
func cases(t *testing.T) []conformance.Case {
	t.Helper()
	dir := os.Getenv("STEPSMITH_CONFORMANCE")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "conformance", "cases")
	}
	list, err := conformance.Load(dir)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no recordings: %v; set STEPSMITH_CONFORMANCE to their folder", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestOwnHistories replays what the kernel makes of every recording, from its
// JSON: it must be the same. The names of the executions are not told.
func TestOwnHistories(t *testing.T) {
	t.Parallel()
	same, total := 0, 0
	for _, c := range cases(t) {
		if c.Kind != conformance.KindExecution {
			continue
		}
		first, err := c.Run(nil)
		if err != nil || first.End == nil || first.End.Status == "ABORTED" {
			continue
		}
		text := append(history.Format{RFC3339: true}.AppendAll([]byte(`{"events":`), first.Events), '}')
		recording, err := replay.Read(text)
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		m, err := replay.Compile([]byte(c.Definition), "definition.asl.json")
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
			continue
		}
		total++
		report, err := replay.Run(m, recording, replay.Options{})
		switch {
		case err != nil && strings.Contains(err.Error(), "map run"):
			total-- // no history has the result
		case err != nil:
			t.Errorf("%s: %v", c.ID, err)
		case !report.Same() && known(t, m, recording, c):
			same++ // the definition takes the names apart
		case !report.Same():
			t.Errorf("%s: missing %d\n%v", c.ID, len(report.Missing), report.Difference)
		default:
			same++
		}
	}
	t.Logf("%d of %d histories are the same when they are replayed", same, total)
}

// known reports whether a replay is the same when it is told the names.
func known(t *testing.T, m *graph.Machine, r *replay.Recording, c conformance.Case) bool {
	t.Helper()
	report, err := replay.Run(m, r, replay.Options{ExecutionARN: c.ExecutionARN()})
	if err != nil {
		t.Errorf("%s: %v", c.ID, err)
		return false
	}
	return report.Same()
}

// TestTimes replays a task that sends heartbeats, which no history has, and one
// that times out.
func TestTimes(t *testing.T) {
	t.Parallel()
	m, err := replay.Compile([]byte(`{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
		"Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}, "HeartbeatSeconds": 2, "TimeoutSeconds": 60, "End": true}}}`), "definition.asl.json")
	if err != nil {
		t.Fatal(err)
	}
	const begin = `{"events": [
		{"id": 1, "previousEventId": 0, "timestamp": "2026-01-01T00:00:00Z", "type": "ExecutionStarted", "executionStartedEventDetails": {"input": "{}", "inputDetails": {"truncated": false}}},
		{"id": 2, "previousEventId": 0, "timestamp": "2026-01-01T00:00:00Z", "type": "TaskStateEntered", "stateEnteredEventDetails": {"name": "Ask", "input": "{}", "inputDetails": {"truncated": false}}},
		{"id": 3, "previousEventId": 2, "timestamp": "2026-01-01T00:00:00Z", "type": "TaskScheduled", "taskScheduledEventDetails": {"resourceType": "sqs", "resource": "sendMessage.waitForTaskToken", "region": "us-east-1",
			"parameters": "{\"QueueUrl\":\"q\",\"MessageBody\":\"AQCEAAAAKgAAAAMA\"}", "timeoutInSeconds": 60, "heartbeatInSeconds": 2}},
		{"id": 4, "previousEventId": 3, "timestamp": "2026-01-01T00:00:00Z", "type": "TaskStarted", "taskStartedEventDetails": {"resourceType": "sqs", "resource": "sendMessage.waitForTaskToken"}},
		{"id": 5, "previousEventId": 4, "timestamp": "2026-01-01T00:00:01Z", "type": "TaskSubmitted", "taskSubmittedEventDetails": {"resourceType": "sqs", "resource": "sendMessage.waitForTaskToken", "output": "{}", "outputDetails": {"truncated": false}}},`
	for name, end := range map[string]string{
		"heartbeats": `
		{"id": 6, "previousEventId": 5, "timestamp": "2026-01-01T00:00:50Z", "type": "TaskSucceeded", "taskSucceededEventDetails": {"resourceType": "sqs", "resource": "sendMessage.waitForTaskToken", "output": "7", "outputDetails": {"truncated": false}}},
		{"id": 7, "previousEventId": 6, "timestamp": "2026-01-01T00:00:50Z", "type": "TaskStateExited", "stateExitedEventDetails": {"name": "Ask", "output": "7", "outputDetails": {"truncated": false}}},
		{"id": 8, "previousEventId": 7, "timestamp": "2026-01-01T00:00:50Z", "type": "ExecutionSucceeded", "executionSucceededEventDetails": {"output": "7", "outputDetails": {"truncated": false}}}]}`,
		"silence": `
		{"id": 6, "previousEventId": 5, "timestamp": "2026-01-01T00:00:03Z", "type": "TaskTimedOut", "taskTimedOutEventDetails": {"resourceType": "sqs", "resource": "sendMessage.waitForTaskToken", "error": "States.Timeout"}},
		{"id": 7, "previousEventId": 6, "timestamp": "2026-01-01T00:00:03Z", "type": "ExecutionFailed", "executionFailedEventDetails": {"error": "States.Timeout"}}]}`,
	} {
		recording, err := replay.Read([]byte(begin + end))
		if err != nil {
			t.Fatal(err)
		}
		report, err := replay.Run(m, recording, replay.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !report.Same() {
			t.Errorf("%s: %v", name, report.Difference)
		}
	}
}

// TestRedrive replays executions that failed and were redriven.
func TestRedrive(t *testing.T) {
	t.Parallel()
	const task = `{"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": "q", "MessageBody": "m"}, "End": true}`
	down := &replay.Outcome{State: "T", Started: true, Failed: true, Error: history.Ref("Down")}
	one := &replay.Outcome{State: "T", Started: true, Output: value.DocOf(value.Int(1))}
	two := &replay.Outcome{State: "U", Started: true, Output: value.DocOf(value.Int(2))}
	redrive(t, `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "T"}, "T": `+task+`}}`, 14, down, one)
	redrive(t, `{"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [
		{"StartAt": "U", "States": {"U": `+task+`}}, {"StartAt": "T", "States": {"T": `+task+`}}]}}}`, 23, down, one, two)
}

func redrive(t *testing.T, definition string, events int, outcomes ...*replay.Outcome) {
	t.Helper()
	m, err := replay.Compile([]byte(definition), "definition.asl.json")
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	w := &replay.World{Now: begin, Redrives: []time.Time{begin.Add(time.Hour)}}
	for _, o := range outcomes {
		again := *o
		w.Outcomes = append(w.Outcomes, &again)
	}
	x, err := w.Run(m, &interp.Started{Limits: interp.StandardLimits(), Info: interp.Info{StateMachineID: "arn"}})
	if err != nil || x.End.Status != interp.Succeeded {
		t.Fatalf("%+v: %v", x, err)
	}
	recording, err := replay.Read(history.Format{}.AppendAll(nil, x.Events))
	if err != nil {
		t.Fatal(err)
	}
	report, err := replay.Run(m, recording, replay.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !report.Same() || recording.Events() != events {
		t.Errorf("%d events, %v", recording.Events(), report.Difference)
	}
}
