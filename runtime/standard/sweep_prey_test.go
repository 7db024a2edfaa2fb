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
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
	modernc "modernc.org/sqlite"
)

// The variables that make the test binary the prey: the folder of the database,
// the file of the diary, what it does, how many processes had the database before,
// and the bug that is planted.
const (
	preyFolder     = "STEPSMITH_PREY"
	preyDiary      = "STEPSMITH_PREY_DIARY"
	preyWorkload   = "STEPSMITH_PREY_WORKLOAD"
	preyGeneration = "STEPSMITH_PREY_GENERATION"
	preyBug        = "STEPSMITH_PREY_BUG"
)

// A workload is what the prey does, and what must have come of it.
type workload struct {
	name     string
	machines []preyMachine
	// handlers are those of all machines.
	handlers func(e *preyEngine) task.Handlers
	// round is what a process does each time that it has opened the database.
	round func(e *preyEngine) error
	// ends has, for machines and the labels of their map runs, what executions may
	// come to: the beginning of their outcome.
	ends map[string][]string
	// check looks at the rest, when all executions have ended.
	check func(ctx context.Context, e *preyEngine, r *record, problem func(string, ...any))
}

// A preyMachine is deployed; what others start comes before them.
type preyMachine struct{ name, kind, definition string }

var workloads = map[string]*workload{trunkWork.name: trunkWork, crownWork.name: crownWork}

// preyGraph compiles each definition once: thousands of engines run them.
var preyGraph = sync.OnceValues(func() (map[string]*graph.Machine, error) {
	graphs := make(map[string]*graph.Machine)
	for _, w := range []*workload{trunkWork, crownWork} {
		for _, m := range w.machines {
			g, err := compile(m.name, m.definition)
			if err != nil {
				return nil, err
			}
			graphs[m.name] = g
		}
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
	bugExpressEarly bug = "acknowledges an Express start before commit"
	bugChildTwice   bug = "starts the child of a map run twice"
	bugResultLost   bug = "loses the result of a map run's child"
	bugRedriveTwice bug = "counts a redrive twice"
	bugSynchronous  bug = "synchronous=NORMAL"
)

// preyCheckpointAt is how many pages the log has when it is checkpointed.
const preyCheckpointAt = 24

var quiet = slog.New(slog.DiscardHandler)

var engineFaults = map[bug]standard.Fault{
	bugReruns: standard.RerunsStarted, bugNoIntent: standard.NoIntent, bugTokenTwice: standard.TokenTwice, bugTimerTwice: standard.TimerTwice,
	bugChildTwice: standard.ChildTwice, bugResultLost: standard.ResultLost, bugRedriveTwice: standard.RedriveTwice,
}

// hasty is a store that acknowledges some batches before they are durable.
type hasty struct {
	*sqlite.Store
	early func(b *store.Batch) bool
}

func (h hasty) Submit(b *store.Batch, done func(error)) {
	if !h.early(b) {
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
	c.Tokens, c.Taken, c.MapRuns, c.Express = slices.Clone(b.Tokens), slices.Clone(b.Taken), slices.Clone(b.MapRuns), slices.Clone(b.Express)
	for i := range c.Entries {
		c.Entries[i].Data = bytes.Clone(c.Entries[i].Data)
	}
	return &c
}

func preyStore(db *sqlite.Store, b bug) store.Store {
	switch b {
	case bugAcknowledges:
		return hasty{db, func(b *store.Batch) bool { return len(b.Entries) > 0 }}
	case bugExpressEarly:
		return hasty{db, func(b *store.Batch) bool { return len(b.Express) > 0 }}
	}
	return db
}

// preyEngine is an engine with the prey's machines.
type preyEngine struct {
	*standard.Engine
	*workload
	db         *sqlite.Store
	clock      *clock.Virtual
	queue      *express.Queue
	generation int
	// note is told what an outsider sees; answer is called for each task token.
	note   func(string) error
	answer func(e *preyEngine, token string, n int)
}

// openPrey opens an engine on virtual time. Each generation has a day of its own.
// The clock stands still until the caller ends what was begun on it.
func openPrey(folder string, w *workload, generation int, b bug, note func(string) error, answer func(e *preyEngine, token string, n int)) (*preyEngine, error) {
	db, err := sqlite.Open(filepath.Join(folder, "x.db"))
	if err != nil {
		return nil, err
	}
	e := &preyEngine{
		workload: w, db: db, clock: clock.NewVirtual(time.Date(2026, 1, 1+generation, 0, 0, 0, 0, time.UTC)),
		generation: generation, note: note, answer: answer,
	}
	e.clock.Begin()
	s := preyStore(db, b)
	e.queue = express.NewQueue(s, quiet, 10, 10)
	e.Engine, err = standard.Open(context.Background(), standard.Options{
		Store: s, Clock: e.clock, Logger: quiet, Retention: preyRetention, StartExpress: e.startExpress,
		Compile: func(name, _ string) (*graph.Machine, error) {
			graphs, err := preyGraph()
			return graphs[name], err
		},
		Observe: func(arn string, event history.Event) {
			if strings.Contains(arn, ":execution:") { // of Express children there is no history
				note(fmt.Sprint("event ", shortName(arn), " ", event.ID, " ", event.Type))
			}
			if event.Type == history.ActivityScheduled { // there is a worker for each: time stands still until it has come
				e.clock.Begin()
				go func() {
					defer e.clock.End()
					e.poll(context.Background())
				}()
			}
		},
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	e.Plant(engineFaults[b])
	for _, m := range w.machines {
		_, err := e.Deploy(context.Background(), m.name, m.kind, m.definition, w.handlers(e))
		if err == nil && m.kind == "EXPRESS" {
			err = e.resumeExpress(m.name)
		}
		if err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	now, cancel := context.WithCancel(context.Background())
	cancel()
	for e.poll(now) { // what waited for a worker
	}
	return e, nil
}

// called notes that an attempt has reached its handler.
func (e *preyEngine) called(d task.Details) error {
	return e.note(fmt.Sprint("call ", shortName(d.Execution), "/", d.State, "/", d.Attempt))
}

// ask notes that a token was given to a handler or a worker, and has it answered.
func (e *preyEngine) ask(token string, n int) error {
	err := e.note(fmt.Sprint("ask ", token, " ", n))
	e.clock.Begin()
	go func() {
		defer e.clock.End()
		e.answer(e, token, n)
	}()
	return err
}

// work is a handler that adds one.
func (e *preyEngine) work(ctx context.Context, n int) (int, error) {
	return n + 1, e.called(task.Info(ctx))
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
	return errors.Join(e.queue.Close(ctx), e.Shutdown(ctx), e.db.Close())
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
	p := prey{
		folder: folder, workload: workloads[os.Getenv(preyWorkload)], bug: bug(os.Getenv(preyBug)), diary: d,
		before: askedFor(strings.Split(string(lines), "\n")), connections: watchConnections(),
	}
	for opening := range 2 {
		if err := p.round(2*generation + opening); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 3
		}
	}
	return 0
}

// prey is the process.
type prey struct {
	folder      string
	workload    *workload
	bug         bug
	diary       *diary
	before      map[string]int // tokens that earlier processes were asked for
	connections func() []modernc.ExecQuerierContext
}

// answer gives two answers to a token.
func (p *prey) answer(e *preyEngine, token string, n int) {
	if e.SendTaskSuccess(context.Background(), token, value.DocOf(value.Int(int64(n+1)))) == nil {
		p.diary.write("token " + token)
	}
	if e.SendTaskSuccess(context.Background(), token, value.DocOf(value.Int(-1000))) == nil {
		p.diary.write("second " + token)
	}
}

func (p *prey) round(generation int) error {
	if err := p.diary.write(fmt.Sprint("generation ", generation)); err != nil {
		return err
	}
	p.connections() // those of before
	e, err := openPrey(p.folder, p.workload, generation, p.bug, p.diary.write, p.answer)
	if err != nil {
		return err
	}
	if p.bug == bugSynchronous {
		// Nothing is submitted now: the connection is at rest.
		for _, c := range p.connections() {
			if _, err := c.ExecContext(context.Background(), "PRAGMA synchronous=NORMAL", nil); err != nil {
				return err
			}
		}
	}
	for token, n := range p.before {
		p.answer(e, token, n)
	}
	e.clock.End()
	return errors.Join(p.workload.round(e), e.close())
}

// together calls functions at the same time.
func together(functions ...func() error) error {
	var wg sync.WaitGroup
	failures := make([]error, len(functions))
	for i, f := range functions {
		wg.Go(func() { failures[i] = f() })
	}
	wg.Wait()
	return errors.Join(failures...)
}

// start starts an execution and notes that this was acknowledged. machine may be
// an ARN.
func (e *preyEngine) start(machine, name string, input value.Value) (arn string, err error) {
	x, err := e.Start(context.Background(), machine, name, value.DocOf(input))
	if err != nil {
		return "", err
	}
	return x.ARN, e.note("start " + shortName(x.ARN))
}

// end waits until an execution has ended and notes what it came to.
func (e *preyEngine) end(arn string) error {
	d, err := e.Wait(context.Background(), arn)
	if err != nil {
		return err
	}
	return e.note(fmt.Sprint("end ", shortName(arn), " ", outcome(d)))
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
