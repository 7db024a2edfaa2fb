package runtime

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/stepsmith-dev/stepsmith/runtime/express"
)

func shuttingDown() error {
	return &Error{Code: ErrShutdown.Code, Message: "the engine is shutting down"}
}

// callers are those of StartSync and the executions that they wait for.
type callers struct {
	mu     sync.Mutex
	wait   map[*express.Execution]struct{}
	closed bool
	gone   chan struct{} // is closed when no more come and the last has gone
}

func newCallers() callers {
	return callers{wait: make(map[*express.Execution]struct{}), gone: make(chan struct{})}
}

// enter takes note of a caller, unless no more may come.
func (c *callers) enter(x *express.Execution) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.wait[x] = struct{}{}
	return true
}

func (c *callers) leave(x *express.Execution) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.wait, x)
	c.dismiss()
}

// dismiss tells who closes that there is nobody left. c.mu is held.
func (c *callers) dismiss() {
	if c.closed && len(c.wait) == 0 {
		close(c.gone)
	}
}

// close lets nobody enter any more and waits until the last has left. When ctx is
// done, the executions that are left are aborted.
func (c *callers) close(ctx context.Context) error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		<-c.gone
		return nil
	}
	c.closed = true
	c.dismiss()
	c.mu.Unlock()
	select {
	case <-c.gone:
		return nil
	case <-ctx.Done():
	}
	c.mu.Lock()
	left := slices.Collect(maps.Keys(c.wait))
	c.mu.Unlock()
	for _, x := range left {
		x.Abort(shuttingDown())
	}
	<-c.gone
	return context.Cause(ctx)
}
