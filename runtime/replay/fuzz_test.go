package replay_test

import (
	"testing"

	"github.com/stepsmith-dev/stepsmith/runtime/replay"
)

// FuzzRun replays arbitrary histories: they may be refused or differ, and no
// more.
func FuzzRun(f *testing.F) {
	const definition = `{"StartAt": "P", "States": {
		"P": {"Type": "Parallel", "Branches": [
			{"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": {"StartAt": "T", "States": {
				"T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Retry": [{"ErrorEquals": ["States.ALL"]}], "End": true}}}, "End": true}}},
			{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "End": true}}}], "End": true}}}`
	m, err := replay.Compile([]byte(definition), "definition.asl.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"events": [
		{"id": 1, "type": "ExecutionStarted", "previousEventId": 0, "timestamp": 1.5, "executionStartedEventDetails": {"input": "[1, 2]"}},
		{"id": 2, "type": "ParallelStateEntered", "previousEventId": 0, "stateEnteredEventDetails": {"name": "P", "input": "[1, 2]"}},
		{"id": 3, "type": "ParallelStateStarted", "previousEventId": 2},
		{"id": 4, "type": "MapStateEntered", "previousEventId": 3, "stateEnteredEventDetails": {"name": "M", "input": "[1, 2]"}},
		{"id": 5, "type": "MapStateStarted", "previousEventId": 4, "mapStateStartedEventDetails": {"length": 2}},
		{"id": 6, "type": "MapIterationStarted", "previousEventId": 5, "mapIterationStartedEventDetails": {"name": "M", "index": 0}},
		{"id": 7, "type": "TaskStateEntered", "previousEventId": 6, "stateEnteredEventDetails": {"name": "T", "input": "1"}},
		{"id": 8, "type": "TaskScheduled", "previousEventId": 7, "timestamp": "2026-01-01T00:00:00Z", "taskScheduledEventDetails": {"parameters": "1"}},
		{"id": 9, "type": "TaskFailed", "previousEventId": 8, "timestamp": "2026-01-01T00:00:00Z", "taskFailedEventDetails": {"error": "E"}},
		{"id": 10, "type": "MapStateFailed", "previousEventId": 9},
		{"id": 11, "type": "ExecutionAborted", "previousEventId": 0, "executionAbortedEventDetails": {}}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		recording, err := replay.Read(text)
		if err != nil {
			return
		}
		report, err := replay.Run(m, recording, replay.Options{})
		if err == nil && report.Difference != nil && report.Difference.Error() == "" {
			t.Error("a difference that does not say where")
		}
	})
}
