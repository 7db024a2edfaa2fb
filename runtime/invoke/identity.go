package invoke

import (
	"crypto/sha256"
	"strconv"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// Visits tells the visits of an execution's states apart, so that each gets an
// idempotency key of its own. The zero Visits are those of an execution that has
// not begun. They depend on nothing but the tasks that were asked for within each
// branch and iteration, not on how these interleave.
type Visits struct{ last map[string]int }

// Visit returns what identifies the visit of the state that a task belongs to.
// It must be called once for each task, in the order in which the kernel asks for
// them.
func (v *Visits) Visit(t *interp.InvokeTask) string {
	place := make([]byte, 0, 64)
	for _, s := range t.Path {
		place = append(strconv.AppendInt(append(append(place, s.State...), 0), int64(s.Index), 10), 0)
	}
	place = append(place, t.State...)
	if v.last == nil {
		v.last = make(map[string]int)
	}
	n := v.last[string(place)]
	if t.Attempt == 0 {
		n++
		v.last[string(place)] = n
	}
	return string(strconv.AppendInt(append(place, 0), int64(n), 10))
}

// IdempotencyKey is the key of a visit of a state of an execution, in the form
// of a UUID.
func IdempotencyKey(execution, visit string) string {
	sum := sha256.Sum256([]byte(execution + "\x00" + visit))
	return UUID(sum[:16], 8)
}

const hex = "0123456789abcdef"

// UUID writes 16 bytes as a UUID of the given version.
func UUID(b []byte, version byte) string {
	var u [16]byte
	copy(u[:], b)
	u[6] = u[6]&0x0f | version<<4
	u[8] = u[8]&0x3f | 0x80
	text := make([]byte, 0, 36)
	for i, c := range u {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			text = append(text, '-')
		}
		text = append(text, hex[c>>4], hex[c&15])
	}
	return string(text)
}
