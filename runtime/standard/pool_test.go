package standard_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// second is a handler that takes a second and counts its calls.
func second(calls *atomic.Int64) task.Handlers {
	return task.Handlers{"f": task.Func(func(context.Context, any) (any, error) {
		time.Sleep(time.Second)
		calls.Add(1)
		return nil, nil
	})}
}

func items(n int) string {
	return "[" + strings.TrimSuffix(strings.Repeat("1,", n), ",") + "]"
}

// An execution with many tasks does not keep the others waiting, be they its own
// tasks or those of the children of its map run.
func TestFairness(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"INLINE", "DISTRIBUTED"} {
		synctest.Test(t, func(t *testing.T) {
			b := newBed(t, "", standard.Options{Workers: 1})
			var calls atomic.Int64
			b.machine("m", `{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {
				"ProcessorConfig": {"Mode": "`+mode+`", "ExecutionType": "STANDARD"}, "StartAt": "A", "States": {"A":`+lambda("f", `"End": true`)+`}}}}}`, second(&calls))
			large := b.start("m", "large", items(100))
			synctest.Wait()
			small := b.start("m", "small", items(3))
			b.waitLong(small)
			if n := calls.Load(); n > 8 {
				t.Errorf("%s: %d tasks were done when 3 of the small execution were", mode, n)
			}
			b.waitLong(large)
			if n := calls.Load(); n != 103 {
				t.Errorf("%s: %d tasks were done", mode, n)
			}
		})
	}
}

// No more than Workers handlers run at the same time for one resource, and those
// of other resources do not wait for them. Who came first is first.
func TestWorkers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const workers = 3
		b := newBed(t, "", standard.Options{Workers: workers})
		var mu sync.Mutex
		called := make(map[string][]string) // executions by state
		release := make(chan struct{})
		f := task.Func(func(ctx context.Context, _ any) (any, error) {
			d := task.Info(ctx)
			mu.Lock()
			called[d.State] = append(called[d.State], d.ExecutionName)
			mu.Unlock()
			<-release
			return nil, nil
		})
		for _, name := range []string{"A", "B"} {
			b.machine(name, machine(name, `"`+name+`":`+lambda(name, `"End": true`)), task.Handlers{name: f})
		}
		var arns []string
		for i := range 10 {
			arns = append(arns, b.start("A", fmt.Sprint(i), "{}"))
			synctest.Wait()
		}
		arns = append(arns, b.start("B", "", "{}"))
		synctest.Wait()
		if len(called["A"]) != workers || len(called["B"]) != 1 {
			t.Errorf("%d and %d handlers run", len(called["A"]), len(called["B"]))
		}
		for range 7 {
			release <- struct{}{}
			synctest.Wait()
		}
		close(release)
		for _, arn := range arns {
			b.waitLong(arn)
		}
		if got := called["A"]; len(got) != 10 || !slices.IsSorted(got) {
			t.Errorf("served: %v", got)
		}
	})
}
