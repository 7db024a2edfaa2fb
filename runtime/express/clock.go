package express

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/clock"
)

// A Clock keeps the time of an execution.
type Clock = clock.Clock

// NewVirtualClock returns a clock that starts at start, stands still while
// handlers run, and else jumps to the next timer. A handler that is to time out
// has to wait with [task.Sleep].
func NewVirtualClock(start time.Time) *clock.Virtual { return clock.NewVirtual(start) }
