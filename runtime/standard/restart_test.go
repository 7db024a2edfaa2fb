package standard_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// callback is a state that waits for the answer to a token.
func callback(more string) string {
	return `{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
		"Parameters": {"FunctionName": "ask", "Payload.$": "$$.Task.Token"}, ` + more + `}`
}

// tokens is a handler that passes the tokens on that it is given.
func tokens(to chan<- string) task.Handlers {
	return task.Handlers{"ask": task.Func(func(_ context.Context, token string) (any, error) { to <- token; return nil, nil })}
}

// What waits goes on waiting when the engine is started again, and no time is
// added or lost.
func TestWaitsSurviveRestarts(t *testing.T) {
	t.Parallel()
	const activity = "arn:aws:states:us-east-1:1:activity:a"
	flaky := task.Handlers{"f": task.Func(func(ctx context.Context, x int) (int, error) {
		if task.Info(ctx).Attempt < 2 {
			return 0, errors.New("no")
		}
		return x, nil
	})}
	asked := make(chan string, 1)
	for _, tt := range []struct {
		name, definition string
		handlers         task.Handlers
		want             string
		took             time.Duration
		beat             func(b *bed, token string) error // 30 seconds after the start
	}{
		{"wait", machine("A", `"A": {"Type": "Wait", "Seconds": 100, "End": true}`), nil, "SUCCEEDED 1", 100 * time.Second, nil},
		{"wait of days", machine("A", `"A": {"Type": "Wait", "Seconds": 864001, "End": true}`), nil, "SUCCEEDED 1", 864001 * time.Second, nil},
		{"retry delay", machine("A", `"A":`+lambda("f", `"Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 100, "BackoffRate": 3}], "End": true`)),
			flaky, "SUCCEEDED 1", 400 * time.Second, nil},
		{"timeout of a callback", machine("A", `"A":`+callback(`"TimeoutSeconds": 600, "End": true`)), tokens(asked), "FAILED States.Timeout", 600 * time.Second, nil},
		{"heartbeat of a callback", machine("A", `"A":`+callback(`"TimeoutSeconds": 600, "HeartbeatSeconds": 60, "End": true`)), tokens(asked),
			"FAILED States.Timeout", 60 * time.Second, nil},
		{"heartbeat that was sent", machine("A", `"A":`+callback(`"TimeoutSeconds": 600, "HeartbeatSeconds": 60, "End": true`)), tokens(asked),
			"FAILED States.Timeout", 90 * time.Second, func(b *bed, token string) error { return b.SendTaskHeartbeat(b.t.Context(), token) }},
		{"activity with a worker", machine("A", `"A": {"Type": "Task", "Resource": "`+activity+`", "TimeoutSeconds": 300, "HeartbeatSeconds": 100, "End": true}`), nil,
			"FAILED States.Timeout", 130 * time.Second, func(b *bed, _ string) error { _, err := b.Poll(b.t.Context(), activity, "w"); return err }},
		{"the whole execution", `{"TimeoutSeconds": 500,` + machine("A", `"A": {"Type": "Wait", "Seconds": 1000, "End": true}`)[1:], nil, "TIMED_OUT", 500 * time.Second, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBed(t, "", standard.Options{})
			b.machine("m", tt.definition, tt.handlers)
			arn := b.start("m", "", "1")
			restart := func(after time.Duration) {
				time.Sleep(after)
				synctest.Wait()
				b.reopen()
			}
			restart(10 * time.Second)
			time.Sleep(20 * time.Second)
			if tt.beat != nil {
				token := ""
				if len(asked) > 0 {
					token = <-asked
				}
				if err := tt.beat(b, token); err != nil {
					t.Errorf("%s: %v", tt.name, err)
				}
			}
			restart(10 * time.Second)
			d, err := b.Wait(t.Context(), arn)
			if err != nil {
				t.Fatal(err)
			}
			if took := d.Stopped.Sub(d.Started); outcome(d) != tt.want || took != tt.took {
				t.Errorf("%s: %s after %v, want %s after %v\n%s", tt.name, outcome(d), took, tt.want, tt.took, b.types(arn))
			}
			for len(asked) > 0 {
				<-asked
			}
		})
	}
}

// An execution keeps its definition, in memory or not, across restarts too.
func TestDefinitionIsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t, "", standard.Options{Retention: -1})
		wait := `"W": {"Type": "Wait", "Seconds": 100, "Next": "P"}`
		b.machine("m", machine("W", wait, `"P": {"Type": "Pass", "Result": "old", "End": true}`), nil)
		sleeps, restarted := b.start("m", "", "{}"), b.start("m", "", "{}")
		b.machine("m", machine("W", wait, `"P": {"Type": "Pass", "Result": "new", "End": true}`), nil)
		b.deploy = b.deploy[1:]
		if got := outcome(b.waitLong(sleeps)); got != `SUCCEEDED "old"` {
			t.Error(got)
		}
		again := b.start("m", "", "{}")
		b.reopen()
		if got := outcome(b.waitLong(restarted)); got != `SUCCEEDED "old"` {
			t.Error(got)
		}
		if got := outcome(b.waitLong(again)); got != `SUCCEEDED "new"` {
			t.Error(got)
		}
		if got := b.types(restarted); !strings.HasSuffix(got, "PassStateEntered PassStateExited ExecutionSucceeded") {
			t.Error(got)
		}
	})
}

// waitLong waits in the time of a synctest bubble.
func (b *bed) waitLong(arn string) *standard.Description {
	b.t.Helper()
	d, err := b.Wait(context.Background(), arn)
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

// Nobody guesses a token: each is 192 bits that nothing else tells.
func TestTokensAreUnguessable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := make(chan string, 4)
		b := newBed(t, "", standard.Options{Retention: -1})
		b.machine("m", machine("A", `"A":`+callback(`"TimeoutSeconds": 1, "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}], "End": true`)), tokens(asked))
		for range 2 {
			if d := b.waitLong(b.start("m", "", "{}")); d.Status != interp.Failed {
				t.Error(outcome(d))
			}
		}
		seen := make(map[string]bool)
		for range 4 {
			token := <-asked
			if len(token) != 32 || seen[token] {
				t.Errorf("%q is short, or was there before", token)
			}
			seen[token] = true
		}
	})
}
