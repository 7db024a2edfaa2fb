package standard_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A breaker is a handler that fails for inputs that are broken, and counts.
type breaker struct {
	mu     sync.Mutex
	calls  map[int]int
	keys   map[int]string // idempotency keys
	broken map[int]bool
	stops  map[int]chan struct{} // hold inputs back
	seen   chan int              // gets those
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
	if stop := b.stops[n]; stop != nil {
		b.seen <- n
		b.mu.Unlock()
		<-stop
		b.mu.Lock()
	}
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

// hold has the handler wait at an input until what it returns is called; the
// channel tells that it does.
func (b *breaker) hold(n int) (seen <-chan int, release func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	stop := make(chan struct{})
	b.stops, b.seen = map[int]chan struct{}{n: stop}, make(chan int, 1)
	return b.seen, func() { close(stop) }
}

// free lets the handler go on at an input the next time.
func (b *breaker) free(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.stops, n)
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

// TestRedriveLogs: log records tell how often the execution had been redriven.
func TestRedriveLogs(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var got []string
	b := newBed(t, "", standard.Options{Logs: express.Logs{Level: history.LogFatal, Sink: func(record []byte) {
		var r struct {
			Type    string `json:"type"`
			Redrive string `json:"redrive_count"`
		}
		if err := json.Unmarshal(record, &r); err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		got = append(got, r.Type+" "+r.Redrive)
	}}})
	f := newBreaker(1)
	b.machine("m", machine("A", `"A":`+lambda("f", `"End": true`)), task.Handlers{"f": task.Func(f.handle)})
	arn := b.start("m", "", "1")
	b.wait(arn)
	b.reopen()
	if _, err := b.Redrive(t.Context(), arn); err != nil {
		t.Fatal(err)
	}
	b.wait(arn)
	mu.Lock()
	defer mu.Unlock()
	if want := []string{"ExecutionFailed 0", "ExecutionFailed 1"}; !slices.Equal(got, want) {
		t.Error(got)
	}
}

// failedRun is an execution that has failed because its map run has, one child after
// another.
func (b *bed) failedRun(kind string, f *breaker, input string) (arn, run string) {
	b.t.Helper()
	b.machine("m"+kind, distributed(kind, `"MaxConcurrency": 1,"ToleratedFailureCount":1,`), task.Handlers{"f": task.Func(f.handle)})
	arn = b.start("m"+kind, "", input)
	if d := b.wait(arn); d.Status != interp.Failed {
		b.t.Fatal(outcome(d))
	}
	return arn, b.mapRun(arn).ARN
}

// TestMapRunRedriveResumes: a crash in the middle of the redrive of a map run does
// not do again what the redrive has done.
func TestMapRunRedriveResumes(t *testing.T) {
	bothKinds(t, func(t *testing.T, b *bed, kind string) {
		f := newBreaker(2, 4)
		arn, run := b.failedRun(kind, f, "[1,2,3,4,5,6,7]")
		f.mend(2)
		f.mend(4)
		seen, release := f.hold(6)
		if _, err := b.Redrive(t.Context(), arn); err != nil {
			t.Fatal(err)
		}
		<-seen
		for patience := time.Now().Add(20 * time.Second); b.succeeded(run) < 5 && time.Now().Before(patience); {
		}
		f.free(6)
		b.reopen()
		release()
		d := b.wait(arn)
		if kind == "EXPRESS" && outcome(d) != "SUCCEEDED [10,20,30,40,50,60,70]" ||
			kind == "STANDARD" && !strings.Contains(outcome(d), "Stepsmith.Interrupted") { // tolerated, and not done again
			t.Error(outcome(d))
		}
		f.check(t, map[int]int{1: 1, 2: 2, 3: 1, 4: 2, 5: 1, 7: 1})
		if m := b.mapRun(arn); m.ARN != run || m.RedriveCount != 1 || m.Status != interp.Succeeded {
			t.Errorf("%+v", m)
		}
	})
}

// TestRedriveStatus: descriptions say whether an execution can be redriven.
func TestRedriveStatus(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		f := newBreaker(1)
		seen, release := f.hold(2)
		b.machine("m", machine("A", `"A":`+lambda("f", `"End": true`)), task.Handlers{"f": task.Func(f.handle)})
		failed, running := b.start("m", "", "1"), b.start("m", "", "2")
		<-seen
		status := func(arn string, want standard.RedriveStatus, reason string) {
			t.Helper()
			if d, err := b.Describe(t.Context(), arn); err != nil || d.RedriveStatus != want || d.RedriveReason != reason {
				t.Errorf("%+v, %v", d, err)
			}
		}
		if d := b.wait(failed); d.RedriveStatus != standard.Redrivable || d.RedriveReason != "" {
			t.Errorf("%+v", d)
		}
		status(failed, standard.Redrivable, "")
		status(running, standard.NotRedrivable, "Execution is RUNNING and cannot be redriven")
		release()
		b.wait(running)
		status(running, standard.NotRedrivable, "Execution is SUCCEEDED and cannot be redriven")
		for _, q := range []standard.Query{{Machine: "m", Status: standard.PendingRedrive}, {Machine: "m", Redriven: standard.Redriven}, {Machine: "m", Redriven: "NO"}} {
			if _, err := b.List(t.Context(), q); !errors.Is(err, standard.ErrValidation) {
				t.Errorf("%+v: %v", q, err)
			}
		}
	})
}

// TestChildrenWhileRedriven: while a map run is redriven, one sees which children
// wait for it.
func TestChildrenWhileRedriven(t *testing.T) {
	bothKinds(t, func(t *testing.T, b *bed, kind string) {
		f := newBreaker(2, 3)
		arn, run := b.failedRun(kind, f, "[1,2,3,4]")
		shown := func(q standard.Query) string {
			t.Helper()
			q.MapRun, q.Limit = run, 1
			var list []string
			for {
				p, err := b.List(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range p.Executions {
					d, err := b.Describe(t.Context(), c.ARN)
					if err != nil || d.Status != c.Status || d.RedriveCount != c.RedriveCount || c.MapRunARN != run || c.ItemCount != 1 {
						t.Errorf("described as %+v, listed as %+v: %v", d, c, err)
						continue
					}
					list = append(list, fmt.Sprint(d.Input.Text(), " ", c.Status, " ", c.RedriveCount, " ", d.RedriveStatus))
				}
				if q.Next = p.Next; q.Next == "" {
					return strings.Join(list, ", ")
				}
			}
		}
		const before = "3 FAILED 0 REDRIVABLE_BY_MAP_RUN, 2 FAILED 0 REDRIVABLE_BY_MAP_RUN, 1 SUCCEEDED 0 NOT_REDRIVABLE"
		if got := shown(standard.Query{}); got != before {
			t.Error(got)
		}
		f.mend(2)
		f.mend(3)
		seen, release := f.hold(2)
		if _, err := b.Redrive(t.Context(), arn); err != nil {
			t.Fatal(err)
		}
		<-seen
		for q, want := range map[standard.Query]string{
			{}:                                "3 PENDING_REDRIVE 0 REDRIVABLE_BY_MAP_RUN, 2 RUNNING 1 NOT_REDRIVABLE, 1 SUCCEEDED 0 NOT_REDRIVABLE",
			{Status: standard.PendingRedrive}: "3 PENDING_REDRIVE 0 REDRIVABLE_BY_MAP_RUN",
			{Status: interp.Failed}:           "",
			{Redriven: standard.Redriven}:     "2 RUNNING 1 NOT_REDRIVABLE",
			{Redriven: standard.NotRedriven, Status: interp.Succeeded}: "1 SUCCEEDED 0 NOT_REDRIVABLE",
		} {
			if got := shown(q); got != want {
				t.Errorf("%+v: %s", q, got)
			}
		}
		if m := b.mapRun(arn); m.Executions.PendingRedrive != 1 || m.Executions.Running != 1 || m.Executions.Pending() != 1 || m.Items.Succeeded != 1 {
			t.Errorf("%+v", m)
		}
		release()
		if got := outcome(b.wait(arn)); got != "SUCCEEDED [10,20,30,40]" {
			t.Error(got)
		}
		if got := shown(standard.Query{Redriven: standard.Redriven}); got != "3 SUCCEEDED 1 NOT_REDRIVABLE, 2 SUCCEEDED 1 NOT_REDRIVABLE" {
			t.Error(got)
		}
	})
}

// TestExpressChildrenAreListed: Express children of a map run are seen while they
// run, and once.
func TestExpressChildrenAreListed(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		g := newGate(2)
		b.machine("m", distributed("EXPRESS", ``), task.Handlers{"f": task.Func(g.handle)})
		arn := b.start("m", "", "[1,2,3,4,5]")
		for range 3 {
			<-g.held
		}
		run := b.mapRun(arn).ARN
		for patience := time.Now().Add(20 * time.Second); b.succeeded(run) < 2 && time.Now().Before(patience); {
		}
		var got []string
		for _, c := range b.children(run) { // the oldest first, a page is 3
			d, err := b.Describe(t.Context(), c.ARN)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(d.Input.Text(), " ", c.Status, " ", d.Status))
		}
		slices.Sort(got)
		if want := "1 SUCCEEDED SUCCEEDED, 2 SUCCEEDED SUCCEEDED, 3 RUNNING RUNNING, 4 RUNNING RUNNING, 5 RUNNING RUNNING"; strings.Join(got, ", ") != want {
			t.Error(got)
		}
		p, err := b.List(t.Context(), standard.Query{MapRun: run, Status: interp.Running, Limit: 2})
		if err != nil || len(p.Executions) != 2 || p.Next == "" {
			t.Fatalf("%+v, %v", p, err)
		}
		p, err = b.List(t.Context(), standard.Query{MapRun: run, Status: interp.Running, Limit: 2, Next: p.Next})
		if err != nil || len(p.Executions) != 1 || p.Next != "" {
			t.Fatalf("%+v, %v", p, err)
		}
		close(g.open)
		if got := outcome(b.wait(arn)); got != "SUCCEEDED [10,20,30,40,50]" {
			t.Error(got)
		}
	})
}
