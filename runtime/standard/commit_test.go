package standard_test

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A chain of five tasks takes six commits, the least that is possible, and shares
// them with others that run at the same time.
func TestCommits(t *testing.T) {
	t.Parallel()
	b := newBed(t, filepath.Join(t.TempDir(), "x.db"), standard.Options{})
	b.machine("chain", chain(5), task.Handlers{"add": add(1)})
	db := b.store.(*sqlite.Store)
	perExecution := func(concurrent, each int) float64 {
		before := db.Stats().Commits
		var wg sync.WaitGroup
		for range concurrent {
			wg.Go(func() {
				for range each {
					b.wait(b.start("chain", "", "1"))
				}
			})
		}
		wg.Wait()
		return float64(db.Stats().Commits-before) / float64(concurrent*each)
	}
	if n := perExecution(1, 10); n != 6 {
		t.Errorf("%v commits for an execution alone, want 6", n)
	}
	if n := perExecution(64, 10); n > 0.4 {
		t.Errorf("%v commits for each of 64 executions, want at most 0.4", n)
	}
}

// Names that the engine makes up are in the order of their starts: they go next to
// each other into the store's index.
func TestNamesAreInOrder(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	b := newBed(t, "", standard.Options{Clock: c})
	b.machine("m", machine("W", `"W": {"Type": "Wait", "Seconds": 60, "End": true}`), nil)
	last := ""
	for range 20 {
		arn := b.start("m", "", "{}")
		if arn <= last {
			t.Errorf("%s follows %s", arn, last)
		}
		last = arn
		b.wait(arn) // a minute later
	}
}
