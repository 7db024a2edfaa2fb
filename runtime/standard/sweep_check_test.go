package standard_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A record is what a diary says.
type record struct {
	calls    map[string]bool   // attempts that reached their handlers
	starts   []string          // acknowledged
	ends     map[string]string // what those who waited were told
	asked    map[string]int    // tokens that handlers were given
	answered map[string]bool   // tokens with an acknowledged answer
	events   map[string]string // observed: their types, by execution and id
	problems []string
}

func readRecord(lines []string) *record {
	r := &record{
		calls: make(map[string]bool), ends: make(map[string]string), answered: make(map[string]bool),
		events: make(map[string]string), asked: askedFor(lines),
	}
	for _, line := range lines {
		what, rest, _ := strings.Cut(line, " ")
		switch what {
		case "call":
			if r.calls[rest] {
				r.problem("an attempt reached its handler twice: %s", rest)
			}
			r.calls[rest] = true
		case "start":
			r.starts = append(r.starts, rest)
		case "end":
			name, result, _ := strings.Cut(rest, " ")
			r.ends[name] = result
		case "token":
			r.answered[rest] = true
		case "second":
			r.problem("two answers to a token were accepted: %s", rest)
		case "event":
			at := strings.LastIndexByte(rest, ' ')
			r.events[rest[:at]] = rest[at+1:]
		}
	}
	return r
}

func (r *record) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

// A census counts what a check has seen, so that a sweep that saw nothing fails.
type census struct {
	mu                                               sync.Mutex
	executions, unfinished, interrupted, late, empty int
}

func (c *census) String() string {
	return fmt.Sprintf("%d executions, %d of them unfinished, %d attempts interrupted, %d late answers, %d empty stores",
		c.executions, c.unfinished, c.interrupted, c.late, c.empty)
}

// checkStore holds the claims of Standard against what is left in a folder: at
// rest, and when an engine goes on with it. It returns what is wrong.
func checkStore(folder string, lines []string, generation int, b bug, seen *census) []string {
	r := readRecord(lines)
	var mu sync.Mutex // of r, which handlers tell of calls
	answer := func(e *preyEngine, token string, n int) {
		if err := e.SendTaskSuccess(context.Background(), token, value.DocOf(value.Int(int64(n+1)))); err != nil {
			mu.Lock()
			defer mu.Unlock()
			r.problem("the answer to a task that waits was refused: %v", err)
		}
	}
	note := func(line string) error {
		mu.Lock()
		defer mu.Unlock()
		switch what, rest, _ := strings.Cut(line, " "); {
		case what == "call" && r.calls[rest]:
			r.problem("an attempt reached its handler again after the crash: %s", rest)
		case what == "call":
			r.calls[rest] = true
		}
		return nil
	}
	e, err := openPrey(folder, generation, b, note, answer)
	if err != nil {
		return append(r.problems, "the store cannot be opened: "+err.Error())
	}
	problems := e.check(r, &mu, seen)
	if err := e.close(); err != nil {
		problems = append(problems, "the engine does not end: "+err.Error())
	}
	mu.Lock()
	defer mu.Unlock()
	return append(r.problems, problems...)
}

// check returns what is wrong besides what went into the record.
func (e *preyEngine) check(r *record, mu *sync.Mutex, seen *census) (problems []string) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	problem := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	mu.Lock()
	calls := make([]string, 0, len(r.calls))
	for call := range r.calls {
		calls = append(calls, call)
	}
	mu.Unlock()
	late := e.checkTokens(ctx, r, problem)
	e.clock.End()
	for _, name := range r.starts {
		if _, err := e.Describe(ctx, preyARN+name); err != nil {
			problem("the acknowledged execution %s: %v", name, err)
		}
	}
	for _, call := range calls {
		name, _, _ := strings.Cut(call, "/")
		if _, err := e.Describe(ctx, preyARN+name); err != nil {
			problem("%s was called: %v", call, err)
		}
	}
	for name, result := range r.ends {
		if d, err := e.Describe(ctx, preyARN+name); err == nil && outcome(d) != result {
			problem("%s had ended with %s, now it is %s", name, result, outcome(d))
		}
	}
	executions, interrupted, unfinished := e.checkExecutions(ctx, r, problem)
	seen.mu.Lock()
	defer seen.mu.Unlock()
	seen.executions += executions
	seen.interrupted += interrupted
	seen.unfinished += unfinished
	seen.late += late
	if executions == 0 {
		seen.empty++
	}
	return problems
}

// checkTokens answers the tokens that handlers were given before the crash: an
// answer that was acknowledged counts, so that another is late; the others are
// answered now.
func (e *preyEngine) checkTokens(ctx context.Context, r *record, problem func(string, ...any)) (late int) {
	for token, n := range r.asked {
		if r.answered[token] {
			n = -1000
		}
		switch err := e.SendTaskSuccess(ctx, token, value.DocOf(value.Int(int64(n+1)))); {
		case err == nil && r.answered[token]:
			problem("the acknowledged answer to %s was lost", token)
		case errors.Is(err, standard.ErrTaskTimedOut):
			late++
		case err != nil:
			problem("a token that a handler was given: %v", err)
		}
	}
	return late
}

// checkExecutions waits until all executions have ended and looks at each.
func (e *preyEngine) checkExecutions(ctx context.Context, r *record, problem func(string, ...any)) (executions, interrupted, unfinished int) {
	machines, err := e.db.Machines(ctx)
	if err != nil {
		problem("%v", err)
	}
	histories := make(map[string]history.Type)
	for _, m := range machines {
		// Children come while their parents go on: trunks have ended first.
		if m.Name == "trunk" {
			list, err := e.db.List(ctx, store.Query{Machine: m.ID, Limit: 1 << 20})
			if err != nil {
				problem("%v", err)
			}
			for _, x := range list {
				if x.Status == store.Running {
					unfinished++
				}
				if d, err := e.Wait(ctx, preyARN+"trunk:"+x.Name); err != nil {
					problem("trunk:%s does not end: %v", x.Name, err)
				} else if outcome(d) != "SUCCEEDED 4" {
					problem("trunk:%s came to %s", x.Name, outcome(d))
				}
			}
		}
	}
	for _, m := range machines {
		list, err := e.db.List(ctx, store.Query{Machine: m.ID, Limit: 1 << 20})
		if err != nil {
			problem("%v", err)
		}
		for _, x := range list {
			executions++
			name := m.Name + ":" + x.Name
			interrupted += e.checkEvents(ctx, name, histories, problem)
			e.checkJournal(ctx, x.ID, name, problem)
		}
	}
	for event, kind := range r.events {
		if now := histories[event]; string(now) != kind {
			problem("event %s was a %s, now it is %q", event, kind, now)
		}
	}
	return executions, interrupted, unfinished
}

// checkEvents checks that the history of an execution has no gaps and nothing
// after its end, and that its timer fired once and not too early.
func (e *preyEngine) checkEvents(ctx context.Context, name string, histories map[string]history.Type, problem func(string, ...any)) (interrupted int) {
	var last, entered history.Event
	waited := 0
	for event, err := range e.History(ctx, preyARN+name, false) {
		if err != nil {
			problem("the history of %s: %v", name, err)
			return interrupted
		}
		if event.ID != last.ID+1 || event.PreviousID >= event.ID || last.Type.Terminal() || event.Time.Before(last.Time) {
			problem("%s: event %d (%s) after %d (%s)", name, event.ID, event.Type, last.ID, last.Type)
		}
		switch event.Type {
		case history.WaitStateEntered:
			entered = event
		case history.WaitStateExited:
			waited++
			if d := event.Time.Sub(entered.Time); d < preyWait || waited > 1 {
				problem("%s: timer %d fired after %v", name, waited, d)
			}
		}
		if f, ok := event.Details.(*history.TaskFailure); ok && f.Error != nil && *f.Error == task.Interrupted {
			interrupted++
		}
		histories[fmt.Sprint(name, " ", event.ID)] = event.Type
		last = event
	}
	if last.Type != history.ExecutionSucceeded {
		problem("%s ended with %q", name, last.Type)
	}
	return interrupted
}

// checkJournal checks that a journal has no gaps and that no timer is in it
// twice.
func (e *preyEngine) checkJournal(ctx context.Context, id int64, name string, problem func(string, ...any)) {
	fired := make(map[int64]bool)
	seq := int64(0)
	for entry, err := range e.db.Journal(ctx, id) {
		if err != nil {
			problem("the journal of %s: %v", name, err)
			return
		}
		if seq++; entry.Seq != seq {
			problem("%s: entry %d comes as number %d", name, entry.Seq, seq)
		}
		var steps []struct {
			In []struct {
				E     string
				Timer int64
			}
		}
		if err := json.Unmarshal(entry.Data, &steps); err != nil {
			problem("%s: entry %d: %v", name, seq, err)
		}
		for _, step := range steps {
			for _, in := range step.In {
				if in.E == "TimerFired" && fired[in.Timer] {
					problem("%s: timer %d fired twice", name, in.Timer)
				}
				fired[in.Timer] = fired[in.Timer] || in.E == "TimerFired"
			}
		}
	}
}

// databaseFiles are the files of the prey's database.
func databaseFiles(folder string) []string {
	return []string{filepath.Join(folder, "x.db"), filepath.Join(folder, "x.db-wal"), filepath.Join(folder, "x.db-journal")}
}
