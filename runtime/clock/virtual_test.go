package clock_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
)

func TestVirtual(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := clock.NewVirtual(start)
	var got []string
	at := func(d time.Duration, name string, then func()) func() {
		return c.At(start.Add(d), func() {
			got = append(got, c.Now().Sub(start).String()+" "+name)
			if then != nil {
				then()
			}
		})
	}
	c.Begin()
	at(365*24*time.Hour, "year", nil)
	at(time.Second, "a", nil)
	at(time.Second, "b", nil)
	stop := at(2*time.Second, "stopped", nil)
	at(3*time.Second, "work", c.Begin) // the clock stands still until the End below
	at(-time.Second, "past", nil)
	stop()
	c.Begin()
	c.End()
	if len(got) > 0 {
		t.Errorf("the clock moved during work: %v", got)
	}
	c.End()
	want := []string{"0s past", "1s a", "1s b", "3s work"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	c.End()
	want = append(want, "8760h0m0s year")
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
