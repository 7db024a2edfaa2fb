package express_test

import (
	"context"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// TestMapRun runs a distributed Map state over rows of a file, whose children
// call a handler and wait.
func TestMapRun(t *testing.T) {
	t.Parallel()
	document, list := asl.Decode([]byte(`{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"MaxConcurrency":2,"ToleratedFailureCount":0,
		"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSONL"},"Parameters":{"Bucket":"b","Key":"k"}},
		"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"W","States":{
		"W":{"Type":"Wait","Seconds":60,"Next":"T"},"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:double","End":true}}}}}}`), "m.asl.json")
	if list.HasErrors() {
		t.Fatal(list)
	}
	m, list := graph.Compile(&document.Machine)
	if list.HasErrors() {
		t.Fatal(list)
	}
	double := func(ctx context.Context, n int) (int, error) {
		if n < 0 {
			return 0, &task.Error{Name: "Negative"}
		}
		return 2 * n, task.Sleep(ctx, time.Duration(n/100)*time.Hour)
	}
	run := func(rows string) *express.Result {
		store := new(objects.Memory)
		store.Put("b", "k", []byte(rows))
		r, err := express.Run(t.Context(), m, value.DocOf(value.Object()), express.Options{
			Standard: true, Clock: express.NewVirtualClock(epoch), Objects: store, Seed: [2]uint64{1, 2},
			Handlers: task.Handlers{"double": task.Func(double)},
		})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := run("1\n2\n3\n4\n5\n")
	if r.Status != interp.Succeeded || r.Output.Text() != "[2,4,6,8,10]" {
		t.Errorf("%s %s: %s %s", r.Status, r.Error, r.Cause, r.Output)
	}
	if took := r.Stopped.Sub(r.Started).Minutes(); took != 3 {
		t.Errorf("it took %v minutes, want 3 with two children at a time", took)
	}
	r = run("100\n-1\n")
	if r.Status != interp.Failed || r.Error != "States.ExceedToleratedFailureThreshold" {
		t.Errorf("%s %s", r.Status, r.Error)
	}
	if took := r.Stopped.Sub(r.Started).Minutes(); took != 1 {
		t.Errorf("the other child was stopped after %v minutes", took)
	}
}
