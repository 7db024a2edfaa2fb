package history

import (
	"strconv"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// Format says how JSON is written. The zero Format is what AWS sends on the
// wire.
type Format struct {
	// RFC3339 writes timestamps as RFC 3339 text in UTC, as the AWS command
	// line shows them, instead of epoch seconds.
	RFC3339 bool
	// OmitData leaves out input, output, parameters and variables, as
	// includeExecutionData=false does. Errors, causes and names stay.
	OmitData bool
}

// MarshalJSON writes the event exactly as GetExecutionHistory does, with the
// timestamp in epoch seconds. Use [Format.Append] for other forms.
func (e Event) MarshalJSON() ([]byte, error) { return Format{}.Append(nil, e), nil }

// Append appends the JSON of one event to dst.
func (f Format) Append(dst []byte, e Event) []byte {
	w := object{buf: append(dst, '{'), omitData: f.OmitData}
	w.key("timestamp")
	if f.RFC3339 {
		w.buf = append(w.buf, '"')
		w.buf = e.Time.UTC().AppendFormat(w.buf, "2006-01-02T15:04:05.000Z07:00")
		w.buf = append(w.buf, '"')
	} else {
		w.buf = appendEpoch(w.buf, e.Time)
	}
	w.text("type", string(e.Type))
	w.number("id", e.ID)
	w.number("previousEventId", e.PreviousID)
	if e.Details != nil {
		w.key(member(e.Type))
		w.open()
		e.Details.fields(&w)
		w.close()
	}
	return append(w.buf, '}')
}

// AppendAll appends events as a JSON array, the value of "events" in the
// answer of GetExecutionHistory.
func (f Format) AppendAll(dst []byte, events []Event) []byte {
	dst = append(dst, '[')
	for i, e := range events {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = f.Append(dst, e)
	}
	return append(dst, ']')
}

// appendEpoch writes seconds with a fraction of at most three digits.
func appendEpoch(dst []byte, t time.Time) []byte {
	ms := t.UnixMilli()
	if ms < 0 {
		return strconv.AppendFloat(dst, float64(ms)/1000, 'f', -1, 64)
	}
	dst = strconv.AppendInt(dst, ms/1000, 10)
	frac := ms % 1000
	if frac == 0 {
		return dst
	}
	digits := []byte{'.', byte('0' + frac/100), byte('0' + frac/10%10), byte('0' + frac%10)}
	for digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return append(dst, digits...)
}

// An object writes the members of one JSON object and remembers whether a
// comma is due.
type object struct {
	buf      []byte
	comma    bool
	omitData bool
}

func (w *object) key(name string) {
	if w.comma {
		w.buf = append(w.buf, ',')
	}
	w.comma = true
	w.buf = append(w.buf, '"')
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, '"', ':')
}

func (w *object) open()  { w.buf = append(w.buf, '{'); w.comma = false }
func (w *object) close() { w.buf = append(w.buf, '}'); w.comma = true }

func (w *object) text(name, s string) {
	w.key(name)
	w.buf = value.String(s).AppendJSON(w.buf)
}

// textIf writes a text that AWS leaves out when it is empty.
func (w *object) textIf(name, s string) {
	if s != "" {
		w.text(name, s)
	}
}

func (w *object) ref(name string, s *string) {
	if s != nil {
		w.text(name, *s)
	}
}

func (w *object) number(name string, n int64) {
	w.key(name)
	w.buf = strconv.AppendInt(w.buf, n, 10)
}

func (w *object) numberIf(name string, n int64) {
	if n != 0 {
		w.number(name, n)
	}
}

// data writes a document as JSON text, followed by the details member that
// AWS adds to every input and output.
func (w *object) data(name, details string, d *value.Doc) {
	if d == nil || w.omitData {
		return
	}
	w.text(name, d.Text())
	w.truncated(details)
}

func (w *object) truncated(name string) {
	w.key(name)
	w.buf = append(w.buf, `{"truncated":false}`...)
}
