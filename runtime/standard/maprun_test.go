package standard_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// distributed is a machine with one distributed Map state whose children call a
// Lambda function f.
func distributed(kind, fields string) string {
	return `{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "Label": "each",` + fields + `
		"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "` + kind + `"}, "StartAt": "A", "States": {"A":` +
		lambda("f", `"End": true`) + `}}}}}`
}

// A gate counts the calls of a handler by input, and holds back those above a
// number until it is opened.
type gate struct {
	mu    sync.Mutex
	calls map[int]int
	held  chan int
	open  chan struct{}
	above int
}

func newGate(above int) *gate {
	return &gate{calls: make(map[int]int), held: make(chan int, 1000), open: make(chan struct{}), above: above}
}

func (g *gate) handle(ctx context.Context, n int) (int, error) {
	g.mu.Lock()
	g.calls[n]++
	open := g.open
	g.mu.Unlock()
	if n > g.above {
		g.held <- n
		select {
		case <-open:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	if n < 0 {
		return 0, &task.Error{Name: "Negative"}
	}
	return 10 * n, nil
}

func (g *gate) count(n int) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.calls[n]
}

// bothKinds runs a test on both stores, with Standard and with Express children.
func bothKinds(t *testing.T, f func(t *testing.T, b *bed, kind string)) {
	both(t, func(t *testing.T, b *bed) {
		for _, kind := range []string{"STANDARD", "EXPRESS"} {
			t.Run(kind, func(t *testing.T) {
				b.t = t
				b.deploy = nil
				f(t, b, kind)
			})
		}
	})
}

func (b *bed) mapRun(execution string) *standard.MapRun {
	b.t.Helper()
	runs, err := b.MapRuns(b.t.Context(), execution)
	if err != nil || len(runs) == 0 {
		b.t.Fatalf("%d map runs: %v", len(runs), err)
	}
	d, err := b.DescribeMapRun(b.t.Context(), runs[0].ARN)
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

func (b *bed) children(run string) []*standard.Description {
	b.t.Helper()
	var list []*standard.Description
	q := standard.Query{MapRun: run, Limit: 3}
	for {
		p, err := b.List(b.t.Context(), q)
		if err != nil {
			b.t.Fatal(err)
		}
		list = append(list, p.Executions...)
		if q.Next = p.Next; q.Next == "" {
			slices.Reverse(list)
			return list
		}
	}
}

// succeeded is how many children of a run have succeeded for good: what is durable
// is in the list.
func (b *bed) succeeded(run string) (n int) {
	for _, d := range b.children(run) {
		if d.Status == interp.Succeeded {
			n++
		}
	}
	return n
}

// TestMapRunResumes: after a crash a map run goes on, and the children that had
// ended are not run again.
func TestMapRunResumes(t *testing.T) {
	bothKinds(t, func(t *testing.T, b *bed, kind string) {
		g := newGate(3)
		b.machine("m"+kind, distributed(kind, `"MaxConcurrency": 2,"ToleratedFailureCount":2,`), task.Handlers{"f": task.Func(g.handle)})
		arn := b.start("m"+kind, "", "[1,2,3,4,5,6]")
		<-g.held
		<-g.held // 4 and 5 run, the others before have ended
		m := b.mapRun(arn)
		for patience := time.Now().Add(20 * time.Second); b.succeeded(m.ARN) < 3 && time.Now().Before(patience); {
		}
		m = b.mapRun(arn)
		if m.Status != interp.Running || m.MaxConcurrency != 2 || m.Items.Total != 6 || m.Items.Pending() != 1 ||
			m.Executions.Running != 2 || m.Executions.Succeeded != 3 || m.ExecutionARN != arn {
			t.Errorf("while it runs: %+v", m)
		}
		b.reopen()
		close(g.open)
		want := map[string]string{
			"STANDARD": "Stepsmith.Interrupted", // at most once: the tasks of 4 and 5 are not done again
			"EXPRESS":  "SUCCEEDED [10,20,30,40,50,60]",
		}[kind]
		if got := outcome(b.wait(arn)); !strings.Contains(got, want) || !strings.HasPrefix(got, "SUCCEEDED [10,20,30,") || !strings.HasSuffix(got, ",60]") {
			t.Error(got)
		}
		for n := range 7 {
			most := 1
			if kind == "EXPRESS" && (n == 4 || n == 5) {
				most = 2
			}
			if c := g.count(n); n > 0 && (c < 1 || c > most) {
				t.Errorf("item %d was processed %d times", n, c)
			}
		}
		if m = b.mapRun(arn); m.Status != interp.Succeeded || m.Stopped.IsZero() || m.Executions.Ended() != 6 || m.Executions.Pending() != 0 {
			t.Errorf("at the end: %+v", m)
		}
		children := b.children(m.ARN)
		if len(children) != 6 {
			t.Fatalf("%d children", len(children))
		}
		for _, c := range children {
			d, err := b.Describe(t.Context(), c.ARN)
			if err != nil || d.MapRunARN != m.ARN || d.Input == nil || !strings.HasSuffix(d.MachineARN, ":stateMachine:m"+kind+"/each") {
				t.Errorf("%+v: %v", d, err)
			}
			if kind == "STANDARD" {
				if types := b.types(c.ARN); !strings.HasPrefix(types, "ExecutionStarted TaskStateEntered") {
					t.Error(types)
				}
			}
		}
		if p, err := b.List(t.Context(), standard.Query{Machine: "m" + kind}); err != nil || len(p.Executions) != 1 {
			t.Errorf("the machine has %d executions: %v", len(p.Executions), err)
		}
	})
}

// TestMapRunStops: stopping the execution stops its children and the run, also
// when the engine ends in between.
func TestMapRunStops(t *testing.T) {
	bothKinds(t, func(t *testing.T, b *bed, kind string) {
		g := newGate(0)
		b.machine("m"+kind, distributed(kind, ""), task.Handlers{"f": task.Func(g.handle)})
		arn := b.start("m"+kind, "", "[1,2,3]")
		for range 3 {
			<-g.held
		}
		if _, err := b.Stop(t.Context(), arn, nil, nil); err != nil {
			t.Fatal(err)
		}
		b.reopen()
		run := b.mapRun(arn)
		for patience := time.Now().Add(20 * time.Second); run.Status == interp.Running && time.Now().Before(patience); {
			run = b.mapRun(arn)
		}
		if run.Status != interp.Aborted || outcome(b.wait(arn)) != "ABORTED" {
			t.Errorf("%+v", run)
		}
		for _, c := range b.children(run.ARN) {
			// A task that the crash cut off may fail its child before it is stopped.
			if got := outcome(b.wait(c.ARN)); got != "ABORTED" && !strings.HasPrefix(got, "FAILED Stepsmith.Interrupted") {
				t.Error(got)
			}
		}
	})
}

// TestMapRunFails: too many failures stop the children that run.
func TestMapRunFails(t *testing.T) {
	bothKinds(t, func(t *testing.T, b *bed, kind string) {
		g := newGate(0)
		b.machine("m"+kind, distributed(kind, `"ToleratedFailureCount": 1,`), task.Handlers{"f": task.Func(g.handle)})
		arn := b.start("m"+kind, "", "[1,2,-3,-4]")
		if got := outcome(b.wait(arn)); !strings.HasPrefix(got, "FAILED States.ExceedToleratedFailureThreshold") {
			t.Error(got)
		}
		m := b.mapRun(arn)
		if m.Status != interp.Failed || m.Executions.Failed != 2 || m.Executions.Aborted != 2 || m.ToleratedFailureCount != 1 {
			t.Errorf("%+v", m)
		}
		if err := b.UpdateMapRun(t.Context(), m.ARN, standard.MapRunUpdate{}); err == nil {
			t.Error("a completed run was updated")
		}
	})
}

// TestMapRunUpdate changes a run while it runs.
func TestMapRunUpdate(t *testing.T) {
	bothKinds(t, func(t *testing.T, b *bed, kind string) {
		g := newGate(0)
		b.machine("m"+kind, distributed(kind, `"MaxConcurrency": 1,`), task.Handlers{"f": task.Func(g.handle)})
		arn := b.start("m"+kind, "", "[1,2,3,-1]")
		<-g.held
		three, half := int64(3), 50.0
		run := b.mapRun(arn).ARN
		if err := b.UpdateMapRun(t.Context(), run, standard.MapRunUpdate{MaxConcurrency: &three, ToleratedFailurePercentage: &half}); err != nil {
			t.Fatal(err)
		}
		<-g.held
		<-g.held
		close(g.open)
		if got := outcome(b.wait(arn)); !strings.HasPrefix(got, "SUCCEEDED [10,20,30,{") {
			t.Error(got)
		}
		if m := b.mapRun(arn); m.MaxConcurrency != 3 || m.ToleratedFailurePercentage != 50 || m.Items.Failed != 1 {
			t.Errorf("%+v", m)
		}
		too := int64(-1)
		if err := b.UpdateMapRun(t.Context(), run, standard.MapRunUpdate{MaxConcurrency: &too}); err == nil {
			t.Error("a negative concurrency was accepted")
		}
	})
}

// TestMapRunObjects reads items from an object, batched, and writes the results,
// across a crash.
func TestMapRunObjects(t *testing.T) {
	t.Parallel()
	files := new(objects.Memory)
	var rows strings.Builder
	for i := range 10 {
		fmt.Fprintln(&rows, i+1)
	}
	files.Put("in", "numbers", []byte(rows.String()))
	b := newBed(t, "", standard.Options{Objects: files})
	held, release := make(chan int, 10), make(chan struct{})
	b.machine("m", distributed("STANDARD", `"MaxConcurrency": 1, "ToleratedFailurePercentage": 30,
		"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSONL"}, "Parameters": {"Bucket": "in", "Key": "numbers"}},
		"ItemBatcher": {"MaxItemsPerBatch": 3},
		"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out", "Prefix": "p"}, "WriterConfig": {"OutputType": "JSON", "Transformation": "COMPACT"}},`),
		task.Handlers{"f": task.Func(func(ctx context.Context, batch struct{ Items []int }) (int, error) {
			if batch.Items[0] == 4 {
				held <- 0
				select {
				case <-release:
				case <-ctx.Done():
				}
			}
			return batch.Items[0], ctx.Err()
		})})
	arn := b.start("m", "", "{}")
	<-held
	b.reopen()
	close(release)
	d := b.wait(arn)
	if d.Status != interp.Succeeded {
		t.Fatal(outcome(d))
	}
	key, _ := d.Output.Value().Get("ResultWriterDetails").Get("Key").Str()
	r, err := files.Open(t.Context(), "out", strings.TrimSuffix(key, "manifest.json")+"SUCCEEDED_0.json")
	if err != nil {
		t.Fatal(err)
	}
	text := make([]byte, 100)
	n, _ := r.Read(text)
	if got := string(text[:n]); got != "[1,7,10]" {
		t.Errorf("the result file is %s", got)
	}
	if m := b.mapRun(arn); m.Items.Succeeded != 7 || m.Items.Failed != 3 || m.Executions.Succeeded != 3 || m.Items.Written != 10 {
		t.Errorf("%+v", m)
	}
}

// TestMapRunRedrive: a redrive goes on with the run, and does only those children
// again that did not succeed.
func TestMapRunRedrive(t *testing.T) {
	bothKinds(t, func(t *testing.T, b *bed, kind string) {
		var mu sync.Mutex
		calls, broken := make(map[int]int), true
		b.machine("m"+kind, distributed(kind, `"MaxConcurrency": 1,`), task.Handlers{"f": task.Func(func(_ context.Context, n int) (int, error) {
			mu.Lock()
			defer mu.Unlock()
			calls[n]++
			if n == 3 && broken {
				return 0, &task.Error{Name: "Broken"}
			}
			return n, nil
		})})
		arn := b.start("m"+kind, "", "[1,2,3,4,5,6,7]")
		if got := outcome(b.wait(arn)); !strings.HasPrefix(got, "FAILED States.Exceed") {
			t.Fatal(got)
		}
		before := b.mapRun(arn)
		b.reopen()
		for range 2 { // once in vain
			if _, err := b.Redrive(t.Context(), arn); err != nil {
				t.Fatal(err)
			}
			d := b.wait(arn)
			if d.Status == interp.Succeeded {
				break
			}
			mu.Lock()
			broken = false
			mu.Unlock()
		}
		if got := outcome(b.wait(arn)); got != "SUCCEEDED [1,2,3,4,5,6,7]" {
			t.Error(got)
		}
		m := b.mapRun(arn)
		if m.ARN != before.ARN || m.RedriveCount != 2 || m.Redriven.IsZero() || m.Status != interp.Succeeded || m.Executions.Succeeded != 7 {
			t.Errorf("%+v", m)
		}
		if types := b.types(arn); !strings.HasSuffix(types, "MapRunFailed MapStateFailed ExecutionFailed ExecutionRedriven MapRunRedriven MapRunSucceeded MapStateSucceeded MapStateExited ExecutionSucceeded") ||
			strings.Count(types, "MapRunStarted") != 1 {
			t.Error(types)
		}
		mu.Lock()
		defer mu.Unlock()
		if calls[1] != 1 || calls[2] != 1 || calls[3] != 3 || calls[7] != 1 {
			t.Errorf("calls: %v", calls)
		}
		for _, c := range b.children(m.ARN) {
			if d, err := b.Describe(t.Context(), c.ARN); err != nil || d.Status != interp.Succeeded {
				t.Errorf("%v: %v", d, err)
			}
			if _, err := b.Redrive(t.Context(), c.ARN); err == nil {
				t.Error("a child was redriven by itself")
			}
		}
	})
}
