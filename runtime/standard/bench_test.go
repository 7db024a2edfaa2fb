package standard_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
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
	data := make([]byte, 320)
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

// BenchmarkRead reads from a large store: a page of the list, and a history of
// 1,000 events.
func BenchmarkRead(b *testing.B) {
	file := filepath.Join(b.TempDir(), "x.db")
	db, err := sqlite.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	for id := int64(1); id <= 300_000; id += 1000 {
		batch := new(store.Batch)
		for i := id; i < id+1000; i++ {
			batch.Create = append(batch.Create, store.Execution{ID: i + 1000, Machine: 1, Name: fmt.Sprint("old-", i), Status: store.Status(1 + i%5), Wake: store.Never})
		}
		done := make(chan error, 1)
		db.Submit(batch, func(err error) { done <- err })
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	db.Close()
	bed := newBed(b, file, standard.Options{})
	bed.machine("loop", chain(199), task.Handlers{"add": add(1)}) // 5 events each
	arn := bed.start("loop", "", "1")
	bed.wait(arn)
	ctx := context.Background()
	for name, q := range map[string]standard.Query{
		"page/all":    {Machine: "loop"},
		"page/failed": {Machine: "loop", Status: "FAILED"},
	} {
		first, err := bed.List(ctx, q)
		if err != nil {
			b.Fatal(err)
		}
		q.Next = first.Next
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if p, err := bed.List(ctx, q); err != nil || len(p.Executions) != 100 {
					b.Fatal(len(p.Executions), err)
				}
			}
		})
	}
	b.Run("history", func(b *testing.B) {
		events := 0
		for b.Loop() {
			events = 0
			for _, err := range bed.History(ctx, arn, false) {
				if err != nil {
					b.Fatal(err)
				}
				events++
			}
		}
		b.ReportMetric(float64(events), "events")
	})
}

// BenchmarkReopen opens a store with many running executions and waits for the
// first task.
func BenchmarkReopen(b *testing.B) {
	const running = 100_000
	file := filepath.Join(b.TempDir(), "x.db")
	bed := newBed(b, file, standard.Options{Passive: true})
	called := make(chan struct{}, running)
	bed.machine("m", chain(1), task.Handlers{"add": task.Func(func(ctx context.Context, _ int) (int, error) {
		called <- struct{}{}
		<-ctx.Done()
		return 0, ctx.Err()
	})})
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for range running / 64 {
				bed.start("m", "", "1")
			}
		})
	}
	wg.Wait()
	bed.options.Passive, bed.options.Workers = false, 1 // those that wait stay as they are
	for b.Loop() {
		bed.reopen()
		<-called
	}
}

// BenchmarkMapRun runs a distributed Map state over items of an object, in a
// SQLite file; it reports children per second and the heap that remains in use.
func BenchmarkMapRun(b *testing.B) {
	for _, kind := range []string{"STANDARD", "EXPRESS"} {
		b.Run(kind, func(b *testing.B) {
			const children = 20000
			files, err := objects.OpenFolder(b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			defer files.Close()
			rows, err := files.Create(b.Context(), "in", "k")
			for i := range children {
				fmt.Fprintln(rows, i)
			}
			if err := errors.Join(err, rows.Close()); err != nil {
				b.Fatal(err)
			}
			x := newBed(b, filepath.Join(b.TempDir(), "x.db"), standard.Options{Objects: files})
			x.machine("m", `{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "Label": "each",
				"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSONL"}, "Parameters": {"Bucket": "in", "Key": "k"}},
				"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out", "Prefix": "p"}},
				"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "`+kind+`"}, "StartAt": "A", "States": {"A":`+
				lambda("f", `"End": true`)+`}}}}}`, task.Handlers{"f": task.Func(func(_ context.Context, n int) (int, error) { return n, nil })})
			for b.Loop() {
				d, err := x.Wait(b.Context(), x.start("m", "", "{}"))
				if err != nil || d.Status != interp.Succeeded {
					b.Fatalf("%v: %v", d, err)
				}
			}
			b.ReportMetric(float64(b.N)*children/b.Elapsed().Seconds(), "children/s")
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapInuse)/(1<<20), "MiB")
		})
	}
}
