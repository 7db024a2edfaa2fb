package standard

import (
	"context"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

const (
	purgeEvery = time.Hour
	purgePage  = 500 // executions that are looked at, and deleted, together
)

// schedulePurge has the clock call purging again. A virtual clock does not: it
// would never come to rest.
func (e *Engine) schedulePurge() {
	if _, virtual := e.clock.(*clock.Virtual); virtual || e.o.Retention < 0 || e.o.Passive {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopping {
		return
	}
	e.purge = e.clock.At(e.clock.Now().Add(purgeEvery), func() {
		go func() {
			if _, err := e.Purge(context.Background()); err != nil && e.usable() == nil {
				e.log.Error("old executions cannot be deleted", "error", err)
			}
			e.schedulePurge()
		}()
	})
}

// Purge deletes executions that were closed longer ago than Options.Retention,
// as the engine does every hour by itself, and returns how many. Other work goes
// on in between.
func (e *Engine) Purge(ctx context.Context) (deleted int, err error) {
	before := e.clock.Now().Add(-e.o.Retention).UnixNano()
	var after int64
	for {
		ids, last, err := e.store.Closed(ctx, before, after, purgePage)
		if err != nil {
			return deleted, err
		}
		if len(ids) > 0 {
			if err := e.submit(&store.Batch{Purge: ids}); err != nil {
				return deleted, err
			}
			deleted += len(ids)
		}
		if last == 0 {
			return deleted, nil
		}
		after = last
		if err := e.usable(); err != nil {
			return deleted, err
		}
	}
}
