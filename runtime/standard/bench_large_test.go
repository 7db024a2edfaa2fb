package standard_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// BenchmarkPage lists 100 of 300,000 executions, in the middle.
func BenchmarkPage(b *testing.B) {
	bed := newBed(b, filepath.Join(b.TempDir(), "x.db"), standard.Options{Logger: quiet, Retention: -1})
	bed.machine("chain", chain(1), task.Handlers{"add": add(1)})
	const all, batch = 300_000, 10_000
	for first := int64(0); first < all; first += batch {
		rows := make([]store.Execution, batch)
		for i := range rows {
			id := 1000 + first + int64(i)
			rows[i] = store.Execution{ID: id, Machine: 1, Name: fmt.Sprintf("%036d", id), Definition: 1, Kernel: 1,
				Status: store.Status(1 + id%5), Started: id, Stopped: id, Wake: store.Never}
		}
		submit(b, bed.store, &store.Batch{Create: rows})
	}
	for _, status := range []string{"", "SUCCEEDED"} {
		b.Run("status="+status, func(b *testing.B) {
			next := ""
			for b.Loop() {
				q := standard.Query{Machine: "chain", Limit: 100, Next: next}
				if status != "" {
					q.Status = "SUCCEEDED"
				}
				p, err := bed.List(b.Context(), q)
				if err != nil || len(p.Executions) != 100 {
					b.Fatalf("%v, %v", p, err)
				}
				next = p.Next
			}
		})
	}
}

func submit(tb testing.TB, s store.Store, batch *store.Batch) {
	tb.Helper()
	done := make(chan error, 1)
	s.Submit(batch, func(err error) { done <- err })
	if err := <-done; err != nil {
		tb.Fatal(err)
	}
}

// BenchmarkHistory reads a history of 1,000 events.
func BenchmarkHistory(b *testing.B) {
	bed := newBed(b, filepath.Join(b.TempDir(), "x.db"), standard.Options{Logger: quiet})
	bed.machine("chain", chain(200), task.Handlers{"add": add(1)})
	arn := bed.start("chain", "", "1")
	bed.wait(arn)
	events := 0
	for b.Loop() {
		events = 0
		for _, err := range bed.History(b.Context(), arn, false) {
			if err != nil {
				b.Fatal(err)
			}
			events++
		}
	}
	if events < 1000 {
		b.Fatalf("%d events", events)
	}
	b.ReportMetric(float64(events), "events")
}

// BenchmarkRestart opens a store with 100,000 executions that all have a task to
// do, and waits for the first call of a handler.
func BenchmarkRestart(b *testing.B) {
	file := filepath.Join(b.TempDir(), "x.db")
	never := task.HandlerFunc(func(ctx context.Context, _ json.RawMessage) (json.RawMessage, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	const all = 100_000
	bed := newBed(b, file, standard.Options{Logger: quiet, Workers: 1})
	bed.machine("chain", chain(5), task.Handlers{"add": never})
	input := value.DocOf(value.Int(1))
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for range all / 64 {
				if _, err := bed.Start(context.Background(), "chain", "", input); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	bed.close()
	var first, deployed time.Duration
	for b.Loop() {
		called := make(chan time.Time, 1)
		began := time.Now()
		db, err := sqlite.Open(file)
		if err != nil {
			b.Fatal(err)
		}
		e, err := standard.Open(b.Context(), standard.Options{Store: db, Compile: compile, Logger: quiet, Workers: 2})
		if err != nil {
			b.Fatal(err)
		}
		_, err = e.Deploy(b.Context(), "chain", "STANDARD", chain(5), task.Handlers{"add": task.HandlerFunc(func(ctx context.Context, in json.RawMessage) (json.RawMessage, error) {
			select {
			case called <- time.Now():
			default:
			}
			return never(ctx, in)
		})})
		if err != nil {
			b.Fatal(err)
		}
		deployed = time.Since(began)
		first = (<-called).Sub(began)
		b.StopTimer()
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		e.Shutdown(ctx)
		db.Close()
		b.StartTimer()
	}
	b.ReportMetric(first.Seconds(), "s-to-first-call")
	b.ReportMetric(deployed.Seconds(), "s-to-deploy")
	bed.open() // for the clean-up
}
