package standard_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// starting is a state that starts the machine child and waits for it.
func starting(more string) string {
	return `{"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "OutputPath": "$.Output",
		"Parameters": {"StateMachineArn": "child", "Name": "c", "Input.$": "$"}, ` + more + `}`
}

const childARN = "arn:aws:states:us-east-1:123456789012:execution:child:c"

// What a task waits for is stopped when nobody waits any more: the parent was
// stopped, or the task has timed out.
func TestChildIsStopped(t *testing.T) {
	t.Parallel()
	for _, stops := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			b := newBed(t, "", standard.Options{Retention: -1})
			b.machine("child", machine("W", `"W": {"Type": "Wait", "Seconds": 1000, "End": true}`), nil)
			b.machine("parent", machine("A", `"A":`+starting(`"TimeoutSeconds": 100, "End": true`)), nil)
			arn := b.start("parent", "", "{}")
			if stops {
				if _, err := b.Stop(t.Context(), arn, nil, nil); err != nil {
					t.Fatal(err)
				}
			}
			b.waitLong(arn)
			synctest.Wait()
			d, err := b.Describe(t.Context(), childARN)
			if err != nil || d.Status != interp.Aborted || d.Cause == nil || !strings.Contains(*d.Cause, arn) {
				t.Errorf("%+v, %v", d, err)
			}
		})
	}
}

// The parent is told of the end of its child, also while it does something else.
func TestChildReports(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t, "", standard.Options{Retention: -1})
		told := make(chan struct{})
		h := task.Handlers{
			"busy": task.Func(func(context.Context, any) (string, error) { <-told; return "busy", nil }),
			"told": task.Func(func(_ context.Context, x int) (int, error) { close(told); return x, nil }),
		}
		b.machine("child", machine("W", `"W": {"Type": "Wait", "Seconds": 10, "End": true}`), nil)
		b.machine("parent", machine("P", `"P": {"Type": "Parallel", "End": true, "Branches": [`+
			machine("A", `"A":`+starting(`"Next": "B"`), `"B":`+lambda("told", `"End": true`))+","+
			machine("C", `"C":`+lambda("busy", `"End": true`))+`]}`), h)
		if got := outcome(b.waitLong(b.start("parent", "", "7"))); got != `SUCCEEDED [7,"busy"]` {
			t.Error(got)
		}
	})
}

// A child that ended, of which its parent did not hear before the engine did, is
// asked for its result when the engine is started again.
func TestChildEndedUnheard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var b *bed
		b = newBed(t, "", standard.Options{Retention: -1, Observe: func(arn string, e history.Event) {
			if f := b.store.(*fenced); arn == childARN && e.Type == history.ExecutionSucceeded {
				f.closed.Store(true) // nothing is written after this
			}
		}})
		b.machine("child", machine("W", `"W": {"Type": "Wait", "Seconds": 10, "End": true}`), nil)
		b.machine("parent", machine("A", `"A":`+starting(`"End": true`)), nil)
		arn := b.start("parent", "", "7")
		if d, err := b.Wait(t.Context(), arn); err == nil {
			t.Fatalf("the parent heard of it: %s", outcome(d))
		}
		b.reopen()
		if got := outcome(b.waitLong(arn)); got != "SUCCEEDED 7" {
			t.Error(got)
		}
	})
}
