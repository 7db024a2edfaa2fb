package express

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// alarm holds the timers of one execution behind a single timer of the clock, so
// that those which are due at the same time reach the kernel together.
type alarm struct {
	clock  Clock
	ring   func() // called when a timer may be due
	timers clock.Timers[interp.TimerID]
	armed  time.Time
	disarm func() // nil: not armed
}

// take removes the timers that are due and appends their events.
func (a *alarm) take(now time.Time, events []interp.Event) []interp.Event {
	for _, id := range a.timers.Due(now) {
		events = append(events, &interp.TimerFired{Timer: id})
	}
	return events
}

// due reports whether a timer is.
func (a *alarm) due(now time.Time) bool {
	next, ok := a.timers.Next()
	return ok && !next.After(now)
}

// arm sees to it that the clock calls when the next timer is due. A call that
// comes sooner does no harm.
func (a *alarm) arm() {
	next, ok := a.timers.Next()
	if !ok || a.disarm != nil && !a.armed.After(next) {
		return
	}
	a.stop()
	a.armed = next
	a.disarm = a.clock.At(next, a.ring)
}

// rung tells that the clock has called.
func (a *alarm) rung() { a.disarm = nil }

func (a *alarm) stop() {
	if a.disarm != nil {
		a.disarm()
		a.disarm = nil
	}
}
