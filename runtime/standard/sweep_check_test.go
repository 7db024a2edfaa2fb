package standard_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A record is what a diary says.
type record struct {
	calls    map[string]bool   // attempts that reached their handlers
	ends     map[string]string // what those who waited were told
	asked    map[string]int    // tokens that were given out
	answered map[string]bool   // tokens with an acknowledged answer
	events   map[string]string // observed: their types, by execution and id
	redriven []string          // acknowledged
	express  []string          // acknowledged starts, by input
	ran      map[string]bool   // Express executions that reached their handler, by input
	versions []string          // acknowledged
	alias    int64             // the last version that was acknowledged for it
	editions map[string]string // executions, and the versions that they have

	generation int
	seen       map[string]int // when something was last heard of an execution
	purging    int            // the last generation that purged
	problems   []string
}

func readRecord(lines []string) *record {
	r := &record{
		calls: make(map[string]bool), ends: make(map[string]string), answered: make(map[string]bool),
		events: make(map[string]string), asked: make(map[string]int), ran: make(map[string]bool),
		editions: make(map[string]string), seen: make(map[string]int),
	}
	for _, line := range lines {
		what, rest, _ := strings.Cut(line, " ")
		r.read(what, rest)
	}
	return r
}

func (r *record) read(what, rest string) {
	first, second, _ := strings.Cut(rest, " ")
	switch what {
	case "generation":
		fmt.Sscan(rest, &r.generation)
	case "purge":
		r.purging = r.generation
	case "call":
		if r.calls[rest] {
			r.problem("an attempt reached its handler twice: %s", rest)
		}
		r.calls[rest] = true
		r.see(executionOf(rest))
	case "start":
		r.see(rest)
	case "end":
		r.ends[first] = second
		r.see(first)
	case "ask":
		if _, again := r.asked[first]; again {
			r.problem("a token was given out twice: %s", first)
		}
		n := 0
		fmt.Sscan(second, &n)
		r.asked[first] = n
	case "token":
		r.answered[rest] = true
	case "second":
		r.problem("two answers to a token were accepted: %s", rest)
	case "event":
		at := strings.LastIndexByte(rest, ' ')
		r.events[rest[:at]] = rest[at+1:]
		r.see(first)
	case "redriven":
		r.redriven = append(r.redriven, rest)
	case "express":
		r.express = append(r.express, rest)
	case "ran":
		r.ran[rest] = true
	case "version":
		r.versions = append(r.versions, rest)
	case "alias":
		fmt.Sscan(rest, &r.alias)
	case "edition":
		r.editions[first] = second
	}
}

// executionOf is the execution that an attempt belongs to.
func executionOf(call string) string {
	name, attempt, _ := strings.Cut(call, ":")
	id, _, _ := strings.Cut(attempt, "/")
	return name + ":" + id
}

func (r *record) see(execution string) { r.seen[execution] = r.generation }

// purged reports whether an execution may be gone: there was a purge after the
// day on which something was last heard of it.
func (r *record) purged(execution string) bool { return r.seen[execution] < r.purging }

func (r *record) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

// A census counts what a check has seen, so that a sweep that saw nothing fails.
type census struct {
	mu                                               sync.Mutex
	executions, unfinished, interrupted, late, empty int
	redriven, reran, purged                          int // by the check
}

func (c *census) String() string {
	return fmt.Sprintf("%d executions, %d of them unfinished, %d attempts interrupted, %d late answers, %d empty stores, %d redrives, %d Express executions run again, %d executions purged",
		c.executions, c.unfinished, c.interrupted, c.late, c.empty, c.redriven, c.reran, c.purged)
}

// checkStore holds the claims against what is left in a folder: at rest, and when
// an engine goes on with it. It returns what is wrong.
func checkStore(folder string, w *workload, lines []string, generation int, b bug, seen *census) []string {
	c := checkup{record: readRecord(lines)}
	e, err := openPrey(folder, w, generation, b, c.note, c.answer)
	if err != nil {
		return append(c.record.problems, "the store cannot be opened: "+err.Error())
	}
	c.preyEngine = e
	c.check()
	if err := e.close(); err != nil {
		c.problem("the engine does not end: %v", err)
	}
	c.checkExpress()
	c.checkLeftovers(filepath.Join(folder, "x.db"))
	seen.add(&c.census)
	return c.record.problems
}

func (c *census) add(o *census) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.executions += o.executions
	c.unfinished += o.unfinished
	c.interrupted += o.interrupted
	c.late += o.late
	c.redriven += o.redriven
	c.reran += o.reran
	c.purged += o.purged
	if o.executions == 0 {
		c.empty++
	}
}

// A checkup is an engine that goes on with what is left, and is watched.
type checkup struct {
	*preyEngine
	mu     sync.Mutex // of the record: handlers tell of calls
	record *record
	census
}

func (c *checkup) problem(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.record.problem(format, args...)
}

// note is told what happens now.
func (c *checkup) note(line string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch what, rest, _ := strings.Cut(line, " "); what {
	case "call":
		if c.record.calls[rest] {
			c.record.problem("an attempt reached its handler again after the crash: %s", rest)
		}
		c.record.calls[rest] = true
	case "ran":
		if c.record.ran[rest] {
			c.reran++
		}
		c.record.ran[rest] = true
	case "ask":
		token, _, _ := strings.Cut(rest, " ")
		if _, again := c.record.asked[token]; again {
			c.record.problem("a token was given out again after the crash: %s", token)
		}
	}
	return nil
}

func (c *checkup) answer(e *preyEngine, token string, n int) {
	err := e.SendTaskSuccess(context.Background(), token, value.DocOf(value.Int(int64(n+1))))
	if err != nil {
		c.problem("the answer to a task that waits was refused: %v", err)
	}
}

func (c *checkup) check() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	c.checkTokens(ctx)
	c.clock.End()
	for name := range c.record.seen {
		switch d, err := c.Describe(ctx, preyARN+name); {
		case err != nil && !c.record.purged(name):
			c.problem("%s is gone: %v", name, err)
		case err == nil && c.record.ends[name] != "" && outcome(d) != c.record.ends[name]:
			c.problem("%s had ended with %s, now it is %s", name, c.record.ends[name], outcome(d))
		}
	}
	c.checkExecutions(ctx)
	for _, name := range c.record.redriven {
		if d, err := c.Describe(ctx, preyARN+name); err == nil && d.RedriveCount == 0 {
			c.problem("the acknowledged redrive of %s was lost", name)
		}
	}
	if c.workload.check != nil {
		c.workload.check(ctx, c.preyEngine, c.record, c.problem)
	}
	n, err := c.Purge(ctx)
	if err != nil {
		c.problem("purge: %v", err)
	}
	c.purged = n
}

// checkTokens answers the tokens that were given out before the crash: an answer
// that was acknowledged counts, so that another is late; the others are answered
// now.
func (c *checkup) checkTokens(ctx context.Context) {
	for token, n := range c.record.asked {
		if c.record.answered[token] {
			n = -1000
		}
		switch err := c.SendTaskSuccess(ctx, token, value.DocOf(value.Int(int64(n+1)))); {
		case err == nil && c.record.answered[token]:
			c.problem("the acknowledged answer to %s was lost", token)
		case errors.Is(err, standard.ErrTaskTimedOut):
			c.late++
		case errors.Is(err, standard.ErrTaskDoesNotExist) && c.record.purging > 0: // gone with its execution
		case err != nil:
			c.problem("a token that was given out: %v", err)
		}
	}
}

// checkExecutions waits until all executions have ended and looks at each.
// Children come while their parents go on: the machines go from the last to the
// first.
func (c *checkup) checkExecutions(ctx context.Context) {
	machines, err := c.db.Machines(ctx)
	if err != nil {
		c.problem("%v", err)
	}
	slices.Reverse(machines)
	histories := make(map[string]history.Type)
	for _, m := range machines {
		c.checkMachine(ctx, m.Name, m.ID, histories)
		if c.branches(m.Name) {
			c.checkMachine(ctx, m.Name, -m.ID, histories) // the children of its map runs
		}
	}
	for event, kind := range c.record.events {
		name, _, _ := strings.Cut(event, " ")
		if now := histories[event]; string(now) != kind && !c.record.purged(name) {
			c.problem("event %s was a %s, now it is %q", event, kind, now)
		}
	}
}

// branches reports whether a machine has map runs.
func (w *workload) branches(machine string) bool {
	for name := range w.ends {
		if strings.HasPrefix(name, machine+"/") {
			return true
		}
	}
	return false
}

func (c *checkup) checkMachine(ctx context.Context, name string, id int64, histories map[string]history.Type) {
	list, err := c.db.List(ctx, store.Query{Machine: id, Limit: 1 << 20})
	if err != nil {
		c.problem("%v", err)
	}
	for i := range list {
		c.checkExecution(ctx, name, &list[i], histories)
	}
}

func (c *checkup) checkExecution(ctx context.Context, machine string, x *store.Execution, histories map[string]history.Type) {
	c.executions++
	if x.Status == store.Running {
		c.unfinished++
	}
	kind := "execution"
	if x.Machine < 0 {
		machine += "/" + x.Alias
	}
	if x.Kernel == 0 {
		kind = "express"
	}
	name := machine + ":" + x.Name
	arn := strings.Replace(preyARN, "execution", kind, 1) + name
	d, err := c.settled(ctx, machine, arn)
	if err != nil {
		c.problem("%s does not end: %v", name, err)
		return
	}
	if !slices.ContainsFunc(c.ends[machine], func(end string) bool { return strings.HasPrefix(outcome(d), end) }) {
		c.problem("%s came to %s", name, outcome(d))
	}
	if kind == "execution" {
		c.checkEvents(ctx, name, d.RedriveCount, histories)
	}
	c.checkJournal(ctx, x.ID, name)
}

// settled waits for an execution, and redrives it as the prey would have done.
func (c *checkup) settled(ctx context.Context, machine, arn string) (*standard.Description, error) {
	d, err := c.Wait(ctx, arn)
	if err != nil || machine != "redo" || d.Status != interp.Failed || d.RedriveCount > 0 {
		return d, err
	}
	c.redriven++
	if _, err := c.Redrive(ctx, arn); err != nil {
		return nil, err
	}
	return c.Wait(ctx, arn)
}

// checkEvents checks that the history of an execution has no gaps and nothing
// after its end but a redrive, and that its timer fired once and not too early.
func (c *checkup) checkEvents(ctx context.Context, name string, redrives int, histories map[string]history.Type) {
	var last, entered history.Event
	waited, redriven := 0, 0
	for event, err := range c.History(ctx, preyARN+name, false) {
		if err != nil {
			c.problem("the history of %s: %v", name, err)
			return
		}
		over := last.Type.Terminal() && event.Type != history.ExecutionRedriven
		if event.ID != last.ID+1 || event.PreviousID >= event.ID || over || event.Time.Before(last.Time) {
			c.problem("%s: event %d (%s) after %d (%s)", name, event.ID, event.Type, last.ID, last.Type)
		}
		switch event.Type {
		case history.ExecutionRedriven:
			redriven++
		case history.WaitStateEntered:
			entered = event
		case history.WaitStateExited:
			waited++
			if d := event.Time.Sub(entered.Time); d < preyWait || waited > 1 {
				c.problem("%s: timer %d fired after %v", name, waited, d)
			}
		}
		if f, ok := event.Details.(*history.TaskFailure); ok && f.Error != nil && *f.Error == task.Interrupted {
			c.interrupted++
		}
		histories[fmt.Sprint(name, " ", event.ID)] = event.Type
		last = event
	}
	if !last.Type.Terminal() {
		c.problem("%s ended with %q", name, last.Type)
	}
	if redriven != redrives || redrives > 1 {
		c.problem("%s was redriven once, but counts %d and has %d events of it", name, redrives, redriven)
	}
}

// checkJournal checks that a journal has no gaps and that no timer is in it
// twice.
func (c *checkup) checkJournal(ctx context.Context, id int64, name string) {
	fired := make(map[int64]bool)
	seq := int64(0)
	for entry, err := range c.db.Journal(ctx, id) {
		if err != nil {
			c.problem("the journal of %s: %v", name, err)
			return
		}
		if seq++; entry.Seq != seq {
			c.problem("%s: entry %d comes as number %d", name, entry.Seq, seq)
		}
		var steps []struct {
			In []struct {
				E     string
				Timer int64
			}
		}
		if err := json.Unmarshal(entry.Data, &steps); err != nil {
			c.problem("%s: entry %d: %v", name, seq, err)
		}
		for _, step := range steps {
			for _, in := range step.In {
				if in.E == "TimerFired" && fired[in.Timer] {
					c.problem("%s: timer %d fired twice", name, in.Timer)
				}
				fired[in.Timer] = fired[in.Timer] || in.E == "TimerFired"
			}
		}
	}
}

// checkExpress checks that what was acknowledged has run, and so has what tasks
// started.
func (c *checkup) checkExpress() {
	for _, name := range c.record.express {
		if !c.record.ran[name] {
			c.record.problem("the acknowledged Express execution of %s never ran", name)
		}
	}
	for name := range c.record.seen {
		if id, many := strings.CutPrefix(name, "many:"); many && !c.record.ran[id] {
			c.record.problem("the Express execution that %s started never ran", name)
		}
	}
}

// checkLeftovers checks that nothing of a purged execution is left in the file, and
// that nothing waits to be run.
func (c *checkup) checkLeftovers(file string) {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		c.problem("%v", err)
		return
	}
	defer db.Close()
	for what, query := range map[string]string{
		"entries of journals without an execution": "SELECT count(*) FROM journal WHERE execution NOT IN (SELECT id FROM executions)",
		"tokens without an execution":              "SELECT count(*) FROM tokens WHERE execution NOT IN (SELECT id FROM executions)",
		"map runs without an execution":            "SELECT count(*) FROM map_runs WHERE execution NOT IN (SELECT id FROM executions)",
		"open map runs":                            "SELECT count(*) FROM map_runs WHERE open",
		"children of map runs without a parent":    "SELECT count(*) FROM executions WHERE machine < 0 AND parent NOT IN (SELECT id FROM executions)",
		"Express executions that have not ended":   "SELECT count(*) FROM express",
	} {
		var n int
		if err := db.QueryRow(query).Scan(&n); err != nil || n > 0 {
			c.problem("%d %s, %v", n, what, err)
		}
	}
}

// databaseFiles are the files of the prey's database.
func databaseFiles(folder string) []string {
	return []string{filepath.Join(folder, "x.db"), filepath.Join(folder, "x.db-wal"), filepath.Join(folder, "x.db-journal")}
}
