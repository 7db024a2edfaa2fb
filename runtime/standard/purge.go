package standard

import (
	"context"
	"slices"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

const (
	purgeFirst = time.Minute // after the start: the process may not live for long
	purgeEvery = time.Hour
	purgePage  = 500 // executions that are looked at together
	// purgeGroup is how many are deleted in one transaction. Others wait for it, and
	// deleting 10 of the longest takes some tenths of a second.
	purgeGroup = 10
)

// schedulePurge has the clock call purging, again and again. A virtual clock does
// not: it would never come to rest.
func (e *Engine) schedulePurge(in time.Duration) {
	if _, virtual := e.clock.(*clock.Virtual); virtual || e.o.Retention < 0 || e.o.Passive {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopping {
		return
	}
	e.purge = e.clock.At(e.clock.Now().Add(in), func() {
		go func() {
			if _, err := e.Purge(context.Background()); err != nil && e.usable() == nil {
				e.log.Error("old executions cannot be deleted", "error", err)
			}
			e.schedulePurge(purgeEvery)
		}()
	})
}

// Purge deletes executions that were closed longer ago than Options.Retention,
// as the engine does every hour by itself, and returns how many. Other work goes
// on in between.
func (e *Engine) Purge(ctx context.Context) (deleted int, err error) {
	if e.o.Retention < 0 {
		return 0, nil
	}
	before := e.clock.Now().Add(-e.o.Retention).UnixNano()
	var after int64
	for {
		ids, last, err := e.store.Closed(ctx, before, after, purgePage)
		if err != nil {
			return deleted, err
		}
		for group := range slices.Chunk(ids, purgeGroup) {
			if err := e.usable(); err != nil {
				return deleted, err
			}
			if err := e.submit(&store.Batch{Purge: group}); err != nil {
				return deleted, err
			}
			deleted += len(group)
		}
		if last == 0 {
			return deleted, nil
		}
		after = last
	}
}
