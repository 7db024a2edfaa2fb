package invoke

import (
	"crypto/sha256"
	"errors"
	"strconv"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/table"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Visits tells the visits of an execution's states apart, so that each gets an
// idempotency key of its own. The zero Visits are those of an execution that has
// not begun. They depend on nothing but the tasks that were asked for within each
// branch and iteration, not on how these interleave.
type Visits struct{ last table.Table[string, visit] }

// visit is the last of a state: its number, and what the kernel calls it.
type visit struct {
	n  int
	id int64
}

// A Visit is one visit of a state in an execution.
type Visit struct {
	place string // the state, and the branches and iterations that it is in
	n     int
}

// Visit returns the visit of the state that a task belongs to. It must be called
// once for each task, in the order in which the kernel asks for them.
func (v *Visits) Visit(t *interp.InvokeTask) Visit {
	at := place(t)
	last := v.last.Get(at)
	if t.Attempt == 0 && (t.Visit == 0 || t.Visit != last.id) { // else it is redriven
		last = visit{last.n + 1, t.Visit}
		v.last.Set(at, last)
	}
	return Visit{at, last.n}
}

// place tells a state from others of its name in other branches and iterations.
func place(t *interp.InvokeTask) string {
	if len(t.Path) == 0 {
		return t.State
	}
	at := make([]byte, 0, 64)
	for _, s := range t.Path {
		at = append(strconv.AppendInt(append(append(at, s.State...), 0), int64(s.Index), 10), 0)
	}
	return string(append(at, t.State...))
}

// IdempotencyKey is the key of a visit of a state of an execution, in the form
// of a UUID.
func IdempotencyKey(execution string, v Visit) string {
	sum := sha256.Sum256([]byte(execution + "\x00" + v.place + "\x00" + strconv.Itoa(v.n)))
	return UUID(sum[:16], 8)
}

const hex = "0123456789abcdef"

// UUID writes 16 bytes as a UUID of the given version.
func UUID(b []byte, version byte) string {
	var u [16]byte
	copy(u[:], b)
	u[6] = u[6]&0x0f | version<<4
	u[8] = u[8]&0x3f | 0x80
	var text [36]byte
	at := 0
	for i, c := range u {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			text[at] = '-'
			at++
		}
		text[at], text[at+1] = hex[c>>4], hex[c&15]
		at += 2
	}
	return string(text[:])
}

// ErrOver is what a handler learns that shows signs of life for nothing.
var ErrOver = errors.New("the attempt has ended: it timed out, or the execution ended")

// Details are what a handler learns about an attempt at a task.
func Details(info *interp.Info, t *interp.InvokeTask, v Visit) task.Details {
	return task.Details{
		Execution: info.ExecutionID, ExecutionName: info.ExecutionName, Machine: info.StateMachine,
		State: t.State, Resource: t.Resource.ARN, Attempt: t.Attempt,
		IdempotencyKey: IdempotencyKey(info.ExecutionID, v),
		Token:          t.Token, Timeout: t.Timeout, Heartbeat: t.Heartbeat,
	}
}
