package express

import (
	"container/heap"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// alarm holds the timers of one execution behind a single timer of the clock, so
// that those which are due at the same time reach the kernel together.
type alarm struct {
	clock  Clock
	ring   func() // called when a timer may be due
	due    due
	byID   map[interp.TimerID]*pending
	armed  time.Time
	disarm func() // nil: not armed
}

type pending struct {
	id    interp.TimerID
	at    time.Time
	index int
}

func (a *alarm) start(id interp.TimerID, at time.Time) {
	p := &pending{id: id, at: at}
	if a.byID == nil {
		a.byID = make(map[interp.TimerID]*pending)
	}
	a.byID[id] = p
	heap.Push(&a.due, p)
}

func (a *alarm) cancel(id interp.TimerID) {
	if p := a.byID[id]; p != nil {
		heap.Remove(&a.due, p.index)
		delete(a.byID, id)
	}
}

// take removes the timers that are due and appends their events.
func (a *alarm) take(now time.Time, events []interp.Event) []interp.Event {
	for len(a.due) > 0 && !a.due[0].at.After(now) {
		p := heap.Pop(&a.due).(*pending)
		delete(a.byID, p.id)
		events = append(events, &interp.TimerFired{Timer: p.id})
	}
	return events
}

// arm sees to it that the clock calls when the next timer is due. A call that
// comes sooner does no harm.
func (a *alarm) arm() {
	if len(a.due) == 0 || a.disarm != nil && !a.armed.After(a.due[0].at) {
		return
	}
	a.stop()
	a.armed = a.due[0].at
	a.disarm = a.clock.At(a.armed, a.ring)
}

// rung tells that the clock has called.
func (a *alarm) rung() { a.disarm = nil }

func (a *alarm) stop() {
	if a.disarm != nil {
		a.disarm()
		a.disarm = nil
	}
}

// due is a heap by time, then by id.
type due []*pending

func (h due) Len() int { return len(h) }

func (h due) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].id < h[j].id
}

func (h due) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *due) Push(x any) {
	p := x.(*pending)
	p.index = len(*h)
	*h = append(*h, p)
}

func (h *due) Pop() any {
	old := *h
	p := old[len(old)-1]
	*h = old[:len(old)-1]
	return p
}
