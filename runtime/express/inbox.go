package express

import (
	"sync"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// An inbox takes what happens to an execution until its loop has time for it.
// While the loop waits on an empty inbox the clock may move; from the first item
// until the loop waits again it may not.
type inbox struct {
	clock Clock
	mu    sync.Mutex
	items []item
	idle  bool
	ready chan struct{} // has one element when an item came to an idle loop
}

// An item is an event, perhaps from an attempt, or a call to be made by the loop.
type item struct {
	event interp.Event
	from  *attempt
	call  func()
}

// order is by task among what attempts report; everything else comes first.
func (i item) order() interp.TaskID {
	if i.from == nil {
		return 0
	}
	return i.from.task.Task
}

func newInbox(c Clock) *inbox { return &inbox{clock: c, ready: make(chan struct{}, 1)} }

func (b *inbox) put(i item) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items = append(b.items, i)
	if b.idle {
		b.idle = false
		b.clock.Begin()
		b.ready <- struct{}{}
	}
}

// wait returns as soon as there is something in the inbox.
func (b *inbox) wait() {
	b.mu.Lock()
	if len(b.items) > 0 {
		b.mu.Unlock()
		return
	}
	b.idle = true
	b.mu.Unlock()
	b.clock.End()
	<-b.ready
}

// take returns what has come in, perhaps nothing.
func (b *inbox) take() []item {
	b.mu.Lock()
	defer b.mu.Unlock()
	items := b.items
	b.items = nil
	return items
}
