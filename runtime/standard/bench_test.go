package standard_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// BenchmarkChain runs chains of five tasks, so many at the same time, and the
// least that the store must do for them: the floor.
func BenchmarkChain(b *testing.B) {
	for _, n := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("engine/%d", n), func(b *testing.B) { benchmarkEngine(b, n) })
		b.Run(fmt.Sprintf("floor/%d", n), func(b *testing.B) { benchmarkFloor(b, n) })
	}
}

// concurrently runs f once for each of b.N, n at a time.
func concurrently(b *testing.B, n int, f func(i int64)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range n {
		wg.Go(func() {
			for {
				i := next.Add(1)
				if i > int64(b.N) {
					return
				}
				f(i)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "executions/s")
}

func benchmarkEngine(b *testing.B, n int) {
	bed := newBed(b, filepath.Join(b.TempDir(), "x.db"), standard.Options{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	bed.machine("chain", chain(5), task.Handlers{"add": add(1)})
	ctx := context.Background()
	input := doc(b, "1")
	db := bed.store.(*sqlite.Store)
	before := db.Stats()
	concurrently(b, n, func(int64) {
		x, err := bed.Start(ctx, "chain", "", input)
		if err != nil {
			b.Error(err)
			return
		}
		if _, err := bed.Wait(ctx, x.ARN); err != nil {
			b.Error(err)
		}
	})
	b.ReportMetric(float64(db.Stats().Commits-before.Commits)/float64(b.N), "commits/execution")
}

// benchmarkFloor writes what a chain needs, with rows of the size that the
// engine's have: six commits, one after another.
func benchmarkFloor(b *testing.B, n int) {
	db, err := sqlite.Open(filepath.Join(b.TempDir(), "x.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	data := make([]byte, 420)
	concurrently(b, n, func(id int64) {
		done := make(chan error, 1)
		for seq := int64(1); seq <= 6; seq++ {
			batch := &store.Batch{Entries: []store.Entry{{Execution: id, Seq: seq, Data: data}}}
			switch seq {
			case 1:
				batch.Create = []store.Execution{{ID: id, Machine: 1, Name: fmt.Sprintf("%036d", id), Status: store.Running}}
			case 6:
				batch.Update = []store.Change{{ID: id, Status: store.Succeeded}}
			}
			db.Submit(batch, func(err error) { done <- err })
			if err := <-done; err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(db.Stats().Commits)/float64(b.N), "commits/execution")
}
