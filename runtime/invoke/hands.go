package invoke

import "context"

// Hands are goroutines that call handlers. One that is done waits for the next
// call: another would have to grow its stack anew, which takes longer than a
// small handler. A nil *Hands starts a goroutine for each call.
type Hands struct {
	ctx  context.Context
	next chan func()
	idle chan struct{} // has an element for each that waits
}

// idleHands is how many wait at most.
const idleHands = 64

// NewHands returns hands that wait for work until ctx is done.
func NewHands(ctx context.Context) *Hands {
	return &Hands{ctx: ctx, next: make(chan func()), idle: make(chan struct{}, idleHands)}
}

// Do has f called by another goroutine. It does not wait.
func (h *Hands) Do(f func()) {
	if h == nil {
		go f()
		return
	}
	select {
	case h.next <- f:
	default:
		go h.work(f)
	}
}

func (h *Hands) work(f func()) {
	for {
		f()
		select {
		case h.idle <- struct{}{}:
		default:
			return
		}
		select {
		case f = <-h.next:
			<-h.idle
		case <-h.ctx.Done():
			return
		}
	}
}
