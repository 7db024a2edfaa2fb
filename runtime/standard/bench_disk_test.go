package standard_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	modernc "modernc.org/sqlite"
)

// syncDelay is how much longer each commit of this process takes.
var syncDelay atomic.Int64

// delaySyncs makes commits wait for syncDelay, as a slow disk does.
var delaySyncs = sync.OnceFunc(func() {
	modernc.RegisterConnectionHook(func(c modernc.ExecQuerierContext, _ string) error {
		c.(modernc.HookRegisterer).RegisterCommitHook(func() int32 {
			time.Sleep(time.Duration(syncDelay.Load()))
			return 0
		})
		return nil
	})
})

// BenchmarkRaw commits one journal entry after another, so many at the same time.
// An execution of [BenchmarkChain] needs six: a sixth of this is what no engine
// on this store can exceed, and what the floor is measured by.
func BenchmarkRaw(b *testing.B) {
	for _, n := range []int{1, 16, 64} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkRaw(b, n) })
	}
}

func benchmarkRaw(b *testing.B, n int) {
	db, err := sqlite.Open(filepath.Join(b.TempDir(), "x.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	data := make([]byte, 420)
	concurrently(b, n, func(id int64) {
		done := make(chan error, 1)
		for seq := int64(1); seq <= 6; seq++ {
			db.Submit(&store.Batch{Entries: []store.Entry{{Execution: id, Seq: seq, Data: data}}}, func(err error) { done <- err })
			if err := <-done; err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(db.Stats().Commits)/float64(b.N), "commits/execution")
}

// BenchmarkSlowDisk is BenchmarkRaw and BenchmarkChain with two more milliseconds
// for each commit.
func BenchmarkSlowDisk(b *testing.B) {
	delaySyncs()
	syncDelay.Store(int64(2 * time.Millisecond))
	defer syncDelay.Store(0)
	for _, n := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("engine/%d", n), func(b *testing.B) { benchmarkEngine(b, n) })
		b.Run(fmt.Sprintf("floor/%d", n), func(b *testing.B) { benchmarkFloor(b, n) })
		b.Run(fmt.Sprintf("raw/%d", n), func(b *testing.B) { benchmarkRaw(b, n) })
	}
}
