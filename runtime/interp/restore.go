package interp

import (
	"encoding/binary"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// A decoder reads what an encoder wrote. After a failure it returns zeros, so
// that only the end needs to ask.
type decoder struct {
	buf     []byte
	failed  bool
	format  int64
	machine *graph.Machine
	docs    []*value.Doc
	threads []*thread
}

func (d *decoder) fail() { d.failed, d.buf = true, nil }

func (d *decoder) int() int64 {
	n, size := binary.Varint(d.buf)
	if size <= 0 {
		d.fail()
		return 0
	}
	d.buf = d.buf[size:]
	return n
}

// size reads a number that is at most limit.
func (d *decoder) size(limit int) int {
	n, size := binary.Uvarint(d.buf)
	if size <= 0 || n > uint64(limit) {
		d.fail()
		return 0
	}
	d.buf = d.buf[size:]
	return int(n)
}

// count reads the number of things that follow, each of a byte at least.
func (d *decoder) count() int {
	n := d.size(len(d.buf))
	if n > len(d.buf) {
		d.fail()
		return 0
	}
	return n
}

func (d *decoder) text() string {
	n := d.count()
	if d.failed {
		return ""
	}
	s := string(d.buf[:n])
	d.buf = d.buf[n:]
	return s
}

func (d *decoder) flag() bool { return d.size(1) == 1 }

func (d *decoder) ref() *string {
	if !d.flag() {
		return nil
	}
	s := d.text()
	return &s
}

func (d *decoder) time() time.Time {
	seconds, nanos := d.int(), d.int()
	return time.Unix(seconds, nanos).UTC()
}

func (d *decoder) doc() *value.Doc {
	n := d.size(len(d.docs) + 1)
	switch {
	case n == 0:
		return nil
	case n <= len(d.docs):
		return d.docs[n-1]
	}
	doc, err := value.ParseDoc(d.text())
	if err != nil {
		d.fail()
		return nil
	}
	d.docs = append(d.docs, doc)
	return doc
}

// need reads a document that must be there.
func (d *decoder) need() *value.Doc {
	doc := d.doc()
	if doc == nil {
		d.fail()
		doc = value.DocOf(value.Null())
	}
	return doc
}

func (d *decoder) execution(x *Execution) {
	x.status = Status(d.text())
	x.input = d.doc()
	for _, s := range infoTexts(&x.info) {
		*s = d.text()
	}
	x.info.HideRedriveCount = d.flag()
	x.info.RedriveCount = int(d.int())
	x.limits.Events = d.int()
	x.limits.Duration = time.Duration(d.int())
	x.startedAt = d.time()
	if d.format > 2 {
		x.redrivenAt = d.time()
	}
	x.now = d.time()
	if err := x.random.pcg.UnmarshalBinary([]byte(d.text())); err != nil {
		d.fail()
	}
	x.lastEvent = d.int()
	x.serial = d.int()
	x.live.deadline = TimerID(d.int())
	x.live.yielded = TimerID(d.int())
	x.root.flow = x.machine.Root
	d.thread(x, &x.root)
	for range d.count() {
		at := d.size(len(d.threads))
		if at >= len(d.threads) || !d.threads[at].runnable() {
			d.fail()
			return
		}
		x.ready.push(d.threads[at])
	}
	if x.status != "" && (x.input == nil || x.root.state == nil) {
		d.fail()
	}
}

func (d *decoder) thread(x *Execution, t *thread) {
	d.threads = append(d.threads, t)
	index := d.size(len(d.machine.States))
	if index == 0 {
		return
	}
	t.state = d.machine.States[index-1]
	if t.state.Shared().Flow != t.flow {
		d.fail()
		return
	}
	t.phase = phase(d.size(int(redriving)))
	t.found = d.flag()
	t.input = d.need()
	t.previous, t.entered, t.before = d.int(), d.int(), d.int()
	t.enteredAt = d.time()
	d.vars(x, t)
	if d.failed {
		return
	}
	t.attempts = int(d.int())
	d.retries(t)
	t.reply = d.doc()
	t.fault = d.fault()
	d.job(x, t)
	t.token = d.text()
	if t.lookup = LookupID(d.int()); t.lookup != 0 {
		x.live.ask(t.lookup, t)
	}
	if t.timer = TimerID(d.int()); t.timer != 0 {
		x.live.timers.Set(t.timer, t)
	}
	t.run, t.redrives = d.text(), int(d.int())
	d.group(x, t)
	if !t.consistent() {
		d.fail()
	}
}

// consistent reports whether the thread has what its phase needs, and nothing
// else.
func (t *thread) consistent() bool {
	_, isWait := t.state.(*graph.Wait)
	retries := graph.HandlersOf(t.state) != nil
	switch t.phase {
	case answered:
		if !retries && !isWait || retries && t.reply == nil && t.fault == nil {
			return false
		}
	case attempting:
		if !retries && !isWait {
			return false
		}
	case retrying:
		if !retries {
			return false
		}
	case redriving:
		if m, ok := t.state.(*graph.Map); !ok || m.Distributed == nil || t.run == "" {
			return false
		}
	case sleeping:
		if !isWait {
			return false
		}
	}
	brokenOff := t.phase == ended || t.phase == answered && t.fault != nil
	if t.fork == nil && t.phase == joining || t.fork != nil && t.phase != joining && !brokenOff {
		return false
	}
	return (t.phase == working) == (t.job.id != 0) &&
		(t.phase == lookup) == (t.lookup != 0) && (t.phase == sleeping || t.phase == retrying) == (t.timer != 0)
}

func (d *decoder) vars(x *Execution, t *thread) {
	for range d.count() {
		v := history.Variable{Name: d.text(), Value: d.need()}
		t.vars = append(t.vars, v)
	}
	if t.phase != ended {
		x.variables += t.stored()
	}
}

func (d *decoder) retries(t *thread) {
	n := d.count()
	if n == 0 {
		return
	}
	h := graph.HandlersOf(t.state)
	if h == nil || len(h.Retry) != n {
		d.fail()
		return
	}
	t.retries = make([]int, n)
	for i := range t.retries {
		t.retries[i] = int(d.int())
	}
}

func (d *decoder) fault() *failure {
	if !d.flag() {
		return nil
	}
	return &failure{err: d.ref(), cause: d.ref(), heartbeat: d.flag(), fatal: d.flag(), inner: d.flag()}
}

func (d *decoder) job(x *Execution, t *thread) {
	t.job.id = TaskID(d.int())
	if t.job.id == 0 {
		return
	}
	switch s := t.state.(type) {
	case *graph.Task:
	case *graph.Map:
		if s.Distributed == nil {
			d.fail()
			return
		}
	default:
		d.fail()
		return
	}
	x.live.tasks.Set(t.job.id, t)
	t.job.started = d.flag()
	if t.job.timeout = TimerID(d.int()); t.job.timeout != 0 {
		x.live.timers.Set(t.job.timeout, t)
	}
	if t.job.heartbeat = TimerID(d.int()); t.job.heartbeat != 0 {
		x.live.timers.Set(t.job.heartbeat, t)
	}
	t.job.limit, t.job.pulse = d.int(), d.int()
}

func (d *decoder) group(x *Execution, t *thread) {
	if !d.flag() || d.failed {
		return
	}
	g := &group{owner: t, items: d.doc()}
	flows := d.flows(t.state, g)
	for range d.count() {
		doc := d.doc()
		g.results = append(g.results, doc)
		if doc != nil {
			g.done++
		}
	}
	g.limit = d.size(maxIterations)
	g.next = d.size(len(g.results))
	g.tail = d.int()
	t.fork = g
	for range d.count() {
		child := &thread{group: g, slot: d.size(len(g.results))}
		if child.slot >= len(g.results) || len(flows) == 0 || g.results[child.slot] != nil {
			d.fail()
			return
		}
		child.flow = flows[min(child.slot, len(flows)-1)]
		g.live = append(g.live, child)
		d.thread(x, child)
	}
}

// flows returns the flows of a group's threads, by slot; those of a Map state
// share one.
func (d *decoder) flows(s graph.State, g *group) []*graph.Flow {
	switch s := s.(type) {
	case *graph.Parallel:
		return s.Branches
	case *graph.Map:
		if g.items != nil {
			return []*graph.Flow{s.Processor}
		}
	}
	d.fail()
	return nil
}
