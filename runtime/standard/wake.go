package standard

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// wake has a run looked after at a time. The zero time takes that back. e.mu is
// held.
func (e *Engine) wake(id int64, at time.Time) {
	if at.IsZero() {
		e.wakes.Remove(id)
	} else {
		e.wakes.Set(id, at)
	}
	e.arm()
}

// glance is how often a real clock is looked at while a timer is far away: it may
// be set forward.
const glance = time.Minute

// arm sees to it that the clock calls when the next run is due. A virtual clock is
// told when none is, because it jumps to whatever it has to call. e.mu is held.
func (e *Engine) arm() {
	next, ok := e.wakes.Next()
	_, virtual := e.clock.(*clock.Virtual)
	if ok && !virtual {
		if soon := e.clock.Now().Add(glance); next.After(soon) {
			next = soon
		}
	}
	if !ok && virtual && e.disarm != nil {
		e.disarm()
		e.disarm = nil
	}
	if !ok || e.stopping || e.disarm != nil && !e.armed.After(next) {
		return
	}
	if e.disarm != nil {
		e.disarm()
	}
	e.armed = next
	e.disarm = e.clock.At(next, e.ring)
}

// stopTimers takes back what the clock would call. e.mu is held.
func (e *Engine) stopTimers() {
	if e.disarm != nil {
		e.disarm()
		e.disarm = nil
	}
	if e.purge != nil {
		e.purge()
		e.purge = nil
	}
}

// ring looks after the runs that are due.
func (e *Engine) ring() {
	e.mu.Lock()
	e.disarm = nil
	if e.stopping {
		e.mu.Unlock()
		return
	}
	due := e.wakes.Due(e.clock.Now())
	e.arm()
	e.mu.Unlock()
	for _, id := range due {
		e.begin()
		go func() {
			defer e.end()
			// The clock may have been set back meanwhile: then the run is to be
			// looked after again.
			e.deliver(id, item{events: func(r *run, _ *write) []interp.Event {
				r.next = time.Time{}
				return nil
			}})
		}()
	}
}
