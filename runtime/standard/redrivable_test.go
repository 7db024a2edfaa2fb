package standard

import (
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// TestNotRedrivable goes through the reasons that AWS gives.
func TestNotRedrivable(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		want           string
		status         store.Status
		kernel         int64
		events         int64
		started, ended time.Duration // ago
	}{
		{"", store.Failed, 1, 24998, 364 * day, 13 * day},
		{"", store.TimedOut, 1, 10, day, day},
		{"", store.Aborted, 1, 10, day, day},
		{"Execution is RUNNING and cannot be redriven", store.Running, 1, 10, day, 0},
		{"Execution is SUCCEEDED and cannot be redriven", store.Succeeded, 1, 10, day, day},
		{"Execution history event limit exceeded", store.Failed, 1, 24999, day, day},
		{"Execution has exceeded the max execution time", store.TimedOut, 1, 10, 365 * day, day},
		{"Execution redrivable period exceeded", store.Failed, 1, 10, 15 * day, 14 * day},
		{"", store.Failed, 0, 0, 400 * day, 399 * day}, // an Express child
	} {
		x := &store.Execution{Status: c.status, Kernel: c.kernel, Started: now.Add(-c.started).UnixNano(), Stopped: now.Add(-c.ended).UnixNano()}
		if got := notRedrivable(x, c.events, now); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
