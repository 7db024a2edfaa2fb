package interp_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// A line is a thread as its history shows it.
type line struct {
	parent   *line
	state    string // the state it is in, empty when it is in none
	before   int64  // what the state's Entered event points at
	children []*line
	failed   bool // the state has failed: its children are open after a redrive only
	redriven bool // the state may be entered again
}

// fold follows a history and returns the names of the states that are open at
// its end, sorted. It fails where the history contradicts itself.
func fold(events []history.Event) ([]string, error) {
	root := &line{}
	lines := map[int64]*line{0: root}
	types := map[int64]history.Type{}
	for i, e := range events {
		if e.ID != int64(i+1) || e.PreviousID >= e.ID || e.PreviousID < 0 {
			return nil, fmt.Errorf("event %d has the id %d and points at %d", i+1, e.ID, e.PreviousID)
		}
		l, err := place(lines[e.PreviousID], types[e.PreviousID], e)
		if err != nil {
			return nil, err
		}
		lines[e.ID], types[e.ID] = l, e.Type
		switch typ := string(e.Type); {
		case e.Type.Terminal():
			if i != len(events)-1 && events[i+1].Type != history.ExecutionRedriven {
				return nil, fmt.Errorf("event %d follows the end", i+2)
			}
		case e.Type == history.ExecutionRedriven:
			root.redrive()
		case strings.HasSuffix(typ, "StateEntered"):
			if l.state != "" && !(l.redriven && l.state == e.State) {
				return nil, fmt.Errorf("event %d enters %q within %q", e.ID, e.State, l.state)
			}
			l.state, l.before, l.redriven = e.State, e.PreviousID, false
		case strings.HasSuffix(typ, "StateExited"):
			*l = line{parent: l.parent}
		case e.Type == history.ParallelStateStarted, e.Type == history.MapStateStarted:
			l.children = nil
		case e.Type == history.ParallelStateFailed, e.Type == history.MapStateFailed:
			l.failed = true
		}
	}
	return open(root, nil), nil
}

// place finds the line that an event belongs to, from the one it points at.
func place(l *line, previous history.Type, e history.Event) (*line, error) {
	switch {
	case e.State == "", strings.HasSuffix(string(e.Type), "Aborted"):
		// What is aborted points at the event that broke its group, and nothing
		// points at it; the end of the group closes it.
		for l.parent != nil {
			l = l.parent
		}
		return l, nil
	case strings.HasSuffix(string(e.Type), "StateEntered"):
		if previous == history.ParallelStateStarted || previous == history.MapIterationStarted {
			child := &line{parent: l}
			l.children = append(l.children, child)
			return child, nil
		}
		return l, nil
	}
	for at := l; at != nil; at = at.parent {
		if at.state == e.State {
			return at, nil
		}
	}
	for _, child := range l.children { // EvaluationFailed points at what led to the state
		if child.state == e.State && child.before == e.PreviousID {
			return child, nil
		}
	}
	return nil, fmt.Errorf("event %d (%s) belongs to the state %q, which is not open", e.ID, e.Type, e.State)
}

// redrive opens again what was open when the execution ended.
func (l *line) redrive() {
	l.failed, l.redriven = false, true
	for _, c := range l.children {
		c.redrive()
	}
}

func open(l *line, names []string) []string {
	if l.state != "" {
		names = append(names, l.state)
	}
	if l.state != "" && !l.failed {
		for _, c := range l.children {
			names = open(c, names)
		}
	}
	slices.Sort(names)
	return names
}
