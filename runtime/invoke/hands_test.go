package invoke_test

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
)

// Every call is done, whatever the calls before it did to their goroutines, and
// nobody waits for work when the context is done.
func TestHands(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		for _, h := range []*invoke.Hands{nil, invoke.NewHands(ctx)} {
			var done sync.WaitGroup
			for i := range 500 {
				done.Add(1)
				h.Do(func() {
					defer done.Done()
					if i%7 == 0 {
						runtime.Goexit()
					}
				})
				if i%50 == 0 {
					synctest.Wait()
				}
			}
			done.Wait()
		}
		cancel() // the bubble does not end while anybody waits
	})
}
