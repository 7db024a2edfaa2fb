package standard_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// Closed executions are kept for 90 days and then deleted, with nobody's help.
// Those that run stay, however old.
func TestRetention(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t, "", standard.Options{})
		b.machine("m", machine("A", `"A": {"Type": "Succeed"}`), nil)
		b.machine("w", machine("A", `"A": {"Type": "Wait", "Seconds": 31000000, "End": true}`), nil)
		closed, running := b.start("m", "x", "{}"), b.start("w", "", "{}")
		time.Sleep(90*24*time.Hour - time.Second)
		if d, err := b.Describe(t.Context(), closed); err != nil || d.Status != interp.Succeeded || len(b.types(closed)) == 0 {
			t.Errorf("after 89 days: %+v, %v", d, err)
		}
		if _, err := b.Start(t.Context(), "m", "x", nil); !errors.Is(err, standard.ErrExecutionAlreadyExists) {
			t.Errorf("the name after 89 days: %v", err)
		}
		time.Sleep(time.Hour + 2*time.Second)
		synctest.Wait()
		if _, err := b.Describe(t.Context(), closed); !errors.Is(err, standard.ErrExecutionDoesNotExist) {
			t.Errorf("after 90 days: %v", err)
		}
		if d, err := b.Describe(t.Context(), running); err != nil || d.Status != interp.Running {
			t.Errorf("what runs: %+v, %v", d, err)
		}
		b.start("m", "x", "{}") // the name is free
	})
}

// A retention below zero keeps everything.
func TestRetentionForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t, "", standard.Options{Retention: -1})
		b.machine("m", machine("A", `"A": {"Type": "Succeed"}`), nil)
		closed := b.start("m", "x", "{}")
		time.Sleep(1000 * 24 * time.Hour)
		if n, err := b.Purge(t.Context()); n != 0 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		b.waitLong(closed)
	})
}

// Many executions are deleted a few at a time, and what others write comes in
// between.
func TestPurgeLetsOthersWork(t *testing.T) {
	t.Parallel()
	b := newBed(t, "", standard.Options{})
	b.machine("m", machine("A", `"A": {"Type": "Succeed"}`), nil)
	b.options.Retention = time.Nanosecond
	b.reopen()
	const n = 2*standard.PurgePage + 1
	for range n {
		b.start("m", "", "{}")
	}
	var groups []int
	b.store.(*fenced).see = func(batch *store.Batch) { groups = append(groups, len(batch.Purge)) }
	if deleted, err := b.Purge(t.Context()); deleted != n || err != nil {
		t.Errorf("%d were deleted of %d: %v", deleted, n, err)
	}
	if most := slices.Max(groups); most > standard.PurgeGroup {
		t.Errorf("%d were deleted together", most)
	}
	if p, err := b.List(t.Context(), standard.Query{Machine: "m"}); err != nil || len(p.Executions) > 0 {
		t.Errorf("%d are left, %v", len(p.Executions), err)
	}
}

func TestPurge(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		b.machine("m", machine("A", `"A": {"Type": "Succeed"}`), nil)
		arn := b.start("m", "x", "{}")
		b.wait(arn)
		if n, err := b.Purge(t.Context()); n != 0 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		b.options.Retention = time.Nanosecond
		b.reopen()
		if n, err := b.Purge(t.Context()); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		if _, err := b.Describe(t.Context(), arn); !errors.Is(err, standard.ErrExecutionDoesNotExist) {
			t.Error(err)
		}
		b.start("m", "x", `{"another": 1}`)
	})
}
