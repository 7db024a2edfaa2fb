package standard_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A breaker is a handler that fails for inputs that are broken, and counts.
type breaker struct {
	mu     sync.Mutex
	calls  map[int]int
	keys   map[int]string // idempotency keys
	broken map[int]bool
}

func newBreaker(broken ...int) *breaker {
	b := &breaker{calls: make(map[int]int), keys: make(map[int]string), broken: make(map[int]bool)}
	for _, n := range broken {
		b.broken[n] = true
	}
	return b
}

func (b *breaker) handle(ctx context.Context, n int) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := task.Info(ctx).IdempotencyKey
	if b.calls[n] > 0 && b.keys[n] != key {
		return 0, errors.New("another key for the same work")
	}
	b.keys[n] = key
	b.calls[n]++
	if b.broken[n] {
		return 0, &task.Error{Name: "Broken"}
	}
	return 10 * n, nil
}

func (b *breaker) mend(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.broken, n)
}

func (b *breaker) check(t *testing.T, want map[int]int) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for n, times := range want {
		if b.calls[n] != times {
			t.Errorf("%d was handled %d times, not %d", n, b.calls[n], times)
		}
	}
}

// TestRedriveParts: of Parallel and Map states, also nested ones and after
// restarts, only what did not succeed is done again.
func TestRedriveParts(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		const each = `"ItemProcessor": {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f", "End": true}}}`
		f := newBreaker(2, 3)
		b.machine("m", machine("P", `"P": {"Type": "Parallel", "End": true, "Branches": [
			{"StartAt": "Each", "States": {"Each": {"Type": "Map", "MaxConcurrency": 1, "End": true, `+each+`}}},
			{"StartAt": "Nine", "States": {"Nine": {"Type": "Pass", "Result": 9, "End": true}}}]}`),
			task.Handlers{"f": task.Func(f.handle)})
		arn := b.start("m", "", "[1,2,3,4]")
		for _, n := range []int{2, 3} {
			if d := b.wait(arn); outcome(d) != "FAILED Broken " {
				t.Fatal(outcome(d))
			}
			b.reopen()
			f.mend(n)
			if _, err := b.Redrive(t.Context(), arn); err != nil {
				t.Fatal(err)
			}
		}
		if d := b.wait(arn); outcome(d) != "SUCCEEDED [[10,20,30,40],9]" || d.RedriveCount != 2 {
			t.Errorf("%s, redriven %d times", outcome(d), d.RedriveCount)
		}
		f.check(t, map[int]int{1: 1, 2: 2, 3: 2, 4: 1})
	})
}

// TestRedriveMapRunWithin: the run of a distributed Map state within a Parallel
// state goes on with its execution, whether it failed or was cut off.
func TestRedriveMapRunWithin(t *testing.T) {
	bothKinds(t, func(t *testing.T, b *bed, kind string) {
		failing, cutOff := newBreaker(3), newBreaker(9)
		inner := strings.TrimSuffix(strings.TrimPrefix(distributed(kind, `"MaxConcurrency": 1,`), `{"StartAt": "M", "States": {`), `}}`)
		b.machine("m"+kind, machine("P", `"P": {"Type": "Parallel", "End": true, "Branches": [
			{"StartAt": "M", "States": {`+inner+`}},
			{"StartAt": "S", "States": {"S": {"Type": "Pass", "Result": 9, "Next": "B"}, "B": `+lambda("g", `"End": true`)+`}}]}`),
			task.Handlers{"f": task.Func(failing.handle), "g": task.Func(cutOff.handle)})
		arn := b.start("m"+kind, "", "[1,2,3,4]")
		for range 2 {
			if d := b.wait(arn); d.Status != interp.Failed {
				t.Fatal(outcome(d))
			}
			b.reopen()
			failing.mend(3)
			cutOff.mend(9)
			if _, err := b.Redrive(t.Context(), arn); err != nil {
				t.Fatal(err)
			}
			if b.wait(arn).Status == interp.Succeeded {
				break
			}
		}
		if got := outcome(b.wait(arn)); got != "SUCCEEDED [[10,20,30,40],90]" {
			t.Error(got)
		}
		if types := b.types(arn); strings.Count(types, "MapRunStarted") != 1 || !strings.Contains(types, "ExecutionRedriven MapRunRedriven") {
			t.Error(types)
		}
		if runs, err := b.MapRuns(t.Context(), arn); err != nil || len(runs) != 1 || runs[0].RedriveCount == 0 {
			t.Errorf("%d map runs: %v", len(runs), err)
		}
	})
}
