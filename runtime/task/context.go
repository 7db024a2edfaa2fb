package task

import (
	"cmp"
	"context"
	"sync"
	"time"
)

// A Context is the context that an engine gives to the handler of an attempt: a
// child of another, in which [Info] tells about the attempt. Most handlers never
// ask whether it is done, so that what it takes to tell them is made when the
// first does. It is begun with Begin, and must not be copied.
type Context struct {
	parent  context.Context
	attempt Attempt

	mu     sync.Mutex
	err    error           // once it is over
	child  context.Context // of parent; nil until somebody needs it
	cancel context.CancelFunc
}

// Begin makes the context that of an attempt, once and before it is used. Cancel
// has to be called when the attempt is over.
func (c *Context) Begin(parent context.Context, a Attempt) { c.parent, c.attempt = parent, a }

// Cancel ends the context. It may be called several times.
func (c *Context) Cancel() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = cmp.Or(c.parent.Err(), context.Canceled)
	}
	if c.cancel != nil {
		c.cancel()
	}
}

// real returns the context that others can wait for.
func (c *Context) real() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.child == nil {
		c.child, c.cancel = context.WithCancel(c.parent)
		if c.err != nil {
			c.cancel()
		}
	}
	return c.child
}

// Deadline implements [context.Context].
func (c *Context) Deadline() (deadline time.Time, ok bool) { return c.parent.Deadline() }

// Done implements [context.Context].
func (c *Context) Done() <-chan struct{} { return c.real().Done() }

// Err implements [context.Context].
func (c *Context) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.err
	}
	return c.parent.Err()
}

// Value implements [context.Context]. Contexts that are made of this one find the
// real child by it, and so need no goroutine to hear of the end.
func (c *Context) Value(key any) any {
	if key == (contextKey{}) {
		return c.attempt
	}
	return c.real().Value(key)
}
