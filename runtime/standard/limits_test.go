package standard_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
)

// An execution takes a year at most.
func TestLimitOfAYear(t *testing.T) {
	t.Parallel()
	c := clock.NewVirtual(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	b := newBed(t, "", standard.Options{Clock: c})
	b.machine("m", machine("A", `"A": {"Type": "Wait", "Seconds": 31536001, "End": true}`), nil)
	c.Begin()
	arn := b.start("m", "", "{}")
	b.reopen()
	c.End()
	d := b.wait(arn)
	if took := d.Stopped.Sub(d.Started); outcome(d) != "TIMED_OUT" || took != 365*24*time.Hour {
		t.Errorf("%s after %v", outcome(d), took)
	}
}

// A history has 25,000 events at most, the end included.
func TestLimitOfEvents(t *testing.T) {
	both(t, func(t *testing.T, b *bed) {
		b.machine("m", machine("A", `"A": {"Type": "Pass", "Next": "A"}`), nil)
		arn := b.start("m", "", "{}")
		if got := outcome(b.wait(arn)); !strings.HasPrefix(got, "FAILED States.Runtime") {
			t.Error(got)
		}
		n := int64(0)
		var last history.Type
		for e, err := range b.History(t.Context(), arn, false) {
			if n++; err != nil || e.ID != n {
				t.Fatalf("event %d: %+v, %v", n, e, err)
			}
			last = e.Type
		}
		if n != 25000 || last != history.ExecutionFailed {
			t.Errorf("%d events, the last is %s", n, last)
		}
	})
}

// Inputs, and answers to tokens, have 256 KiB at most. What is refused changes
// nothing.
func TestLimitOfData(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		most := doc(t, `"`+strings.Repeat("x", 256<<10-2)+`"`)
		more := doc(t, `"`+strings.Repeat("x", 256<<10-1)+`"`)
		ctx, asked := t.Context(), make(chan string, 1)
		b := newBed(t, "", standard.Options{Retention: -1})
		b.machine("m", machine("A", `"A":`+callback(`"End": true`)), tokens(asked))
		if _, err := b.Start(ctx, "m", "x", more); !errors.Is(err, standard.ErrInvalidExecutionInput) {
			t.Error(err)
		}
		x, err := b.Start(ctx, "m", "x", most)
		if err != nil {
			t.Fatal(err)
		}
		token := <-asked
		if err := b.SendTaskSuccess(ctx, token, more); !errors.Is(err, standard.ErrValidation) {
			t.Errorf("a large output: %v", err)
		}
		long := strings.Repeat("x", 32769)
		if err := b.SendTaskFailure(ctx, token, &long, nil); !errors.Is(err, standard.ErrValidation) {
			t.Errorf("a long name: %v", err)
		}
		if err := b.SendTaskFailure(ctx, token, nil, &long); !errors.Is(err, standard.ErrValidation) {
			t.Errorf("a long cause: %v", err)
		}
		if _, err := b.Stop(ctx, x.ARN, nil, &long); !errors.Is(err, standard.ErrValidation) {
			t.Errorf("a long cause of Stop: %v", err)
		}
		if err := b.SendTaskSuccess(ctx, token, most); err != nil {
			t.Error(err)
		}
		if d := b.waitLong(x.ARN); outcome(d) != "SUCCEEDED "+most.Text() {
			t.Error(d.Status)
		}
	})
}
