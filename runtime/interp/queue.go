package interp

// A queue holds the threads that can go on, first come first served.
type queue struct {
	items []*thread
	head  int
	room  [4]*thread // for the first few
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
	tasks    table[TaskID]
	lookups  table[LookupID]
	timers   table[TimerID]
	deadline TimerID // the execution's own limit
	yielded  TimerID // the timer that goes on with a long step
}

// A table finds threads by an id. Most executions wait for one thing at a time:
// the first few need no map.
type table[K comparable] struct {
	few  [4]waiter[K]
	many map[K]*thread
}

type waiter[K comparable] struct {
	id     K
	thread *thread
}

func (m *table[K]) put(id K, t *thread) {
	for i := range m.few {
		if m.few[i].thread == nil {
			m.few[i] = waiter[K]{id, t}
			return
		}
	}
	if m.many == nil {
		m.many = make(map[K]*thread)
	}
	m.many[id] = t
}

// get returns nil for an id that nobody waits for.
func (m *table[K]) get(id K) *thread {
	for i := range m.few {
		if m.few[i].id == id && m.few[i].thread != nil {
			return m.few[i].thread
		}
	}
	return m.many[id]
}

func (m *table[K]) remove(id K) {
	for i := range m.few {
		if m.few[i].id == id && m.few[i].thread != nil {
			m.few[i] = waiter[K]{}
			return
		}
	}
	delete(m.many, id)
}
