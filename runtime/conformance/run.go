package conformance

import (
	"errors"
	"fmt"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/replay"
)

// Check runs a case and compares. It returns nil when the kernel did what was
// recorded. An [*Unsupported] error says that the case cannot be run.
func (c *Case) Check() error {
	switch c.Kind {
	case KindValidate:
		return c.checkValidation()
	case KindCreate:
		return c.checkCreation()
	case KindTestState:
		return c.checkTestState()
	}
	if why := c.unsupported(); why != "" {
		return &Unsupported{why}
	}
	results := replay.Outcomes(c.history())
	r, err := c.run(results, nil)
	if err != nil {
		return err
	}
	if err = c.Compares(r); err == nil {
		return nil
	}
	// Where the recorder masked which result belongs to which task, any order
	// of the results will do.
	for other := range arrangements(results) {
		if r, failed := c.run(other, nil); failed == nil && c.Compares(r) == nil {
			return nil
		}
	}
	return err
}

// Unsupported says why a case cannot be run.
type Unsupported struct{ Why string }

// Error returns the reason, which begins with "unsupported: ".
func (e *Unsupported) Error() string { return e.Why }

// Compares compares a replay with the recording: the history, the log records
// and the answer of the service, as far as they were recorded.
func (c *Case) Compares(r *replay.Execution) error {
	m := replay.NewMatcher(c.wildcards)
	if c.Kind == KindChoice {
		return c.compareOutput(m, r, c.recorded.Get("output"))
	}
	var problems []error
	if events := c.history(); events != nil {
		problems = append(problems, c.compareHistory(m, events, r))
	}
	if records := c.logged(); records != nil {
		problems = append(problems, c.compareLog(m, records, r))
	}
	if answer := c.response(); !answer.IsUndefined() {
		problems = append(problems, c.compareResponse(m, answer, r))
	}
	return errors.Join(problems...)
}

// compareOutput compares the output of the execution alone.
func (c *Case) compareOutput(m *replay.Matcher, r *replay.Execution, want value.Value) error {
	if r.End.Output == nil {
		return fmt.Errorf("the execution %s: %s", r.End.Status, lastEvent(r))
	}
	return m.Match("output", want, value.String(r.End.Output.Text()), true)
}

func lastEvent(r *replay.Execution) string {
	if len(r.Events) == 0 {
		return "it has no events"
	}
	return string(history.Format{}.Append(nil, r.Events[len(r.Events)-1]))
}

// compareResponse compares what DescribeExecution or StartSyncExecution tells.
func (c *Case) compareResponse(m *replay.Matcher, want value.Value, r *replay.Execution) error {
	var problems []error
	problems = append(problems, m.Match("status", want.Get("status"), value.String(string(r.End.Status)), false))
	for _, part := range []struct {
		name string
		got  *string
	}{{"error", r.End.Error}, {"cause", r.End.Cause}, {"output", docText(r.End.Output)}} {
		got := value.Value{}
		if part.got != nil {
			got = value.String(*part.got)
		}
		problems = append(problems, m.Match(part.name, want.Get(part.name), got, true))
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

// compareLog compares the records that the execution logged.
func (c *Case) compareLog(m *replay.Matcher, want []value.Value, r *replay.Execution) error {
	level := history.LogAll
	if l := text(c.logging, "level"); l != "" {
		level = history.LogLevel(l)
	}
	included, _ := c.logging.Get("includeExecutionData").Bool()
	var got []value.Value
	for _, e := range r.Events {
		if level.Logs(e.Type) {
			got = append(got, parse(history.Format{OmitData: !included}.AppendLog(nil, e, text(c.names, "execution_arn"), 0)))
		}
	}
	if c.recorded.Has("end_event") && len(got) > 0 {
		got = got[len(got)-1:]
	}
	if len(want) != len(got) {
		return fmt.Errorf("want %d log records, got %d", len(want), len(got))
	}
	for i := range want {
		if err := m.Match(fmt.Sprintf("log record %d", i+1), want[i], got[i], false); err != nil {
			return err
		}
	}
	return nil
}

// parse reads JSON that this program wrote.
func parse(text []byte) value.Value {
	v, err := value.Parse(string(text))
	if err != nil {
		panic("conformance: an event is not JSON: " + err.Error())
	}
	return v
}
