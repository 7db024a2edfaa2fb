package beside

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"modernc.org/sqlite"
)

// Tasks is how many tasks a chain has.
const Tasks = 5

// Add is what a task does. A chain that starts with 0 ends with [Tasks].
func Add(_ context.Context, n int) (int, error) { return n + 1, nil }

// Quiet takes what the engines have to say.
var Quiet = slog.New(slog.DiscardHandler)

// A Run carries out an execution and returns its result.
type Run func(ctx context.Context) (int, error)

// Measure measures executions of an engine, 1, 16 and 64 of them at the same
// time.
func Measure(b *testing.B, run Run) {
	for _, n := range []int{1, 16, 64} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { atOnce(b, n, run) })
	}
}

// MeasureSQLite is Measure for an engine on SQLite, and then again with a disk
// that takes 2 ms longer for each transaction.
func MeasureSQLite(b *testing.B, run Run) {
	Measure(b, run)
	commitDelay.Store(int64(2 * time.Millisecond))
	defer commitDelay.Store(0)
	b.Run("slow", func(b *testing.B) { Measure(b, run) })
}

func atOnce(b *testing.B, n int, run Run) {
	before := commits.Load()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for next.Add(1) <= int64(b.N) {
				if got, err := run(b.Context()); err != nil || got != Tasks {
					b.Errorf("%d, %v", got, err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "executions/s")
	if n := commits.Load() - before; n > 0 {
		b.ReportMetric(float64(n)/float64(b.N), "commits/execution")
	}
}

// commits counts the transactions of all SQLite files; with synchronous=FULL each
// is an fsync, and a checkpoint is two more. commitDelay is how much longer each
// takes.
var commits, commitDelay atomic.Int64

func init() {
	sqlite.RegisterConnectionHook(func(c sqlite.ExecQuerierContext, _ string) error {
		c.(sqlite.HookRegisterer).RegisterCommitHook(func() int32 {
			commits.Add(1)
			time.Sleep(time.Duration(commitDelay.Load()))
			return 0
		})
		return nil
	})
}
