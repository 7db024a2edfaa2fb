package replay

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// A Recording is the history of one execution.
type Recording struct {
	events []value.Value // in the order of their ids
}

// Read reads a history: what `aws stepfunctions get-execution-history` or
// `stepsmith run --history` wrote, or the list of events alone, in either order
// and with timestamps of either form.
func Read(text []byte) (*Recording, error) {
	v, err := value.Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("the history is no JSON: %w", err)
	}
	list := v
	if v.Kind() == value.KindObject {
		list = v.Get("events")
	}
	if list.Kind() != value.KindList || list.Len() == 0 {
		return nil, errors.New(`the history has no events: it should be the answer of GetExecutionHistory, {"events": […]}`)
	}
	if s, _ := v.Get("nextToken").Str(); s != "" {
		return nil, errors.New("the history is one page of several (it has a nextToken): get all of its events, as the AWS CLI does without --max-items")
	}
	r := &Recording{events: slices.Clone(list.Items())}
	slices.SortStableFunc(r.events, func(a, b value.Value) int { return cmp.Compare(integer(a, "id"), integer(b, "id")) })
	return r, r.check()
}

// check refuses histories that cannot be replayed.
func (r *Recording) check() error {
	for i, e := range r.events {
		if id := integer(e, "id"); id != int64(i+1) {
			return fmt.Errorf("the history is not complete: event %d is missing", i+1)
		}
		if previous := integer(e, "previousEventId"); previous < 0 || previous > int64(i) {
			return fmt.Errorf("event %d follows event %d, which came later", i+1, previous)
		}
	}
	first := r.events[0]
	if text(first, "type") != string(history.ExecutionStarted) {
		return fmt.Errorf("the history begins with %s, not with ExecutionStarted", text(first, "type"))
	}
	if !details(first).Has("input") {
		return errors.New("the history has no data: get it without --no-include-execution-data")
	}
	for _, e := range r.events {
		for _, m := range details(e).Members() {
			if cut, _ := m.Value.Get("truncated").Bool(); cut {
				return fmt.Errorf("event %d has lost a part of its data (%s: truncated)", integer(e, "id"), m.Key)
			}
		}
		if text(e, "type") == string(history.ExecutionAborted) && integer(e, "id") < int64(len(r.events)) {
			return fmt.Errorf("the execution was aborted and then redriven (event %d), which a replay cannot do: cut the history off there", integer(e, "id"))
		}
	}
	return nil
}

// redrives returns when the execution was redriven.
func (r *Recording) redrives() []time.Time {
	var list []time.Time
	for _, e := range r.events {
		if text(e, "type") == string(history.ExecutionRedriven) {
			list = append(list, timeOf(e))
		}
	}
	return list
}

// Events returns how many events there are.
func (r *Recording) Events() int { return len(r.events) }

// Status is how the execution ended, in the words of DescribeExecution; RUNNING
// when the history does not tell.
func (r *Recording) Status() string {
	switch history.Type(text(r.last(), "type")) {
	case history.ExecutionSucceeded:
		return "SUCCEEDED"
	case history.ExecutionFailed:
		return "FAILED"
	case history.ExecutionTimedOut:
		return "TIMED_OUT"
	case history.ExecutionAborted:
		return "ABORTED"
	}
	return "RUNNING"
}

// Failure returns the error and the cause of an execution that did not succeed;
// nil is absent.
func (r *Recording) Failure() (name, cause *string) {
	d := details(r.last())
	return Text(d.Get("error")), Text(d.Get("cause"))
}

func (r *Recording) last() value.Value { return r.events[len(r.events)-1] }

// ended reports whether the history goes to the end of the execution.
func (r *Recording) ended() bool { return r.Status() != "RUNNING" }
