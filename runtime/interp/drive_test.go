package interp_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

var start = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)

// compile makes a machine of a definition that is known to be right.
func compile(t testing.TB, definition string) *graph.Machine {
	t.Helper()
	document, list := asl.Decode([]byte(definition), "test.asl.json")
	if list.HasErrors() {
		t.Fatal(list)
	}
	m, list := graph.Compile(&document.Machine)
	if list.HasErrors() {
		t.Fatal(list)
	}
	return m
}

func doc(t testing.TB, text string) *value.Doc {
	t.Helper()
	d, err := value.ParseDoc(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A driver carries out commands at once, on virtual time.
type driver struct {
	x *interp.Execution
	// A task is answered at once by handle, or by what play says will happen.
	handle func(*interp.InvokeTask) interp.Event
	play   func(*interp.InvokeTask, time.Time) []moment

	// stored writes the execution out and reads it back after every step.
	stored func(*interp.Execution) (*interp.Execution, error)
	// redrives say how long after each end the execution is taken up again.
	redrives []time.Duration

	now    time.Time
	timers []interp.StartTimer
	chunks [][]history.Event // the history, without moving what is there
	end    *interp.Complete
	next   []interp.Event
	later  []moment
}

// A moment is what happens at some time.
type moment struct {
	at    time.Time
	event interp.Event
}

var errStuck = errors.New("the execution waits for ever")

func (d *driver) run(s *interp.Started) error {
	if d.now.IsZero() {
		d.now = start
	}
	d.next = append(d.next[:0], s)
	for d.end == nil {
		if err := d.step(); err != nil {
			return err
		}
		d.redrive()
		if d.end == nil && len(d.next) == 0 && !d.pass() {
			return errStuck
		}
	}
	return nil
}

// redrive takes the execution up again if it has ended and that is wanted.
func (d *driver) redrive() {
	if d.end == nil || len(d.redrives) == 0 {
		return
	}
	d.now, d.redrives = d.now.Add(d.redrives[0]), d.redrives[1:]
	d.end, d.timers, d.later = nil, nil, nil
	d.next = append(d.next[:0], &interp.Redriven{})
}

func (d *driver) step() error {
	out, err := d.x.Step(d.now, d.next...)
	if err != nil && !errors.Is(err, interp.ErrNotPending) {
		return err
	}
	d.keep(out.Events)
	d.next = d.next[:0]
	for _, c := range out.Commands {
		switch c := c.(type) {
		case *interp.InvokeTask:
			if d.play != nil {
				d.later = append(d.later, d.play(c, d.now)...)
			} else if e := d.handle(c); e != nil {
				d.next = append(d.next, e)
			}
		case *interp.LookupActivity:
			d.next = append(d.next, &interp.ActivityFound{Lookup: c.Lookup})
		case *interp.StartTimer:
			d.timers = append(d.timers, *c)
		case *interp.CancelTimer:
			d.drop(c.Timer)
		case *interp.Complete:
			d.end = c
		}
	}
	if d.stored != nil {
		d.x, err = d.stored(d.x)
		return err
	}
	return nil
}

func (d *driver) keep(events []history.Event) {
	last := len(d.chunks) - 1
	if last < 0 || cap(d.chunks[last])-len(d.chunks[last]) < len(events) {
		size := 8
		if last >= 0 {
			size = min(2*cap(d.chunks[last]), 4096)
		}
		d.chunks = append(d.chunks, make([]history.Event, 0, max(size, len(events))))
		last++
	}
	d.chunks[last] = append(d.chunks[last], events...)
}

// history returns the events in one slice.
func (d *driver) history() []history.Event { return slices.Concat(d.chunks...) }

func (d *driver) drop(id interp.TimerID) {
	for i := range d.timers {
		if d.timers[i].Timer == id {
			d.timers = append(d.timers[:i], d.timers[i+1:]...)
			return
		}
	}
}

// pass lets the time pass up to the next thing that happens.
func (d *driver) pass() bool {
	at := -1
	for i := range d.later {
		if at < 0 || d.later[i].at.Before(d.later[at].at) {
			at = i
		}
	}
	if at < 0 {
		return d.fire()
	}
	if first, ok := d.earliest(); ok && first.At.Before(d.later[at].at) {
		return d.fire()
	}
	m := d.later[at]
	d.later = append(d.later[:at], d.later[at+1:]...)
	if m.at.After(d.now) {
		d.now = m.at
	}
	d.next = append(d.next, m.event)
	return true
}

func (d *driver) earliest() (first interp.StartTimer, ok bool) {
	for i, t := range d.timers {
		if i == 0 || t.At.Before(first.At) {
			first, ok = t, true
		}
	}
	return first, ok
}

func (d *driver) fire() bool {
	first, ok := d.earliest()
	if !ok {
		return false
	}
	d.drop(first.Timer)
	if first.At.After(d.now) {
		d.now = first.At
	}
	d.next = append(d.next, &interp.TimerFired{Timer: first.Timer})
	return true
}
