package conformance

import (
	"fmt"
	"slices"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/replay"
)

// compareHistory compares event by event.
func (c *Case) compareHistory(m *replay.Matcher, want []value.Value, r *replay.Execution) error {
	got := make([]value.Value, len(r.Events))
	for i, e := range r.Events {
		got[i] = parse(history.Format{}.Append(nil, e))
	}
	want = renewed(want)
	switch c.Compare {
	case "history-sorted":
		got = hideParallel(got)
		align(m, want, got)
	case "history-concurrent":
		return compareConcurrent(m, want, got)
	}
	for i := range min(len(want), len(got)) {
		if err := m.Match(fmt.Sprintf("event %d", i+1), want[i], got[i], false); err != nil {
			return fmt.Errorf("%w\n  want %s\n   got %s", err, replay.Short(want[i]), replay.Short(got[i]))
		}
	}
	switch {
	case len(want) > len(got):
		return fmt.Errorf("event %d is missing: %s", len(got)+1, replay.Short(want[len(got)]))
	case len(got) > len(want) && !ended(want):
		return nil // the recording was made while the execution ran
	case len(got) > len(want):
		return fmt.Errorf("event %d is too much: %s", len(want)+1, replay.Short(got[len(want)]))
	}
	return nil
}

// ended reports whether a recorded history goes to the end of the execution.
func ended(events []value.Value) bool {
	return len(events) > 0 && history.Type(text(events[len(events)-1], "type")).Terminal()
}

// renewed brings a recorded history up to date: until mid-2024 the exit of a
// distributed Map pointed at MapRunSucceeded, since then at MapRunStarted.
func renewed(events []value.Value) []value.Value {
	events = slices.Clone(events)
	for i, e := range events {
		previous, _ := e.Get("previousEventId").Int()
		if text(e, "type") != "MapStateExited" || previous < 1 || int(previous) > len(events) {
			continue
		}
		if succeeded := events[previous-1]; text(succeeded, "type") == "MapRunSucceeded" {
			events[i] = e.With("previousEventId", succeeded.Get("previousEventId"))
		}
	}
	return events
}

// hideParallel does to a history what the recorder did to those with Parallel
// states: the events of a branch lose their ids, and the events that end the
// state make it drop what it has not seen. Like the recorder it goes on through
// the list while it shortens it.
func hideParallel(events []value.Value) []value.Value {
	start, inside := 0, []value.Value(nil)
	hiding := false
	for i := 0; i < len(events); i++ {
		switch text(events[i], "type") {
		case "ParallelStateStarted":
			start, inside, hiding = i+1, nil, true
		case "ParallelStateSucceeded", "ParallelStateAborted", "ParallelStateExited", "ParallelStateFailed":
			events = slices.Concat(events[:start], inside, events[i:])
			hiding = false
		default:
			if hiding {
				events[i] = events[i].With("id", zeros).With("previousEventId", zero)
				inside = append(inside, events[i])
			}
		}
	}
	return events
}

var zero, zeros = value.Int(0), value.List(value.Int(0))

// align puts the hidden events of a history in the order in which the recorder
// sorted them, as far as they are the same.
func align(m *replay.Matcher, want, got []value.Value) {
	for i := range want {
		if _, numbered := want[i].Get("id").Int(); numbered {
			continue
		}
		for j := i; j < len(got) && got[j].Get("id").Kind() == value.KindList; j++ {
			if m.Match("", want[i], got[j], false) == nil {
				got[i], got[j] = got[j], got[i]
				break
			}
		}
	}
}

// compareConcurrent compares a history whose branches ran at the same time:
// every recorded event must have happened, once, after the same kind of event.
func compareConcurrent(m *replay.Matcher, want, got []value.Value) error {
	if len(want) != len(got) {
		return fmt.Errorf("want %d events, got %d", len(want), len(got))
	}
	rest := slices.Clone(got)
	for i, w := range want {
		at := slices.IndexFunc(rest, func(g value.Value) bool {
			return origin(want, w) == origin(got, g) && m.Match("", unnumbered(w), unnumbered(g), false) == nil
		})
		if at < 0 {
			return fmt.Errorf("event %d did not happen: %s", i+1, replay.Short(w))
		}
		rest = slices.Delete(rest, at, at+1)
	}
	return nil
}

func unnumbered(e value.Value) value.Value { return e.Without("id").Without("previousEventId") }

// origin is the type of the event that an event follows.
func origin(events []value.Value, e value.Value) string {
	previous, _ := e.Get("previousEventId").Int()
	if previous < 1 || int(previous) > len(events) {
		return ""
	}
	return text(events[previous-1], "type")
}
