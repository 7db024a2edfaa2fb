package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Write writes the report for people.
func (r *Report) Write(w io.Writer) error {
	t := &text{}
	t.line("%s (%s, %d items in every Map)", r.Name, r.Type, r.Items)
	t.history(r)
	t.express(r.Express)
	t.section("cost of one execution")
	turn := ""
	if len(r.Loops) > 0 {
		turn = fmt.Sprintf(", and $%s for every further transition of a loop", amount(r.Price.Transition))
	}
	t.item("%s state transitions, $%s as Standard%s", r.Transitions, money(r.Price.Standard), turn)
	t.item("$%s as Express with 64 MB", money(r.Price.Express))
	if r.Price.Children > 0 {
		t.item("$%s of it for Express child executions", amount(r.Price.Children))
	}
	t.tasks(r)
	t.section("errors that can end it")
	for _, e := range r.Uncaught {
		t.item("%s", e)
	}
	t.none(len(r.Uncaught))
	t.section("policy of its role")
	policy, err := json.MarshalIndent(r.Policy, "  ", "  ")
	if err != nil {
		return err
	}
	t.line("  %s", policy)
	_, err = io.WriteString(w, t.b.String())
	return err
}

// text is a report that is being written.
type text struct{ b strings.Builder }

func (t *text) line(format string, args ...any) { fmt.Fprintf(&t.b, format+"\n", args...) }
func (t *text) section(name string)             { t.line("\n%s", name) }
func (t *text) item(format string, args ...any) { t.line("  "+format, args...) }

func (t *text) none(n int) {
	if n == 0 {
		t.item("none")
	}
}

func (t *text) history(r *Report) {
	t.section("history")
	once := ""
	if len(r.Loops) > 0 {
		once = ", with one turn of every loop"
	}
	t.item("%s events of %s%s", r.Events.History, number(float64(r.Events.Limit)), once)
	if r.Events.WithRetries > r.Events.History.Most {
		t.item("%s events when every retry is used up", number(r.Events.WithRetries))
	}
	if r.Events.Exceeds {
		t.item("that is too much for a Standard workflow: it fails on the way")
	}
	for _, l := range r.Loops {
		t.item("loop %s: %s events a turn, room for %s turns", quoted(l.States), l.Turn, number(float64(l.Turns)))
	}
	for _, m := range r.Maps {
		if m.Distributed {
			t.item("map %q: %s events in the history of each child", m.State, m.Item)
		} else {
			t.item("map %q: %s events an item, room for %s items", m.State, m.Item, number(float64(m.Items)))
		}
	}
}

func (t *text) express(f Fitness) {
	t.section("express")
	switch f.Verdict {
	case Fits:
		t.item("it fits: %s seconds at most of 300", number(f.Seconds.Most))
	case MayFit:
		if f.Seconds.Infinite {
			t.item("it may fit: %s seconds at least by its waits, of 300, and no bound", number(f.Seconds.Least))
		} else {
			t.item("it may fit: %s seconds by its waits, timeouts and retries, of 300", f.Seconds)
		}
	case Too:
		t.item("it waits too long: %s seconds at least, of 300", number(f.Seconds.Least))
	case FitsNot:
		t.item("it does not fit")
	}
	for _, why := range f.Forbidden {
		t.item("- %s", why)
	}
	for _, why := range f.Unbounded {
		t.item("- %s", why)
	}
}

func (t *text) tasks(r *Report) {
	t.section("tasks without a timeout")
	for _, task := range r.NoTimeout {
		if task.Silent {
			t.item("%q, and without a heartbeat", task.State)
		} else {
			t.item("%q", task.State)
		}
	}
	t.none(len(r.NoTimeout))
	t.section("Lambda tasks that do not retry transient errors")
	for _, task := range r.NoRetry {
		t.item("%q: %s", task.State, strings.Join(task.Errors, ", "))
	}
	t.none(len(r.NoRetry))
}

// String writes a span as people do: 5, or 3 to 7. That it is infinite is not
// said.
func (s Span) String() string {
	switch {
	case s.Least == s.Most:
		return number(s.Least)
	}
	return number(s.Least) + " to " + number(s.Most)
}

// String describes an error in a line.
func (e Uncaught) String() string {
	name := e.Error
	switch name {
	case AnyError:
		name = "any error of the task"
	case "":
		name = "an error without a fixed name"
	}
	s := fmt.Sprintf("%s, from %q", name, e.State)
	if e.Fatal {
		s += " (no Catch helps)"
	}
	return s
}

// number writes a figure with commas between the thousands.
func number(f float64) string {
	if f >= 1e15 {
		return "countless"
	}
	digits := strconv.FormatFloat(f, 'f', -1, 64)
	whole, fraction, _ := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		return whole + "." + fraction
	}
	return whole
}

func money(s Span) string {
	low, high := amount(s.Least), amount(s.Most)
	if low == high {
		return low
	}
	return low + " to $" + high
}

// amount writes dollars with three significant digits.
func amount(f float64) string {
	if f <= 0 {
		return "0"
	}
	digits := max(2, 2-int(math.Floor(math.Log10(f))))
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(f, 'f', digits, 64), "0"), ".")
}
