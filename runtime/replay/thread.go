package replay

import (
	"fmt"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A thread is one line of control of a history: the execution, a branch of a
// Parallel state or an iteration of a Map state.
type thread struct {
	name   string // such as "Each[2]/Checks{Stock}"
	parent *thread
	state  string // the Parallel or Map state that it is a part of
	visit  int64  // the event that entered that state
	index  int    // of the iteration, -1 for others
	events []value.Value
}

// weaver takes a history apart into threads, by what led to each event.
type weaver struct {
	of      map[int64]*thread            // event to thread
	all     map[string]*thread           // by name
	order   []*thread                    // by their beginning
	entered map[*thread]map[string]int64 // the last visit of a state
	closed  map[int64]bool               // visits that have ended
	types   map[int64]string
}

// weave takes a history apart. The events of a thread are in the order of the
// history.
func weave(events []value.Value) *weaver {
	w := &weaver{
		of: map[int64]*thread{}, all: map[string]*thread{}, entered: map[*thread]map[string]int64{},
		closed: map[int64]bool{}, types: map[int64]string{},
	}
	root := w.thread("", nil, "", 0, -1)
	for _, e := range events {
		id, previous := integer(e, "id"), integer(e, "previousEventId")
		from := w.of[previous]
		if from == nil {
			from = root
		}
		t := w.place(e, from, w.types[previous])
		t.events = append(t.events, e)
		if id > 0 { // not masked
			w.of[id], w.types[id] = t, text(e, "type")
		}
		if text(e, "type") == "ExecutionRedriven" {
			clear(w.closed) // what had failed may go on
		}
		if strings.HasSuffix(text(e, "type"), "StateEntered") {
			w.entered[t][text(details(e), "name")] = id
		}
	}
	return w
}

func (w *weaver) thread(name string, parent *thread, state string, visit int64, index int) *thread {
	if t := w.all[name]; t != nil {
		t.visit = visit
		return t
	}
	t := &thread{name: name, parent: parent, state: state, visit: visit, index: index}
	w.all[name] = t
	w.order = append(w.order, t)
	w.entered[t] = map[string]int64{}
	return t
}

// place finds the thread of an event; from is that of the event before.
func (w *weaver) place(e value.Value, from *thread, after string) *thread {
	typ, d := text(e, "type"), details(e)
	switch {
	case strings.HasPrefix(typ, "MapIteration"):
		name := text(d, "name")
		owner := from
		for t := from; t.parent != nil; t = t.parent {
			if t.state == name {
				owner = t.parent
				break
			}
		}
		index := int(integer(d, "index"))
		return w.thread(fmt.Sprintf("%s%s[%d]", prefix(owner), name, index), owner, name, w.entered[owner][name], index)
	case after == "ParallelStateStarted" && strings.HasSuffix(typ, "StateEntered"):
		name, visit := w.lastEntered(from)
		return w.thread(fmt.Sprintf("%s%s{%s}", prefix(from), name, text(d, "name")), from, name, visit, -1)
	case typ == "MapStateExited" || typ == "ParallelStateExited":
		for t := from; t.parent != nil; t = t.parent {
			if t.state == text(d, "name") {
				return t.parent
			}
		}
	case strings.HasPrefix(typ, "MapState") || strings.HasPrefix(typ, "ParallelState"):
		if !strings.HasSuffix(typ, "StateEntered") {
			return w.container(typ, from)
		}
	}
	return from
}

// container finds the thread of an event about a Parallel or Map state that
// does not name it: that of the innermost one which has not ended.
func (w *weaver) container(typ string, from *thread) *thread {
	for t := from; t.parent != nil; t = t.parent {
		if w.closed[t.visit] {
			continue
		}
		if w.entered[t][t.state] == 0 && w.open(t) {
			return t // a state of this thread's own is meant
		}
		if strings.HasSuffix(typ, "Succeeded") || strings.HasSuffix(typ, "Failed") {
			w.closed[t.visit] = true
		}
		return t.parent
	}
	return from
}

// open reports whether the last event of a thread is that of a Parallel or Map
// state which began in it and has no part yet.
func (w *weaver) open(t *thread) bool {
	if len(t.events) == 0 {
		return false
	}
	typ := text(t.events[len(t.events)-1], "type")
	for _, ending := range []string{"MapStateEntered", "ParallelStateEntered", "MapStateStarted", "ParallelStateStarted", "MapRunStarted", "MapRunSucceeded", "MapRunFailed"} {
		if typ == ending {
			return true
		}
	}
	return false
}

// lastEntered returns the state that a thread entered last.
func (w *weaver) lastEntered(t *thread) (name string, visit int64) {
	for n, id := range w.entered[t] {
		if id > visit {
			name, visit = n, id
		}
	}
	return name, visit
}

func prefix(t *thread) string {
	if t.name == "" {
		return ""
	}
	return t.name + "/"
}
