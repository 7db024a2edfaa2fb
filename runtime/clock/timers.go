package clock

import (
	"cmp"
	"container/heap"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/table"
)

// Timers are due times by name. The zero value has none; it must not be copied
// after first use. They are not safe for concurrent use.
type Timers[K cmp.Ordered] struct {
	queue queue[K]
	byID  table.Table[K, *entry[K]]

	// Most executions have one timer, their own limit, which needs no memory.
	room  [2]*entry[K]
	first entry[K]
}

type entry[K cmp.Ordered] struct {
	id    K
	at    time.Time
	index int
	used  bool
}

// Set makes a timer due at a time, in place of an earlier one of that name.
func (t *Timers[K]) Set(id K, at time.Time) {
	if e := t.byID.Get(id); e != nil {
		e.at = at
		heap.Fix(&t.queue, e.index)
		return
	}
	e := &t.first
	if e.used {
		e = new(entry[K])
	}
	*e = entry[K]{id: id, at: at, used: true}
	if t.queue == nil {
		t.queue = t.room[:0]
	}
	t.byID.Set(id, e)
	heap.Push(&t.queue, e)
}

// Remove takes a timer away, if it is there.
func (t *Timers[K]) Remove(id K) {
	if e := t.byID.Get(id); e != nil {
		heap.Remove(&t.queue, e.index)
		t.drop(e)
	}
}

func (t *Timers[K]) drop(e *entry[K]) {
	t.byID.Remove(e.id)
	e.used = false
}

// Len is the number of timers.
func (t *Timers[K]) Len() int { return len(t.queue) }

// Next returns when the next timer is due; ok is false when there is none.
func (t *Timers[K]) Next() (at time.Time, ok bool) {
	if len(t.queue) == 0 {
		return time.Time{}, false
	}
	return t.queue[0].at, true
}

// Due takes out the timers that are due, in the order of their times and then of
// their names.
func (t *Timers[K]) Due(now time.Time) []K {
	var due []K
	for len(t.queue) > 0 && !t.queue[0].at.After(now) {
		e := heap.Pop(&t.queue).(*entry[K])
		t.drop(e)
		due = append(due, e.id)
	}
	return due
}

type queue[K cmp.Ordered] []*entry[K]

func (q queue[K]) Len() int { return len(q) }

func (q queue[K]) Less(i, j int) bool {
	if c := q[i].at.Compare(q[j].at); c != 0 {
		return c < 0
	}
	return q[i].id < q[j].id
}

func (q queue[K]) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

func (q *queue[K]) Push(x any) {
	e := x.(*entry[K])
	e.index = len(*q)
	*q = append(*q, e)
}

func (q *queue[K]) Pop() any {
	old := *q
	e := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return e
}
