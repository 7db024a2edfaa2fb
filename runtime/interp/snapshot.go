package interp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// format is the version of the stored form of an execution. A change that old
// readers cannot follow gets the next number.
//
//	2  without the time of the last redrive; what broke off was dropped
//	3
const format = 3

// magic begins every stored execution.
const magic = "step"

// ErrCorrupt says that a text is no stored execution of the machine.
var ErrCorrupt = errors.New("not a stored execution of this machine")

// MarshalBinary writes the execution out, to be read by [Restore]. It holds
// what the execution still needs, not its history; a document that several
// threads share is written once. Call it between steps.
func (x *Execution) MarshalBinary() ([]byte, error) {
	e := &encoder{buf: make([]byte, 0, 1024), docs: map[*value.Doc]uint64{}, threads: map[*thread]int{}}
	e.buf = append(e.buf, magic...)
	e.int(format)
	e.int(int64(x.version))
	e.int(int64(len(x.machine.States)))
	e.text(string(x.status))
	e.doc(x.input)
	e.info(&x.info)
	e.int(x.limits.Events)
	e.int(int64(x.limits.Duration))
	e.time(x.startedAt)
	e.time(x.redrivenAt)
	e.time(x.now)
	random, err := x.random.pcg.MarshalBinary()
	if err != nil {
		return nil, fmt.Errorf("interp: %w", err)
	}
	e.text(string(random))
	e.int(x.lastEvent)
	e.int(x.serial)
	e.int(int64(x.live.deadline))
	e.int(int64(x.live.yielded))
	e.thread(&x.root)
	e.ready(&x.ready)
	return e.buf, nil
}

// Restore reads an execution of m that [Execution.MarshalBinary] wrote. The
// error is [ErrCorrupt], or says that a newer program wrote it.
func Restore(m *graph.Machine, data []byte) (*Execution, error) {
	d := &decoder{buf: data, machine: m}
	if len(data) < len(magic) || string(data[:len(magic)]) != magic {
		return nil, fmt.Errorf("interp: %w", ErrCorrupt)
	}
	d.buf = data[len(magic):]
	if d.format = d.int(); d.format < 2 || d.format > format {
		return nil, fmt.Errorf("interp: the execution is stored in format %d; this program reads 2 to %d", d.format, format)
	}
	x := New(m)
	if x.version = int(d.int()); x.version > Version {
		return nil, fmt.Errorf("interp: the execution was started by version %d of the interpreter; this is version %d", x.version, Version)
	}
	if int(d.int()) != len(m.States) {
		return nil, fmt.Errorf("interp: %w: the numbers of states differ", ErrCorrupt)
	}
	d.execution(x)
	if d.failed || len(d.buf) > 0 {
		return nil, fmt.Errorf("interp: %w", ErrCorrupt)
	}
	return x, nil
}

type encoder struct {
	buf     []byte
	docs    map[*value.Doc]uint64
	threads map[*thread]int // positions, for the queue
}

func (e *encoder) int(n int64)   { e.buf = binary.AppendVarint(e.buf, n) }
func (e *encoder) size(n int)    { e.buf = binary.AppendUvarint(e.buf, uint64(n)) }
func (e *encoder) text(s string) { e.size(len(s)); e.buf = append(e.buf, s...) }

func (e *encoder) flag(b bool) {
	if b {
		e.buf = append(e.buf, 1)
	} else {
		e.buf = append(e.buf, 0)
	}
}

func (e *encoder) ref(s *string) {
	e.flag(s != nil)
	if s != nil {
		e.text(*s)
	}
}

func (e *encoder) time(t time.Time) {
	e.int(t.Unix())
	e.int(int64(t.Nanosecond()))
}

// doc writes the number of a document, from 1, and its text the first time.
func (e *encoder) doc(d *value.Doc) {
	if d == nil {
		e.size(0)
		return
	}
	n, known := e.docs[d]
	if !known {
		n = uint64(len(e.docs) + 1)
		e.docs[d] = n
	}
	e.buf = binary.AppendUvarint(e.buf, n)
	if !known {
		e.text(d.Text())
	}
}

func (e *encoder) info(i *Info) {
	for _, s := range infoTexts(i) {
		e.text(*s)
	}
	e.flag(i.HideRedriveCount)
	e.int(int64(i.RedriveCount))
}

func infoTexts(i *Info) []*string {
	return []*string{
		&i.ExecutionID, &i.ExecutionName, &i.RoleARN, &i.StateMachineID, &i.StateMachine, &i.Region, &i.AliasARN, &i.VersionARN,
	}
}

func (e *encoder) thread(t *thread) {
	e.threads[t] = len(e.threads)
	if t.state == nil {
		e.size(0)
		return
	}
	e.size(t.state.Shared().Index + 1)
	e.size(int(t.phase))
	e.flag(t.found)
	e.doc(t.input)
	e.int(t.previous)
	e.int(t.entered)
	e.int(t.before)
	e.time(t.enteredAt)
	e.size(len(t.vars))
	for _, v := range t.vars {
		e.text(v.Name)
		e.doc(v.Value)
	}
	e.int(int64(t.attempts))
	e.size(len(t.retries))
	for _, n := range t.retries {
		e.int(int64(n))
	}
	e.doc(t.reply)
	e.fault(t.fault)
	e.job(&t.job)
	e.text(t.token)
	e.int(int64(t.lookup))
	e.int(int64(t.timer))
	e.text(t.run)
	e.int(int64(t.redrives))
	e.group(t.fork)
}

func (e *encoder) fault(f *failure) {
	e.flag(f != nil)
	if f != nil {
		e.ref(f.err)
		e.ref(f.cause)
		e.flag(f.heartbeat)
		e.flag(f.fatal)
		e.flag(f.inner)
	}
}

func (e *encoder) job(j *job) {
	e.int(int64(j.id))
	if j.id != 0 {
		e.flag(j.started)
		e.int(int64(j.timeout))
		e.int(int64(j.heartbeat))
		e.int(j.limit)
		e.int(j.pulse)
	}
}

func (e *encoder) group(g *group) {
	e.flag(g != nil)
	if g == nil {
		return
	}
	e.doc(g.items)
	e.size(len(g.results))
	for _, d := range g.results {
		e.doc(d)
	}
	e.size(g.limit)
	e.size(g.next)
	e.int(g.tail)
	e.size(len(g.live))
	for _, t := range g.live {
		e.size(t.slot)
		e.thread(t)
	}
}

func (e *encoder) ready(q *queue) {
	var positions []int
	for _, t := range q.items[q.head:] {
		if at, ok := e.threads[t]; ok && t.runnable() {
			positions = append(positions, at)
		}
	}
	e.size(len(positions))
	for _, at := range positions {
		e.size(at)
	}
}
