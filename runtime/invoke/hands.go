package invoke

import (
	"context"
	"sync"
)

// Hands are goroutines that call handlers. One that is done waits for the next
// call: another would have to grow its stack anew, which takes longer than a
// small handler. A nil *Hands starts a goroutine for each call.
type Hands struct {
	mu   sync.Mutex
	idle []chan func() // of those that wait, the last to have worked last
	over bool
}

// idleHands is how many wait at most.
const idleHands = 64

// NewHands returns hands that wait for work until ctx is done. After that they
// work, and do not wait.
func NewHands(ctx context.Context) *Hands {
	h := new(Hands)
	context.AfterFunc(ctx, h.dismiss)
	return h
}

// Do has f called by another goroutine. It does not wait.
func (h *Hands) Do(f func()) {
	if h == nil {
		go f()
		return
	}
	h.mu.Lock()
	last := len(h.idle) - 1
	if last < 0 {
		h.mu.Unlock()
		go h.work(f)
		return
	}
	next := h.idle[last]
	h.idle = h.idle[:last]
	h.mu.Unlock()
	next <- f
}

func (h *Hands) work(f func()) {
	next := make(chan func(), 1)
	for f != nil {
		f()
		if !h.wait(next) {
			return
		}
		f = <-next
	}
}

// wait puts one that has worked among those that wait, if it may.
func (h *Hands) wait(next chan func()) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over || len(h.idle) == idleHands {
		return false
	}
	h.idle = append(h.idle, next)
	return true
}

// dismiss has nobody wait any more.
func (h *Hands) dismiss() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.over = true
	for _, next := range h.idle {
		next <- nil
	}
	h.idle = nil
}
