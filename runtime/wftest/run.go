package wftest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// A Run is an execution that has ended. Its checks report failures to the test,
// with the course of the execution, and let the test go on, except where a
// result is wanted that is not there.
type Run[Out any] struct {
	t testing.TB
	// Result is what the execution came to, with its history.
	Result *express.Result
}

// Succeeded returns the output; the test ends when there is none.
func (r *Run[Out]) Succeeded() Out {
	r.t.Helper()
	var out Out
	if r.Result.Status != interp.Succeeded {
		r.t.Fatalf("the execution did not succeed: %s\n%s", r.outcome(), r.course())
	}
	if err := json.Unmarshal([]byte(r.Result.Output.Text()), &out); err != nil {
		r.t.Fatalf("the output does not fit %T: %v\noutput: %s", out, err, r.Result.Output.Text())
	}
	return out
}

// Failed checks that the execution failed with an error of this name, and
// returns the cause.
func (r *Run[Out]) Failed(name string) (cause string) {
	r.t.Helper()
	if r.Result.Status != interp.Failed || r.Result.Error != name {
		r.t.Errorf("the execution should fail with %s: %s\n%s", name, r.outcome(), r.course())
	}
	return r.Result.Cause
}

// TimedOut checks that the execution as a whole timed out.
func (r *Run[Out]) TimedOut() {
	r.t.Helper()
	if r.Result.Status != interp.TimedOut {
		r.t.Errorf("the execution should time out: %s\n%s", r.outcome(), r.course())
	}
}

// Took checks how long the execution took in virtual time.
func (r *Run[Out]) Took(want time.Duration) {
	r.t.Helper()
	if got := r.Result.Stopped.Sub(r.Result.Started); got != want {
		r.t.Errorf("the execution took %v, want %v\n%s", got, want, r.course())
	}
}

// States returns the names of the states in the order in which they were
// entered. A state that was entered again is there again; a retry does not enter.
func (r *Run[Out]) States() []string {
	var names []string
	for _, e := range r.Result.History {
		if entered, ok := e.Details.(*history.Entered); ok {
			names = append(names, entered.Name)
		}
	}
	return names
}

// Path checks that exactly these states were entered, in this order.
func (r *Run[Out]) Path(states ...string) {
	r.t.Helper()
	if got := r.States(); !slices.Equal(got, states) {
		r.t.Errorf("states entered: %s\n          want: %s\n%s", strings.Join(got, " → "), strings.Join(states, " → "), r.course())
	}
}

// Visited checks that each of these states was entered.
func (r *Run[Out]) Visited(states ...string) {
	r.t.Helper()
	entered := r.States()
	for _, name := range states {
		if !slices.Contains(entered, name) {
			r.t.Errorf("state %q was not visited\n%s", name, r.course())
		}
	}
}

// NotVisited checks that none of these states was entered.
func (r *Run[Out]) NotVisited(states ...string) {
	r.t.Helper()
	for _, name := range r.States() {
		if slices.Contains(states, name) {
			r.t.Errorf("state %q was visited\n%s", name, r.course())
		}
	}
}

func (r *Run[Out]) outcome() string {
	x := r.Result
	if x.Status == interp.Succeeded {
		return "it succeeded with " + short(x.Output.Text())
	}
	text := "it is " + string(x.Status)
	if x.Error != "" || x.Cause != "" {
		text += fmt.Sprintf(" with %s: %s", x.Error, x.Cause)
	}
	return text
}

// course tells what happened: a line for each thing that a reader wants to know.
func (r *Run[Out]) course() string {
	var b strings.Builder
	b.WriteString("course of the execution:\n")
	for _, e := range r.Result.History {
		if text := tell(e); text != "" {
			fmt.Fprintf(&b, "%10s  %-24s %s\n", "+"+e.Time.Sub(r.Result.Started).String(), e.State, text)
		}
	}
	return b.String()
}

func tell(e history.Event) string {
	switch d := e.Details.(type) {
	case *history.Started:
		return "input " + short(d.Input.Text())
	case *history.Entered:
		return "entered with " + short(d.Input.Text())
	case *history.Exited:
		return "left with " + short(d.Output.Text())
	case *history.Scheduled:
		return "calls " + d.ResourceType + ":" + d.Resource + " with " + short(d.Parameters.Text())
	case *history.TaskFailure:
		return failure(e.Type, d.Error, d.Cause)
	case *history.Failure:
		return failure(e.Type, d.Error, d.Cause)
	case *history.Evaluation:
		return "cannot evaluate " + d.Location + ": " + d.Cause
	case *history.Iteration:
		if e.Type == history.MapIterationStarted {
			return fmt.Sprintf("iteration %d", d.Index)
		}
	}
	return ""
}

func failure(t history.Type, name, cause *string) string {
	text := string(t)
	for _, s := range []*string{name, cause} {
		if s != nil {
			text += ": " + short(*s)
		}
	}
	return text
}

func short(s string) string {
	const most = 120
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}
