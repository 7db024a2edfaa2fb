package conformance

import (
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// An outcome is what became of one attempt at a task.
type outcome struct {
	state     string // empty when the recorder masked it
	iteration int64  // index of the innermost iteration, -1 for none
	started   bool
	worker    string
	submitted *value.Doc
	output    *value.Doc // of a success
	failed    bool
	err       *string
	cause     *string
	used      bool
}

// outcomes reads the attempts from a recorded history.
func outcomes(events []value.Value) []*outcome {
	r := &reader{events: events, byID: map[int64]value.Value{}}
	for _, e := range events {
		if id, ok := e.Get("id").Int(); ok {
			r.byID[id] = e
		}
	}
	var list []*outcome
	for at, e := range events {
		if strings.HasSuffix(text(e, "type"), "Scheduled") {
			list = append(list, r.read(at, e))
		}
	}
	return list
}

type reader struct {
	events []value.Value
	byID   map[int64]value.Value
	taken  map[int]bool // masked events that belong to an attempt
}

// read follows one attempt from its Scheduled event.
func (r *reader) read(at int, scheduled value.Value) *outcome {
	o := &outcome{iteration: -1}
	id, known := scheduled.Get("id").Int()
	if known {
		r.place(o, scheduled)
	}
	if !known {
		at = 0 // masked events are sorted: what follows may stand before
	}
	for i := at; i < len(r.events); i++ {
		e := r.events[i]
		previous, _ := e.Get("previousEventId").Int()
		_, numbered := e.Get("id").Int()
		if known != numbered || known && previous != id || r.taken[i] {
			continue
		}
		if !o.take(e) {
			continue
		}
		if known {
			id, _ = e.Get("id").Int()
		} else {
			r.mark(i)
		}
		if o.output != nil || o.failed {
			break
		}
	}
	return o
}

func (r *reader) mark(i int) {
	if r.taken == nil {
		r.taken = map[int]bool{}
	}
	r.taken[i] = true
}

// place finds the state and the iteration that an event belongs to.
func (r *reader) place(o *outcome, e value.Value) {
	for {
		previous, _ := e.Get("previousEventId").Int()
		var ok bool
		if e, ok = r.byID[previous]; !ok {
			return
		}
		switch typ := text(e, "type"); {
		case typ == "TaskStateEntered" && o.state == "":
			o.state = text(e.Get("stateEnteredEventDetails"), "name")
		case typ == "MapIterationStarted":
			o.iteration, _ = e.Get("mapIterationStartedEventDetails").Get("index").Int()
			return
		}
	}
}

// take takes in an event of the attempt; it is false for events of others.
func (o *outcome) take(e value.Value) bool {
	typ := text(e, "type")
	d := details(e)
	switch {
	case strings.HasPrefix(typ, "MapRun"):
		return false
	case strings.HasSuffix(typ, "Started") && isTask(typ):
		o.started, o.worker = true, text(d, "workerName")
	case typ == "TaskSubmitted":
		o.submitted = recordedDoc(d.Get("output"))
	case strings.HasSuffix(typ, "Succeeded") && isTask(typ):
		o.output = recordedDoc(d.Get("output"))
	case strings.HasSuffix(typ, "Failed") && isTask(typ):
		o.failed, o.err, o.cause = true, recordedText(d.Get("error")), recordedText(d.Get("cause"))
		if cause := d.Get("cause"); typ == "LambdaFunctionFailed" && cause.Kind() == value.KindObject {
			spaced := string(appendSpaced(nil, cause))
			o.cause = &spaced
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

// recordedDoc is a document of a recording. The recorder parsed the texts of
// objects; all others it kept.
func recordedDoc(v value.Value) *value.Doc {
	if s, ok := v.Str(); ok {
		if d, err := value.ParseDoc(s); err == nil {
			return d
		}
	}
	return value.DocOf(v)
}

// recordedText is a text of a recording that may have been parsed, nil when it
// is absent.
func recordedText(v value.Value) *string {
	if v.IsUndefined() {
		return nil
	}
	s, ok := v.Str()
	if !ok {
		s = v.String()
	}
	return &s
}

// appendSpaced writes JSON with a space after every colon and comma, as the
// Python runtime of Lambda does. A direct call keeps that text.
func appendSpaced(dst []byte, v value.Value) []byte {
	switch v.Kind() {
	case value.KindObject:
		dst = append(dst, '{')
		for i, m := range v.Members() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = value.AppendString(dst, m.Key)
			dst = appendSpaced(append(dst, ": "...), m.Value)
		}
		return append(dst, '}')
	case value.KindList:
		dst = append(dst, '[')
		for i, item := range v.Items() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = appendSpaced(dst, item)
		}
		return append(dst, ']')
	}
	return v.AppendJSON(dst)
}

// find returns the next outcome for a task, nil when none was recorded.
func find(list []*outcome, c *interp.InvokeTask) *outcome {
	iteration := int64(-1)
	for _, slot := range c.Path {
		iteration = int64(slot.Index)
	}
	for _, o := range list {
		if o.used || o.state != "" && o.state != c.State {
			continue
		}
		if o.state == "" || o.iteration < 0 || o.iteration == iteration {
			o.used = true
			return o
		}
	}
	return nil
}
