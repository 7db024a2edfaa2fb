package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// A recorder makes a history, a second for each event.
type recorder struct {
	id  int64
	see []func(history.Event)
}

func (r *recorder) event(previous int64, t history.Type, state string, d history.Details) int64 {
	r.id++
	e := history.Event{
		ID: r.id, PreviousID: previous, Type: t, State: state, Details: d,
		Time: time.Date(2026, 1, 1, 0, 0, int(r.id), 0, time.UTC),
	}
	for _, see := range r.see {
		see(e)
	}
	return r.id
}

func (r *recorder) enter(previous int64, kind, state string) int64 {
	return r.event(previous, history.Type(kind+"StateEntered"), state, &history.Entered{Name: state})
}

func (r *recorder) exit(previous int64, kind, state, output string) int64 {
	return r.event(previous, history.Type(kind+"StateExited"), state, &history.Exited{Name: state, Output: value.DocOf(value.String(output))})
}

func (r *recorder) schedule(previous int64, state string) int64 {
	return r.event(previous, history.TaskScheduled, state, &history.Scheduled{})
}

func (r *recorder) fail(previous int64, state string) int64 {
	return r.event(previous, history.TaskFailed, state, &history.TaskFailure{Error: history.Ref("Busy"), Cause: history.Ref("come back\nlater")})
}

// story is an execution with two branches, a retry, and a Map one of whose
// iterations fails; up to a point in it, or whole.
func (r *recorder) story(whole bool) {
	p := r.event(0, history.ExecutionStarted, "", &history.Started{})
	p = r.enter(p, "Parallel", "Both")
	p = r.event(p, history.ParallelStateStarted, "Both", nil)
	a, b := r.enter(p, "Task", "Left"), r.enter(p, "Task", "Right")
	a = r.schedule(a, "Left")
	b = r.schedule(b, "Right")
	r.exit(a, "Task", "Left", "one")
	b = r.fail(b, "Right")
	if !whole {
		return
	}
	b = r.exit(r.schedule(b, "Right"), "Task", "Right", "two")
	p = r.event(b, history.ParallelStateSucceeded, "Both", nil)
	p = r.exit(p, "Parallel", "Both", "")
	p = r.enter(p, "Map", "Each")
	p = r.event(p, history.MapStateStarted, "Each", &history.Length{Length: 2})
	one := r.event(p, history.MapIterationStarted, "Each", &history.Iteration{Name: "Each", Index: 0})
	two := r.event(p, history.MapIterationStarted, "Each", &history.Iteration{Name: "Each", Index: 1})
	r.enter(one, "Wait", "Rest")
	two = r.fail(r.schedule(r.enter(two, "Task", "Work"), "Work"), "Work")
	r.event(two, history.MapIterationFailed, "Each", &history.Iteration{Name: "Each", Index: 1})
	p = r.event(two, history.MapStateFailed, "Each", nil)
	r.event(p, history.ExecutionFailed, "", &history.Failure{Error: history.Ref("Busy"), Cause: history.Ref("come back\nlater")})
}

// redrive takes the whole story up again: the task that failed is tried once more.
func (r *recorder) redrive() {
	end := r.id
	r.event(end, history.ExecutionRedriven, "", &history.Redrive{Count: 1})
	r.schedule(end-3, "Work") // after its last event
}

func TestLiveView(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name            string
		whole, redriven bool
		want            string
	}{
		{name: "under way", want: `
⠋ Story          8.0s
  ⠋ ∥ Both       7.0s
    ✓ ■ Left     4.0s  "one"
    ⠋ ■ Right    4.0s  Busy: come back, tries again
`},
		{name: "ended", whole: true, want: `
✗ Story                 23.0s  Busy: come back
  ✓ ∥ Both              11.0s
    ✓ ■ Left             4.0s  "one"
    ✓ ■ Right 2 tries    6.0s  "two"
  ✗ ≡ Each 0/2          10.0s  Busy: come back
    – [0]                7.0s
      – ◷ Rest           5.0s
    ✗ [1]                5.0s
      ✗ ■ Work           3.0s  Busy: come back
`},
		{name: "redriven", whole: true, redriven: true, want: `
⠋ Story                  25.0s
  ✓ ∥ Both               11.0s
    ✓ ■ Left              4.0s  "one"
    ✓ ■ Right 2 tries     6.0s  "two"
  ⠋ ≡ Each 0/2           12.0s
    – [0]                 7.0s
      – ◷ Rest            5.0s
    ⠋ [1]                 9.0s
      ⠋ ■ Work 2 tries    7.0s  after Busy
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tree, paint := newTree(), painter{title: "Story"}
			r := recorder{see: []func(history.Event){func(e history.Event) { tree.add(e); paint.last = e.Time }}}
			r.story(test.whole)
			if test.redriven {
				r.redrive()
			}
			got := "\n" + strings.Join(paint.lines(paint.rows(tree.root)), "\n") + "\n"
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestLiveViewOnATerminal looks at what is left on the screen: all of the tree,
// and what the user's code printed above it.
func TestLiveViewOnATerminal(t *testing.T) {
	t.Parallel()
	var screen bytes.Buffer
	v := newLiveView(&screen, func() (int, int) { return 80, 6 }, "Story", true, nil)
	r := recorder{see: []func(history.Event){v.observe}}
	v.Write([]byte("printed"))
	r.story(true)
	v.Write([]byte(" by the user\nlast words"))
	v.close()
	_, final, ok := strings.Cut(screen.String(), "printed by the user\n")
	if !ok {
		t.Fatalf("what the user printed is not in one piece: %q", screen.String())
	}
	frames := strings.Split(final, "\x1b[J")
	last := frames[len(frames)-1]
	for _, want := range []string{"\x1b[31m✗\x1b[0m \x1b[1mStory\x1b[0m", "Right", "Work", "last words\n"} {
		if !strings.Contains(last, want) {
			t.Errorf("the last frame lacks %q:\n%s", want, last)
		}
	}
}
