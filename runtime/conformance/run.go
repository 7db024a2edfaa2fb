package conformance

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// Check runs a case and compares. It returns nil when the kernel did what was
// recorded. An [*Unsupported] error says that the case cannot be run.
func (c *Case) Check() error {
	if why := c.unsupported(); why != "" {
		return &Unsupported{why}
	}
	r, err := c.Run(nil)
	if err != nil {
		return err
	}
	return c.Compares(r)
}

// Unsupported says why a case cannot be run.
type Unsupported struct{ Why string }

// Error returns the reason, which begins with "unsupported: ".
func (e *Unsupported) Error() string { return e.Why }

// Compares compares a replay with the recording.
func (c *Case) Compares(r *Replay) error {
	m := newMatcher(c.wildcards)
	switch {
	case c.Kind == KindChoice:
		return c.compareOutput(m, r, c.recorded.Get("output"))
	case c.recorded.Has("end_event"):
		return c.compareLog(m, r)
	}
	if events := c.history(); events != nil {
		return c.compareHistory(m, events, r)
	}
	return c.compareResponse(m, r)
}

// compareOutput compares the output of the execution alone.
func (c *Case) compareOutput(m *matcher, r *Replay, want value.Value) error {
	if r.End.Output == nil {
		return fmt.Errorf("the execution %s: %s", r.End.Status, lastEvent(r))
	}
	return m.match("output", want, value.String(r.End.Output.Text()), true)
}

func lastEvent(r *Replay) string {
	if len(r.Events) == 0 {
		return "it has no events"
	}
	return string(history.Format{}.Append(nil, r.Events[len(r.Events)-1]))
}

// compareResponse compares what DescribeExecution or StartSyncExecution tells.
func (c *Case) compareResponse(m *matcher, r *Replay) error {
	want := c.response()
	var problems []error
	problems = append(problems, m.match("status", want.Get("status"), value.String(string(r.End.Status)), false))
	for _, part := range []struct {
		name string
		got  *string
	}{{"error", r.End.Error}, {"cause", r.End.Cause}, {"output", docText(r.End.Output)}} {
		got := value.Value{}
		if part.got != nil {
			got = value.String(*part.got)
		}
		problems = append(problems, m.match(part.name, want.Get(part.name), got, true))
	}
	return errors.Join(problems...)
}

func docText(d *value.Doc) *string {
	if d == nil {
		return nil
	}
	s := d.Text()
	return &s
}

// compareLog compares the last record that an Express execution logged.
func (c *Case) compareLog(m *matcher, r *Replay) error {
	want := c.recorded.Get("end_event")
	last := r.Events[len(r.Events)-1]
	got := parse(history.Format{}.Append(nil, last))
	return errors.Join(
		m.match("type", want.Get("type"), got.Get("type"), false),
		m.match("id", want.Get("id"), value.String(strconv.FormatInt(last.ID, 10)), false),
		m.match("previous_event_id", want.Get("previous_event_id"), value.String(strconv.FormatInt(last.PreviousID, 10)), false),
		m.match("details", want.Get("details"), details(got), false),
	)
}

// parse reads JSON that this program wrote.
func parse(text []byte) value.Value {
	v, err := value.Parse(string(text))
	if err != nil {
		panic("conformance: an event is not JSON: " + err.Error())
	}
	return v
}

func sortTimers(events []interp.Event) {
	slices.SortFunc(events, func(a, b interp.Event) int {
		return cmp.Compare(a.(*interp.TimerFired).Timer, b.(*interp.TimerFired).Timer)
	})
}
