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
	ready chan struct{} // has one element when an idle loop has to go on
	mu    sync.Mutex
	items []item
	idle  bool // nobody is the loop
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

// claim makes the caller the loop, for as long as it needs to deal with one item
// that it has not put. It fails unless the loop waits on an empty inbox.
func (b *inbox) claim() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.idle {
		return false
	}
	b.idle = false
	b.clock.Begin()
	return true
}

// release ends what claim began. The loop goes on waiting, unless something came
// in meanwhile or it has nothing to wait for any more.
func (b *inbox) release(over bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if over || len(b.items) > 0 {
		b.ready <- struct{}{}
		return
	}
	b.idle = true
	b.clock.End()
}

// take returns what has come in, perhaps nothing.
func (b *inbox) take() []item {
	b.mu.Lock()
	defer b.mu.Unlock()
	items := b.items
	b.items = nil
	return items
}
