package standard_test

import (
	"bytes"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
	modernc "modernc.org/sqlite"
)

// The variables that make the test binary the prey: the folder of the database,
// the file of the diary, how many processes had the database before, and the bug
// that is planted.
const (
	preyFolder     = "STEPSMITH_PREY"
	preyDiary      = "STEPSMITH_PREY_DIARY"
	preyGeneration = "STEPSMITH_PREY_GENERATION"
	preyBug        = "STEPSMITH_PREY_BUG"
)

// The workflow goes through everything that has to survive: tasks, a timer, a
// token and a child. It makes 4 of 0.
var (
	preyTrunk = machine("A", `"A":`+lambda("work", again+`"Next": "W"`), `"W": {"Type": "Wait", "Seconds": 10, "Next": "T"}`,
		`"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
			"Parameters": {"FunctionName": "ask", "Payload": {"token.$": "$$.Task.Token", "n.$": "$"}}, `+again+` "Next": "C"}`,
		`"C": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "OutputPath": "$.Output",
			"Parameters": {"StateMachineArn": "leaf", "Input.$": "$"}, "Next": "B"}`,
		`"B":`+lambda("work", again+`"End": true`))
	preyWait = 10 * time.Second
	preyText = map[string]string{"trunk": preyTrunk, "leaf": leaf}
)

// preyGraph compiles each definition once: thousands of engines run them.
var preyGraph = sync.OnceValues(func() (map[string]*graph.Machine, error) {
	graphs := make(map[string]*graph.Machine)
	for name, text := range preyText {
		m, err := compile(name, text)
		if err != nil {
			return nil, err
		}
		graphs[name] = m
	}
	return graphs, nil
})

// A bug is a mistake that a sweep must find.
type bug string

const (
	noBug           bug = ""
	bugReruns       bug = "re-runs a started task"
	bugNoIntent     bug = "missing intent"
	bugTokenTwice   bug = "token accepted twice"
	bugTimerTwice   bug = "timer fired twice"
	bugAcknowledges bug = "acknowledges before commit"
	bugSynchronous  bug = "synchronous=NORMAL"
)

const (
	preyExecutions   = 3  // at a time, each time that the database is opened
	preyCheckpointAt = 24 // pages in the log
)

var quiet = slog.New(slog.DiscardHandler)

var engineFaults = map[bug]standard.Fault{
	bugReruns: standard.RerunsStarted, bugNoIntent: standard.NoIntent, bugTokenTwice: standard.TokenTwice, bugTimerTwice: standard.TimerTwice,
}

// hasty is a store that acknowledges what happens to executions before it is
// durable.
type hasty struct{ *sqlite.Store }

func (h hasty) Submit(b *store.Batch, done func(error)) {
	if len(b.Entries) == 0 {
		h.Store.Submit(b, done)
		return
	}
	h.Store.Submit(copied(b), func(error) {})
	done(nil)
}

// copied is a batch for who keeps it longer than until done is called.
func copied(b *store.Batch) *store.Batch {
	c := *b
	c.Create, c.Update, c.Entries = slices.Clone(b.Create), slices.Clone(b.Update), slices.Clone(b.Entries)
	for i := range c.Entries {
		c.Entries[i].Data = bytes.Clone(c.Entries[i].Data)
	}
	return &c
}

// preyEngine is an engine with the prey's machines.
type preyEngine struct {
	*standard.Engine
	db    *sqlite.Store
	clock *clock.Virtual
}

// openPrey opens an engine on virtual time. Each generation has a day of its own.
// note is told what an outsider sees; answer is called for each task token. The
// clock stands still until the caller ends what was begun on it.
func openPrey(folder string, generation int, b bug, note func(string) error, answer func(e *preyEngine, token string, n int)) (*preyEngine, error) {
	db, err := sqlite.Open(filepath.Join(folder, "x.db"))
	if err != nil {
		return nil, err
	}
	start := time.Date(2026, 1, 1+generation, 0, 0, 0, 0, time.UTC)
	e := &preyEngine{db: db, clock: clock.NewVirtual(start)}
	e.clock.Begin()
	var s store.Store = db
	if b == bugAcknowledges {
		s = hasty{db}
	}
	e.Engine, err = standard.Open(context.Background(), standard.Options{
		Store: s, Clock: e.clock, Logger: quiet, Retention: -1,
		Compile: func(name, _ string) (*graph.Machine, error) {
			graphs, err := preyGraph()
			return graphs[name], err
		},
		Observe: func(arn string, event history.Event) {
			note(fmt.Sprint("event ", shortName(arn), " ", event.ID, " ", event.Type))
		},
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	e.Plant(engineFaults[b])
	handlers := task.Handlers{
		"work": task.Func(func(ctx context.Context, n int) (int, error) {
			d := task.Info(ctx)
			return n + 1, note(fmt.Sprint("call ", shortName(d.Execution), "/", d.State, "/", d.Attempt))
		}),
		"ask": task.Func(func(ctx context.Context, in struct {
			Token string
			N     int
		}) (any, error) {
			d := task.Info(ctx)
			err := errors.Join(note(fmt.Sprint("call ", shortName(d.Execution), "/", d.State, "/", d.Attempt)), note(fmt.Sprint("ask ", in.Token, " ", in.N)))
			e.clock.Begin()
			go func() {
				defer e.clock.End()
				answer(e, in.Token, in.N)
			}()
			return nil, err
		}),
	}
	for _, name := range []string{"leaf", "trunk"} {
		if _, err := e.Deploy(context.Background(), name, "STANDARD", preyText[name], handlers); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return e, nil
}

// shortName is machine:name of an execution's ARN.
func shortName(arn string) string {
	_, name, _ := strings.Cut(arn, ":execution:")
	return name
}

const preyARN = "arn:aws:states:us-east-1:123456789012:execution:"

func (e *preyEngine) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return errors.Join(e.Shutdown(ctx), e.db.Close())
}

// runPrey is the process. It opens the database twice, runs executions each time
// and closes it. Its exit code is 3 when it could not.
func runPrey(folder string) int {
	d, err := openDiary(filepath.Dir(os.Getenv(preyDiary)), filepath.Base(os.Getenv(preyDiary)))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	lines, err := os.ReadFile(os.Getenv(preyDiary))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	generation, _ := strconv.Atoi(os.Getenv(preyGeneration))
	planted := bug(os.Getenv(preyBug))
	connections := watchConnections()
	for opening := range 2 {
		err := preyRound(folder, 2*generation+opening, planted, d, strings.Split(string(lines), "\n"), connections)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 3
		}
	}
	return 0
}

func preyRound(folder string, generation int, planted bug, d *diary, before []string, connections func() []modernc.ExecQuerierContext) error {
	answer := func(e *preyEngine, token string, n int) {
		if e.SendTaskSuccess(context.Background(), token, value.DocOf(value.Int(int64(n+1)))) == nil {
			d.write("token " + token)
		}
		if e.SendTaskSuccess(context.Background(), token, value.DocOf(value.Int(-1000))) == nil {
			d.write("second " + token)
		}
	}
	connections() // those of before
	e, err := openPrey(folder, generation, planted, d.write, answer)
	if err != nil {
		return err
	}
	if planted == bugSynchronous {
		// Nothing is submitted now: the connection is at rest.
		for _, c := range connections() {
			if _, err := c.ExecContext(context.Background(), "PRAGMA synchronous=NORMAL", nil); err != nil {
				return err
			}
		}
	}
	for token, n := range askedFor(before) {
		answer(e, token, n)
	}
	e.clock.End()
	var wg sync.WaitGroup
	failures := make([]error, preyExecutions)
	for i := range preyExecutions {
		wg.Go(func() { failures[i] = preyExecution(e, d, fmt.Sprint("g", generation, "-", i)) })
	}
	wg.Wait()
	return errors.Join(errors.Join(failures...), e.close())
}

func preyExecution(e *preyEngine, d *diary, name string) error {
	ctx := context.Background()
	x, err := e.Start(ctx, "trunk", name, value.DocOf(value.Int(0)))
	if err != nil {
		return err
	}
	if err := d.write("start trunk:" + name); err != nil {
		return err
	}
	end, err := e.Wait(ctx, x.ARN)
	if err != nil {
		return err
	}
	return d.write(fmt.Sprint("end trunk:", name, " ", outcome(end)))
}

// askedFor returns the tokens in a diary, with what they were given for.
func askedFor(lines []string) map[string]int {
	asked := make(map[string]int)
	for _, line := range lines {
		var token string
		var n int
		if _, err := fmt.Sscanf(line, "ask %s %d", &token, &n); err == nil {
			asked[token] = n
		}
	}
	return asked
}

// watchConnections has SQLite checkpoint early, so that a small workload sees
// checkpoints, and returns the connections that the process has opened.
func watchConnections() func() []modernc.ExecQuerierContext {
	var mu sync.Mutex
	var opened []modernc.ExecQuerierContext
	modernc.RegisterConnectionHook(func(c modernc.ExecQuerierContext, _ string) error {
		mu.Lock()
		defer mu.Unlock()
		opened = append(opened, c)
		_, err := c.ExecContext(context.Background(), fmt.Sprint("PRAGMA wal_autocheckpoint=", preyCheckpointAt), []driver.NamedValue{})
		return err
	})
	return func() []modernc.ExecQuerierContext {
		mu.Lock()
		defer mu.Unlock()
		writers := opened[:min(1, len(opened))]
		opened = nil
		return writers
	}
}
