package history_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

func at(ms int64) time.Time { return time.UnixMilli(ms) }

// TestJSON has the forms of an event; those of the service are compared by
// package conformance.
func TestJSON(t *testing.T) {
	t.Parallel()
	output := value.DocOf(value.String("a\"b"))
	tests := []struct {
		name   string
		format history.Format
		event  history.Event
		want   string
	}{
		{"wire", history.Format{}, history.Event{ID: 3, PreviousID: 2, Time: at(1709208000120), Type: history.PassStateExited, State: "P", Details: &history.Exited{
			Name: "P", Output: output, Assigned: []history.Variable{{Name: "x", Value: output}},
		}}, `{"timestamp":1709208000.12,"type":"PassStateExited","id":3,"previousEventId":2,"stateExitedEventDetails":{"name":"P","output":"\"a\\\"b\"","outputDetails":{"truncated":false},"assignedVariables":{"x":"\"a\\\"b\""},"assignedVariablesDetails":{"truncated":false}}}`},
		{"without data", history.Format{OmitData: true}, history.Event{ID: 3, Time: at(1709208000000), Type: history.PassStateExited, Details: &history.Exited{
			Name: "P", Output: output, Assigned: []history.Variable{{Name: "x", Value: output}},
		}}, `{"timestamp":1709208000,"type":"PassStateExited","id":3,"previousEventId":0,"stateExitedEventDetails":{"name":"P"}}`},
		{"RFC 3339", history.Format{RFC3339: true}, history.Event{ID: 1, Time: at(1709208000007), Type: history.LambdaFunctionStarted},
			`{"timestamp":"2024-02-29T12:00:00.007Z","type":"LambdaFunctionStarted","id":1,"previousEventId":0}`},
		{"absent is not empty", history.Format{}, history.Event{ID: 1, Time: at(500), Type: history.ExecutionFailed, Details: &history.Failure{Error: history.Ref("")}},
			`{"timestamp":0.5,"type":"ExecutionFailed","id":1,"previousEventId":0,"executionFailedEventDetails":{"error":""}}`},
		{"empty details", history.Format{}, history.Event{ID: 1, Time: at(0), Type: history.ActivityStarted, Details: &history.Worker{}},
			`{"timestamp":0,"type":"ActivityStarted","id":1,"previousEventId":0,"activityStartedEventDetails":{}}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, string(test.format.Append(nil, test.event))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLog(t *testing.T) {
	t.Parallel()
	failed := history.Event{ID: 4, PreviousID: 3, Time: at(1720023941000), Type: history.ExecutionFailed, Details: &history.Failure{Error: history.Ref("Boom")}}
	want := `{"id":"4","type":"ExecutionFailed","details":{"error":"Boom"},"previous_event_id":"3","event_timestamp":"1720023941000","execution_arn":"arn","redrive_count":"2"}`
	if diff := cmp.Diff(want, string(history.Format{OmitData: true}.AppendLog(nil, failed, "arn", 2))); diff != "" {
		t.Error(diff)
	}
	for level, want := range map[history.LogLevel]string{
		history.LogAll: "1111", history.LogError: "0111", history.LogFatal: "0001", history.LogOff: "0000", "": "0000",
	} {
		got := ""
		for _, typ := range []history.Type{history.ExecutionSucceeded, history.TaskFailed, history.FailStateEntered, history.ExecutionTimedOut} {
			got += map[bool]string{true: "1", false: "0"}[level.Logs(typ)]
		}
		if got != want {
			t.Errorf("level %q logs %s, want %s", level, got, want)
		}
	}
}
