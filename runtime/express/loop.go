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
	lead := x.claim()
	x.mu.Unlock()
	if lead {
		x.loop(false)
	}
}

// claim makes the caller the loop, unless another is, or nothing is to be done
// yet. The clock stands still until the loop is idle. x.mu is held.
func (x *Execution) claim() bool {
	if x.busy || !x.due() {
		return false
	}
	x.busy = true
	x.clock.Begin()
	return true
}

// due reports whether the inbox is to be dealt with. Executions on a virtual
// clock are reproducible: what handlers that run at the same virtual time report
// is taken in together and in the order of the tasks, whichever is ready first.
// x.mu is held.
func (x *Execution) due() bool {
	if len(x.inbox) == 0 {
		return false
	}
	if x.virtual && x.awake > 0 {
		x.hurry()
		return false
	}
	return true
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
		x.patience = nil
		lead := !x.busy && len(x.inbox) > 0
		if lead {
			x.busy = true
			x.clock.Begin()
		}
		x.mu.Unlock()
		if lead {
			x.loop(false)
		}
	})
}

// loop hands to the kernel what has happened, and carries out what the kernel asks
// for, until there is nothing left to deal with. It returns the task that the
// goroutine is to do next, if it is free to do one, so that a chain of tasks needs
// no change of goroutines; nil when there is none.
func (x *Execution) loop(free bool) (next *attempt) {
	x.free = free
	for {
		now := x.clock.Now()
		items := x.take()
		x.digest(now, items)
		clear(items)
		next = x.next
		if x.idle(now) {
			return next
		}
	}
}

// take returns what has come in, perhaps nothing. It is valid until the next call.
func (x *Execution) take() []item {
	x.mu.Lock()
	defer x.mu.Unlock()
	items := x.inbox
	x.inbox, x.spare = x.spare[:0], items
	if x.virtual {
		slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.order(), b.order()) })
	}
	return items
}

// digest deals with what has happened, timers that are due first.
func (x *Execution) digest(now time.Time, items []item) {
	events := x.alarm.take(now, nil)
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
	x.flush(now, x.alarm.take(now, events))
}

// flush hands events to the kernel, if there are any.
func (x *Execution) flush(now time.Time, events []interp.Event) []interp.Event {
	if len(events) > 0 {
		x.stepAt(now, events...)
	}
	return events[:0]
}

// idle ends the loop, unless there is something to deal with by now.
func (x *Execution) idle(now time.Time) bool {
	if x.kernel.Status() == interp.Running {
		if x.alarm.due(now) {
			return false
		}
		x.alarm.arm()
	}
	x.mu.Lock()
	if x.due() {
		x.mu.Unlock()
		return false
	}
	x.free, x.next = false, nil
	x.busy = false
	x.mu.Unlock()
	x.clock.End()
	return true
}

// rouse tells that a handler begins to run, or to run on. The clock stands still
// meanwhile.
func (x *Execution) rouse() {
	x.clock.Begin()
	x.mu.Lock()
	x.awake++
	x.mu.Unlock()
}

// rest tells that a handler does not run any more, or sleeps, and perhaps brings
// what came of it. It returns what loop does.
func (x *Execution) rest(free bool, items ...item) (next *attempt) {
	x.mu.Lock()
	x.inbox = append(x.inbox, items...)
	x.awake--
	lead := x.claim()
	x.mu.Unlock()
	x.clock.End()
	if !lead {
		return nil
	}
	return x.loop(free)
}
