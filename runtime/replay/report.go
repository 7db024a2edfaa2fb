package replay

import (
	"errors"
	"fmt"
	"os"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// Options says how to replay. The zero Options are fine for a Standard workflow.
type Options struct {
	// Input replaces the input of the recording; nil keeps it.
	Input *value.Doc
	// ExecutionARN is the ARN of the execution, which no history tells. When it is
	// empty, its parts may be anything.
	ExecutionARN string
	// Express replays with the limits of an Express workflow.
	Express bool
	// Answer gives the outcomes of tasks that were not recorded, such as an edited
	// definition has; nil has none. They come at once.
	Answer func(*interp.InvokeTask) *Outcome
}

// A Report is what came of a replay.
type Report struct {
	// Difference is where the replay and the recording part first, nil when they
	// are the same.
	Difference *Difference
	// Reordered says that they are the same but for the order in which the events
	// of concurrent branches were recorded.
	Reordered bool
	// Events are those of the replay.
	Events []history.Event
	// End is how the replay ended; nil when it got stuck.
	End *interp.Complete
	// Missing are tasks without a recorded outcome, at which the replay got stuck.
	Missing []*interp.InvokeTask
	// Changed are tasks that were called with other parameters than in the
	// recording: their outcomes may not hold.
	Changed []Call
	// Unused are outcomes that no task of the replay took.
	Unused []*Outcome
	// Answered counts the tasks that Options.Answer answered.
	Answered int

	tokens []string
}

// A Call is a task of a replay with the outcome that it took.
type Call struct {
	Task    *interp.InvokeTask
	Outcome *Outcome
}

// Compile reads a definition for a replay. The error lists what AWS would refuse.
func Compile(definition []byte, file string) (*graph.Machine, error) {
	document, list := asl.Decode(definition, file)
	if err := list.Err(); err != nil || document == nil {
		return nil, err
	}
	m, list := graph.Compile(&document.Machine)
	return m, list.Err()
}

// Run replays a recording. With the definition that it was made with everything
// should be the same: a difference shows that the definition is another one, or
// that it drew random numbers. Dates and times are not compared.
//
// An edited definition that does something which was not recorded gets stuck
// there, or takes what Options.Answer gives.
func Run(m *graph.Machine, r *Recording, o Options) (*Report, error) {
	report := &Report{}
	done, err := r.replay(m, o, report)
	if err != nil {
		return nil, err
	}
	report.Events, report.End = done.Events, done.End
	report.Difference, report.Reordered = compare(r.events, r.asEvents(report.Events, report.tokens), r.ended())
	return report, nil
}

// replay runs a machine with the outcomes of the recording, and notes in the
// report how its tasks took them.
func (r *Recording) replay(m *graph.Machine, o Options, report *Report) (*Execution, error) {
	w := &World{Outcomes: Outcomes(r.events), Timed: true, Now: timeOf(r.events[0]), MapRun: r.mapRun(), Redrives: r.redrives()}
	w.Find = func(list []*Outcome, t *interp.InvokeTask) *Outcome {
		if t.Token != "" {
			report.tokens = append(report.tokens, t.Token)
		}
		found := next(list, t)
		if found != nil && !found.fits(t) {
			report.Changed = append(report.Changed, Call{t, found})
		}
		return found
	}
	w.Imitate = func(t *interp.InvokeTask) *Outcome {
		if o.Answer == nil {
			return nil
		}
		answer := o.Answer(t)
		if answer != nil {
			report.Answered++
		}
		return answer
	}
	if r.Status() == "ABORTED" {
		name, cause := r.Failure()
		w.Stop, w.StopAfter = &interp.Stopped{Error: name, Cause: cause}, len(r.events)-1
	}
	done, err := w.Run(m, r.started(o))
	var stuck *StuckError
	if errors.As(err, &stuck) {
		report.Missing, err = stuck.Tasks, nil
	}
	for _, out := range w.Outcomes {
		if !out.used {
			report.Unused = append(report.Unused, out)
		}
	}
	return done, err
}

// fits reports whether a task is called as it was recorded, but for its token.
func (o *Outcome) fits(t *interp.InvokeTask) bool {
	was := o.Parameters()
	if was.IsUndefined() || t.Token != "" {
		return true
	}
	is := value.String(uuid.ReplaceAllString(t.Parameters.Value().String(), "<uuid:$0>"))
	return ownMatcher().Match("", is, value.String(was.String()), false) == nil
}

// mapRun answers for distributed Map states with what was recorded of them: how
// the run ended, and the output of the state for its result.
func (r *Recording) mapRun() func(*interp.StartMapRun) (interp.Event, error) {
	at := 0
	return func(c *interp.StartMapRun) (interp.Event, error) {
		for ; at < len(r.events); at++ {
			e := r.events[at]
			switch text(e, "type") {
			case "MapRunFailed":
				at++
				d := details(e)
				return &interp.MapRunFailed{Run: c.Run, Error: Text(d.Get("error")), Cause: Text(d.Get("cause"))}, nil
			case "MapRunSucceeded":
				return r.mapResult(c, &at)
			}
		}
		return nil, fmt.Errorf("the state %q starts a map run, whose end was not recorded", c.State)
	}
}

// mapResult takes the output of the state for the result of its run, which no
// event has.
func (r *Recording) mapResult(c *interp.StartMapRun, at *int) (interp.Event, error) {
	for ; *at < len(r.events); *at++ {
		e := r.events[*at]
		if text(e, "type") != "MapStateExited" || text(details(e), "name") != c.State {
			continue
		}
		if s := c.Map; s.Output != nil || s.Selector != nil || s.Path != nil || s.OutputPath != nil {
			return nil, fmt.Errorf("the state %q makes its output from the result of a map run, which no history has: it cannot be replayed", c.State)
		}
		*at++
		return &interp.MapRunSucceeded{Run: c.Run, Output: Document(details(e).Get("output"))}, nil
	}
	return nil, fmt.Errorf("the result of the map run of state %q was not recorded", c.State)
}

// Same reports whether the replay went as recorded.
func (r *Report) Same() bool { return r.Difference == nil && len(r.Missing) == 0 }

// A Verdict says whether an edited definition would have saved the execution.
type Verdict string

// The verdicts.
const (
	Saved    Verdict = "SAVED"     // it succeeds
	NotSaved Verdict = "NOT_SAVED" // it does not
	Unknown  Verdict = "UNKNOWN"   // it needs what was not recorded
)

// Verdict says whether the replay succeeded. It holds as far as the outcomes of
// the tasks in Changed hold.
func (r *Report) Verdict() Verdict {
	switch {
	case r.End == nil:
		return Unknown
	case r.End.Status == interp.Succeeded:
		return Saved
	}
	return NotSaved
}

// Parameters are those of the recorded attempt, undefined when there are none.
func (o *Outcome) Parameters() value.Value {
	for _, name := range []string{"parameters", "input"} {
		if v := o.Scheduled.Get(name); !v.IsUndefined() {
			return Document(v).Value()
		}
	}
	return value.Value{}
}

// Files replays a history with a definition, both in files, for tests.
func Files(definition, recording string, o Options) (*Report, error) {
	text, err := os.ReadFile(definition)
	if err != nil {
		return nil, err
	}
	m, err := Compile(text, definition)
	if err != nil {
		return nil, err
	}
	if text, err = os.ReadFile(recording); err != nil {
		return nil, err
	}
	r, err := Read(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", recording, err)
	}
	return Run(m, r, o)
}
