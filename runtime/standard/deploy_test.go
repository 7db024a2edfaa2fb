package standard_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A child may end while the machine of its parent is not deployed yet: the
// parent's next task waits for the handlers.
func TestParentDeployedLate(t *testing.T) {
	t.Parallel()
	scheduled := make(chan string, 10)
	b := newBed(t, filepath.Join(t.TempDir(), "x.db"), standard.Options{Observe: func(arn string, e history.Event) {
		if e.Type == history.TaskScheduled {
			scheduled <- arn
		}
	}})
	blocked := make(chan struct{})
	stuck := task.Func(func(ctx context.Context, n int) (int, error) {
		close(blocked)
		<-ctx.Done()
		return 0, ctx.Err()
	})
	parent := machine("C", `"C": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "OutputPath": "$.Output",
		"Parameters": {"StateMachineArn": "leaf", "Input.$": "$"}, "Next": "B"}`, `"B":`+lambda("work", `"End": true`))
	b.machine("leaf", leaf, task.Handlers{"work": stuck})
	b.machine("parent", parent, task.Handlers{"work": add(1)})
	arn := b.start("parent", "", "0")
	<-blocked
	b.deploy = nil
	b.reopen()
	b.machine("leaf", leaf, task.Handlers{"work": add(1)})
	for parents := 0; parents < 2; {
		if <-scheduled == arn {
			parents++
		}
	}
	b.machine("parent", parent, task.Handlers{"work": add(1)})
	if got := outcome(b.wait(arn)); got != "SUCCEEDED 2" {
		t.Errorf("%s\n%s", got, b.types(arn))
	}
}
