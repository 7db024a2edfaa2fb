package interp

import "github.com/stepsmith-dev/stepsmith/runtime/table"

// A queue holds the threads that can go on, first come first served.
type queue struct {
	items []*thread
	head  int
	room  [2]*thread // for the first few
}

func (q *queue) len() int { return len(q.items) - q.head }

func (q *queue) push(t *thread) {
	if q.head > 0 && q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
	if q.items == nil {
		q.items = q.room[:0]
	}
	q.items = append(q.items, t)
}

// pushFront puts a thread back that was popped last.
func (q *queue) pushFront(t *thread) {
	if q.head > 0 {
		q.head--
		q.items[q.head] = t
		return
	}
	q.items = append([]*thread{t}, q.items...)
}

// pop returns nil when the queue is empty.
func (q *queue) pop() *thread {
	if q.head == len(q.items) {
		return nil
	}
	t := q.items[q.head]
	q.items[q.head] = nil
	q.head++
	return t
}

// waiting finds threads by what they wait for.
type waiting struct {
	tasks    table.Table[TaskID, *thread]
	lookups  map[LookupID]*thread // nil as long as there are none
	timers   table.Table[TimerID, *thread]
	deadline TimerID // the execution's own limit
	yielded  TimerID // the timer that goes on with a long step
}

func (w *waiting) ask(id LookupID, t *thread) {
	if w.lookups == nil {
		w.lookups = make(map[LookupID]*thread)
	}
	w.lookups[id] = t
}
