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

func TestTimers(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var timers clock.Timers[int]
	for i, seconds := range []int{5, 3, 3, 9, 1} {
		timers.Set(i, start.Add(time.Duration(seconds)*time.Second))
	}
	timers.Remove(4)
	timers.Remove(4)
	timers.Set(3, start.Add(2*time.Second))
	if at, ok := timers.Next(); !ok || at.Sub(start) != 2*time.Second {
		t.Errorf("next at %v, %v", at, ok)
	}
	if d := cmp.Diff([]int{3, 1, 2}, timers.Due(start.Add(4*time.Second))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if n := timers.Len(); n != 1 {
		t.Errorf("%d are left", n)
	}
}
