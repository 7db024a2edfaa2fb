package clock

import (
	"container/heap"
	"sync"
	"time"
)

// A Virtual clock stands still while anything goes on and then jumps to the
// next timer. It moves by [Clock.End] only: what waits for a virtual clock must
// not be framed by Begin and End, and a clock that nothing was begun on does not
// move.
type Virtual struct {
	mu     sync.Mutex
	now    time.Time
	busy   int
	serial int64
	timers timers
}

// NewVirtual returns a clock that shows the time start.
func NewVirtual(start time.Time) *Virtual {
	return &Virtual{now: start.Round(0)} // virtual time has no monotonic part
}

// Now returns the virtual time.
func (c *Virtual) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// At implements [Clock].
func (c *Virtual) At(t time.Time, f func()) func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.serial++
	timer := &timer{at: t.Round(0), serial: c.serial, call: f}
	heap.Push(&c.timers, timer)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if timer.index >= 0 {
			heap.Remove(&c.timers, timer.index)
		}
	}
}

// Begin stops the clock until the matching End.
func (c *Virtual) Begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy++
}

// End ends what Begin began. The last End moves the clock to the next timer and
// calls all that are due then, one after another in the order in which they were
// set; it goes on until one of them begins something or no timer is left.
func (c *Virtual) End() {
	for {
		due := c.advance()
		if due == nil {
			return
		}
		for _, t := range due {
			t.call()
		}
	}
}

// advance ends one piece of work. If it was the last, it moves the time, takes
// the timers that are due out and begins a piece of work for calling them.
func (c *Virtual) advance() []*timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy--
	if c.busy < 0 {
		panic("clock: End without Begin")
	}
	if c.busy > 0 || len(c.timers) == 0 {
		return nil
	}
	if next := c.timers[0].at; next.After(c.now) {
		c.now = next
	}
	var due []*timer
	for len(c.timers) > 0 && !c.timers[0].at.After(c.now) {
		due = append(due, heap.Pop(&c.timers).(*timer))
	}
	c.busy++
	return due
}

type timer struct {
	at     time.Time
	serial int64
	index  int // in the heap; -1 when it is out
	call   func()
}

// timers is a heap by time and then by the order in which they were set.
type timers []*timer

func (h timers) Len() int { return len(h) }

func (h timers) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].serial < h[j].serial
}

func (h timers) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *timers) Push(x any) {
	t := x.(*timer)
	t.index = len(*h)
	*h = append(*h, t)
}

func (h *timers) Pop() any {
	old := *h
	t := old[len(old)-1]
	*h = old[:len(old)-1]
	t.index = -1
	return t
}
