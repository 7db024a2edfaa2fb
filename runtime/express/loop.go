package express

import (
	"cmp"
	"slices"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// An item is something that happens to an execution: an event, perhaps from an
// attempt, or a call that needs the execution for itself.
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

// put has the execution deal with something. Whoever brings the first thing is the
// loop until nothing is left, also of what others bring meanwhile; they need not
// wait.
func (x *Execution) put(i item) {
	x.mu.Lock()
	x.inbox = append(x.inbox, i)
	items := x.claim()
	x.mu.Unlock()
	if items != nil {
		x.loop(items, false)
	}
}

// claim makes the caller the loop if there is anything to do for it, which it
// returns. It returns nil when another is the loop. The clock stands still until
// the loop is idle. x.mu is held.
func (x *Execution) claim() []item {
	if x.busy {
		return nil
	}
	items := x.take()
	if items != nil {
		x.busy = true
		x.clock.Begin()
	}
	return items
}

// take returns what is to be dealt with by now, nil when there is nothing; the
// items are valid until the next call. Executions on a virtual clock are
// reproducible: what handlers that run at the same virtual time report is taken in
// together and in the order of the tasks, whichever is ready first. x.mu is held.
func (x *Execution) take() []item {
	if len(x.inbox) == 0 {
		return nil
	}
	if x.virtual {
		if x.awake > 0 && !x.hurried {
			x.hurry()
			return nil
		}
		slices.SortStableFunc(x.inbox, func(a, b item) int { return cmp.Compare(a.order(), b.order()) })
	}
	items := x.inbox
	x.inbox, x.spare = x.spare[:0], items
	return items
}

// patience is how long, in real time, a virtual clock's execution waits for the
// other handlers after one has answered. A handler that waits for what another
// state does later would never end if all were waited for.
const patience = 250 * time.Millisecond

// hurry sees to it that the inbox is dealt with though handlers go on. x.mu is
// held.
func (x *Execution) hurry() {
	if x.patience != nil {
		return
	}
	x.patience = time.AfterFunc(patience, func() {
		x.mu.Lock()
		x.patience, x.hurried = nil, true
		items := x.claim()
		x.hurried = false
		x.mu.Unlock()
		if items != nil {
			x.loop(items, false)
		}
	})
}

// loop hands to the kernel what has happened, and carries out what the kernel asks
// for, until there is nothing left to deal with. It returns the task that the
// goroutine is to do next, if it is free to do one, so that a chain of tasks needs
// no change of goroutines; nil when there is none.
func (x *Execution) loop(items []item, free bool) (next *attempt) {
	x.free = free
	for {
		now := x.clock.Now()
		x.digest(now, items)
		clear(items)
		next = x.next
		var over bool
		if items, over = x.rest(now); over {
			return next
		}
	}
}

// rest ends the loop, unless there is something to deal with by now: the items, or
// a timer that is due.
func (x *Execution) rest(now time.Time) (items []item, over bool) {
	due := false
	if x.kernel.Status() == interp.Running {
		if due = x.alarm.due(now); !due {
			x.alarm.arm()
		}
	}
	x.mu.Lock()
	items = x.take()
	over = items == nil && !due
	if over {
		x.busy, x.free, x.next = false, false, nil
	}
	x.mu.Unlock()
	if over {
		x.clock.End()
	}
	return items, over
}

// digest deals with what has happened, timers that are due first.
func (x *Execution) digest(now time.Time, items []item) {
	events := x.alarm.take(now, x.events[:0])
	for _, i := range items {
		switch {
		case i.call != nil:
			events = x.flush(now, events)
			i.call()
		case i.from != nil:
			events = x.accept(i.from, i.event, events)
		default:
			events = append(events, i.event)
		}
	}
	x.events = x.flush(now, x.alarm.take(now, events))
}

// flush hands events to the kernel, if there are any.
func (x *Execution) flush(now time.Time, events []interp.Event) []interp.Event {
	if len(events) > 0 {
		x.stepAt(now, events...)
		clear(events)
	}
	return events[:0]
}

// rouse tells that a handler begins to run, or to run on. The clock stands still
// meanwhile.
func (x *Execution) rouse() {
	x.clock.Begin()
	if x.virtual {
		x.mu.Lock()
		x.awake++
		x.mu.Unlock()
	}
}

// settle tells that a handler does not run any more, or sleeps, and perhaps brings
// what came of it. It returns what loop does.
func (x *Execution) settle(free bool, brought ...item) (next *attempt) {
	x.mu.Lock()
	x.inbox = append(x.inbox, brought...)
	if x.virtual {
		x.awake--
	}
	items := x.claim()
	x.mu.Unlock()
	x.clock.End()
	if items == nil {
		return nil
	}
	return x.loop(items, free)
}
