package replay

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// An Outcome is what became of one attempt at a task.
type Outcome struct {
	// State is the name of the task's state, empty when it was masked.
	State string
	// Path are the Map iterations around it, outermost first; nil for none, or
	// when they were masked.
	Path []interp.Slot
	// Event is the event that scheduled the attempt, Scheduled its details;
	// undefined when the outcome was not recorded.
	Event, Scheduled value.Value
	Started          bool
	Worker           string
	Submitted        *value.Doc
	Output           *value.Doc // of a success
	Failed           bool
	Error            *string
	Cause            *string

	used bool
	// started, submitted and ended are the events, undefined where there is none.
	started, submitted, ended value.Value
}

// Fresh returns a copy that no task has used yet.
func (o *Outcome) Fresh() *Outcome {
	fresh := *o
	fresh.used = false
	return &fresh
}

// Outcomes reads the attempts from the events of a history.
func Outcomes(events []value.Value) []*Outcome {
	r := &reader{events: events, byID: map[int64]value.Value{}, followers: map[int64][]int{}, threads: weave(events).of}
	for i, e := range events {
		if id, ok := e.Get("id").Int(); ok {
			r.byID[id] = e
			previous := integer(e, "previousEventId")
			r.followers[previous] = append(r.followers[previous], i)
		}
	}
	var list []*Outcome
	for _, e := range events {
		if strings.HasSuffix(text(e, "type"), "Scheduled") {
			list = append(list, r.read(e))
		}
	}
	return list
}

type reader struct {
	events    []value.Value
	byID      map[int64]value.Value
	followers map[int64][]int // events by what led to them
	threads   map[int64]*thread
	taken     map[int]bool // masked events that belong to an attempt
}

// read follows one attempt from its Scheduled event.
func (r *reader) read(scheduled value.Value) *Outcome {
	o := &Outcome{Event: scheduled, Scheduled: details(scheduled)}
	id, known := scheduled.Get("id").Int()
	if !known {
		r.readMasked(o)
		return o
	}
	r.place(o, scheduled)
	for found := true; found && o.Output == nil && !o.Failed; {
		found = false
		for _, i := range r.followers[id] {
			if o.take(r.events[i]) {
				id, found = integer(r.events[i], "id"), true
				break
			}
		}
	}
	return o
}

// readMasked takes the next events that may belong to an attempt: masked events
// are sorted, and what follows may stand before.
func (r *reader) readMasked(o *Outcome) {
	for i, e := range r.events {
		if _, numbered := e.Get("id").Int(); numbered || r.taken[i] || !o.take(e) {
			continue
		}
		r.mark(i)
		if o.Output != nil || o.Failed {
			return
		}
	}
}

func (r *reader) mark(i int) {
	if r.taken == nil {
		r.taken = map[int]bool{}
	}
	r.taken[i] = true
}

// place finds the state and the iterations that an event belongs to.
func (r *reader) place(o *Outcome, e value.Value) {
	for t := r.threads[integer(e, "id")]; t != nil; t = t.parent {
		if t.index >= 0 {
			o.Path = append([]interp.Slot{{State: t.state, Index: t.index}}, o.Path...)
		}
	}
	for o.State == "" {
		var ok bool
		if e, ok = r.byID[integer(e, "previousEventId")]; !ok {
			return
		}
		if text(e, "type") == "TaskStateEntered" {
			o.State = text(details(e), "name")
		}
	}
}

// take takes in an event of the attempt; it is false for events of others.
func (o *Outcome) take(e value.Value) bool {
	typ := text(e, "type")
	d := details(e)
	switch {
	case strings.HasPrefix(typ, "MapRun"):
		return false
	case strings.HasSuffix(typ, "Started") && isTask(typ):
		o.Started, o.Worker, o.started = true, text(d, "workerName"), e
	case typ == "TaskSubmitted":
		o.Submitted, o.submitted = Document(d.Get("output")), e
	case strings.HasSuffix(typ, "Succeeded") && isTask(typ):
		o.Output, o.ended = Document(d.Get("output")), e
	case strings.HasSuffix(typ, "Failed") && isTask(typ):
		o.Failed, o.Error, o.Cause, o.ended = true, Text(d.Get("error")), Text(d.Get("cause")), e
		if cause := d.Get("cause"); typ == "LambdaFunctionFailed" && cause.Kind() == value.KindObject {
			spaced := string(AppendSpaced(nil, cause))
			o.Cause = &spaced
		}
	default:
		return false
	}
	return true
}

// isTask tells the events of tasks from those of states.
func isTask(typ string) bool {
	for _, prefix := range []string{"Task", "LambdaFunction", "Activity"} {
		if rest, ok := strings.CutPrefix(typ, prefix); ok {
			return !strings.HasPrefix(rest, "State")
		}
	}
	return false
}

// details returns the details member of an event, whatever its name.
func details(e value.Value) value.Value {
	for _, m := range e.Members() {
		if strings.HasSuffix(m.Key, "EventDetails") {
			return m.Value
		}
	}
	return value.Value{}
}

// Document is a document of a history. Recorders may have parsed the texts of
// objects.
func Document(v value.Value) *value.Doc {
	if s, ok := v.Str(); ok {
		if d, err := value.ParseDoc(s); err == nil {
			return d
		}
	}
	return value.DocOf(v)
}

// Text is a text of a history that may have been parsed, nil when it is absent.
func Text(v value.Value) *string {
	if v.IsUndefined() {
		return nil
	}
	s, ok := v.Str()
	if !ok {
		s = v.String()
	}
	return &s
}

// AppendSpaced appends JSON with a space after every colon and comma, as the
// Python runtime of Lambda does. A direct call keeps that text.
func AppendSpaced(dst []byte, v value.Value) []byte {
	switch v.Kind() {
	case value.KindObject:
		dst = append(dst, '{')
		for i, m := range v.Members() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = value.AppendString(dst, m.Key)
			dst = AppendSpaced(append(dst, ": "...), m.Value)
		}
		return append(dst, '}')
	case value.KindList:
		dst = append(dst, '[')
		for i, item := range v.Items() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = AppendSpaced(dst, item)
		}
		return append(dst, ']')
	}
	return v.AppendJSON(dst)
}

// next returns the next outcome of a task's state and iteration, nil when there
// is none.
func next(list []*Outcome, c *interp.InvokeTask) *Outcome {
	for _, o := range list {
		if o.used || o.State != "" && o.State != c.State {
			continue
		}
		if !slices.ContainsFunc(o.Path, func(s interp.Slot) bool { return !slices.Contains(c.Path, s) }) {
			return o
		}
	}
	return nil
}

func text(v value.Value, key string) string {
	s, _ := v.Get(key).Str()
	return s
}

func integer(v value.Value, key string) int64 {
	n, _ := v.Get(key).Int()
	return n
}

// momentOf makes a moment of a recorded event.
func momentOf(e value.Value, t interp.TaskID, event interp.Event) moment {
	return moment{id: integer(e, "id"), at: timeOf(e), task: t, event: event}
}

// timeOf reads the timestamp of an event: epoch seconds, or ISO 8601. It is zero
// when there is none.
func timeOf(e value.Value) time.Time {
	stamp := e.Get("timestamp")
	if s, ok := stamp.Float(); ok {
		return time.UnixMilli(int64(math.Round(s * 1000))).UTC()
	}
	text, _ := stamp.Str()
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999-0700", "2006-01-02 15:04:05.999999-07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}
