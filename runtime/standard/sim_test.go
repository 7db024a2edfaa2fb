package standard_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/store/memory"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// The simulation runs an engine among simulated things: a disk that makes
// batches durable when it is told to and forgets the others in a crash, handlers
// that return when they are told to or never, a clock that is another after each
// restart. A seed decides what happens next; the engine is given time to come to
// rest after each step, and what was at the same time gets an order, so that a seed
// gives the same schedule again, nearly always.

// STEPSMITH_SEED runs one schedule, STEPSMITH_SCHEDULES another number of them.
func TestSimulation(t *testing.T) {
	t.Parallel()
	if seed, err := strconv.ParseUint(os.Getenv("STEPSMITH_SEED"), 10, 64); err == nil {
		simulate(t, seed, 0, true)
		return
	}
	schedules := uint64(2000)
	if n, err := strconv.ParseUint(os.Getenv("STEPSMITH_SCHEDULES"), 10, 64); err == nil {
		schedules = n
	} else if testing.Short() {
		schedules = 100
	}
	var sum tally
	for seed := range schedules {
		s := simulate(t, seed+1, 0, false)
		if s.failed() {
			t.Fatalf("run it alone with STEPSMITH_SEED=%d", seed+1)
		}
		sum.add(s.tally)
	}
	t.Logf("%d schedules: %+v", schedules, sum)
	for i, v := 0, reflect.ValueOf(sum); i < v.NumField(); i++ {
		if v.Field(i).Int() == 0 {
			t.Errorf("there is no %s: %+v", v.Type().Field(i).Name, sum)
		}
	}
}

// TestPlantedFaults proves that the simulation finds mistakes.
func TestPlantedFaults(t *testing.T) {
	t.Parallel()
	const acknowledgesEarly = -1 // of the store
	for name, f := range map[string]standard.Fault{
		"re-runs a started task":     standard.RerunsStarted,
		"no intent":                  standard.NoIntent,
		"accepts a token twice":      standard.TokenTwice,
		"fires timers early":         standard.TimerEarly,
		"starts children twice":      standard.ChildTwice,
		"loses results of children":  standard.ResultLost,
		"counts redrives twice":      standard.RedriveTwice,
		"acknowledges before commit": acknowledgesEarly,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(2000) {
				if simulate(t, seed+1, f, false).failed() {
					return
				}
			}
			t.Error("the mistake was not found")
		})
	}
}

type tally struct {
	crashes, interrupted, late, lost, answered, unacknowledged, executions int
	redriven, kept                                                         int // executions; tasks of theirs that were not done again
	stopped, polled                                                        int // executions; activity tasks
	express, again                                                         int // acknowledged starts; executions that ran more than once
}

func (t *tally) add(o tally) {
	t.crashes += o.crashes
	t.interrupted += o.interrupted
	t.late += o.late
	t.lost += o.lost
	t.answered += o.answered
	t.unacknowledged += o.unacknowledged
	t.executions += o.executions
	t.redriven += o.redriven
	t.kept += o.kept
	t.stopped += o.stopped
	t.polled += o.polled
	t.express += o.express
	t.again += o.again
}

// disk is a store of which a crash takes what is not durable.
type disk struct {
	*memory.Store
	sim     *simulation
	pending []submission
	sorted  int          // how many of them are in their order
	untold  []submission // durable, but the engine will not learn of it
	dead    bool
	honest  bool // while an engine boots
}

type submission struct {
	batch *store.Batch
	done  func(error)
}

var errCrash = errors.New("crash")

func (d *disk) Submit(b *store.Batch, done func(error)) {
	d.sim.lock <- struct{}{}
	if d.dead {
		<-d.sim.lock
		done(errCrash)
		return
	}
	if d.sim.early && !d.honest {
		d.pending = append(d.pending, submission{copied(b), func(error) {}})
		<-d.sim.lock
		done(nil)
		return
	}
	d.pending = append(d.pending, submission{b, done})
	<-d.sim.lock
}

// commit makes the first n batches durable; tell says whether the engine learns
// of it.
func (d *disk) commit(n int, tell bool) {
	d.sim.lock <- struct{}{}
	d.sort()
	batches := d.pending[:n]
	d.pending = slices.Clone(d.pending[n:])
	d.sorted = len(d.pending)
	<-d.sim.lock
	for _, s := range batches {
		d.Store.Submit(s.batch, func(error) {})
		if tell {
			s.done(nil)
		} else {
			d.untold = append(d.untold, s)
		}
	}
}

// sort gives batches that were submitted at the same time an order, so that a seed
// gives the same schedule again. Those of one execution stay as they are.
func (d *disk) sort() {
	subject := func(s submission) int64 {
		if len(s.batch.Entries) == 0 {
			return 0
		}
		return s.batch.Entries[0].Execution
	}
	slices.SortStableFunc(d.pending[d.sorted:], func(a, b submission) int { return cmp.Compare(subject(a), subject(b)) })
	d.sorted = len(d.pending)
}

func (d *disk) waiting() int {
	d.sim.lock <- struct{}{}
	defer func() { <-d.sim.lock }()
	d.sort()
	return len(d.pending)
}

// kill drops what is not durable. The engine finds out that its store is gone.
func (d *disk) kill() {
	d.sim.lock <- struct{}{}
	pending := append(d.untold, d.pending...)
	d.pending, d.dead = nil, true
	<-d.sim.lock
	for _, s := range pending {
		s.done(errCrash)
	}
}

// shifted is a clock that is wrong by an offset.
type shifted struct {
	clock.Clock
	by time.Duration
}

func (s shifted) Now() time.Time { return s.Clock.Now().Add(s.by) }

func (s shifted) At(t time.Time, f func()) func() { return s.Clock.At(t.Add(-s.by), f) }

// A call is a handler that runs and waits to be told what to return.
type call struct {
	key, token string
	answer     chan answer
}

type answer struct {
	value int
	err   error
}

type simulation struct {
	t       *testing.T
	verbose bool
	random  *rand.Rand
	names   *rand.Rand // of the engine; guarded by lock
	fault   standard.Fault
	early   bool // the disk acknowledges what is not durable

	lock    chan struct{} // a mutex on which a bubble may wait
	engine  *standard.Engine
	disk    *disk
	durable *memory.Store
	offset  time.Duration

	calls     []*call           // running
	called    map[string]bool   // every attempt that reached a handler
	returned  map[string]answer // what handlers returned, by attempt
	tokens    []string          // that were given to handlers
	asked     map[string]string // the same, by attempt
	results   map[string]string // of attempts, as histories have them
	accepted  map[string]int    // acknowledged answers
	starts    []string          // acknowledged
	redrives  map[string]int    // acknowledged, by execution
	histories map[string]string // durable at the last crash
	problems  []string
	tally
	aside
}

func (s *simulation) failed() bool { return len(s.problems) > 0 }

func (s *simulation) problem(format string, args ...any) {
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
}

func (s *simulation) log(format string, args ...any) {
	if s.verbose {
		s.t.Logf(format, args...)
	}
}

const (
	simRetry = `"Retry": [{"ErrorEquals": ["Flaky", "Stepsmith.Interrupted", "States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 3}],`
	simWork  = `"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:work", "Parameters": {"redrive.$": "$$.Execution.RedriveCount"},` + simRetry
	simMain  = `{"StartAt": "A", "States": {
		"A": {` + simWork + ` "TimeoutSeconds": 30, "Next": "W"},
		"W": {"Type": "Wait", "Seconds": 10, "Next": "P"},
		"P": {"Type": "Parallel", "Next": "C", "Branches": [
			{"StartAt": "B", "States": {"B": {` + simWork + ` "End": true}}},
			{"StartAt": "L", "States": {"L": {"Type": "Pass", "Result": [0, 1], "Next": "M"}, "M": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "I", "States": {
				"I": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:work",
					"Parameters": {"redrive.$": "$$.Execution.RedriveCount", "item.$": "$"}, ` + simRetry + ` "End": true}}}}}},
			{"StartAt": "N", "States": {"N": {"Type": "Pass", "Result": [0, 1], "Next": "E"}, "E": {"Type": "Map", "Label": "each", "End": true,
				"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "D", "States": {"D": {` + simWork + ` "End": true}}}}}},
			{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
				"Parameters": {"Token.$": "$$.Task.Token", "redrive.$": "$$.Execution.RedriveCount"}, "TimeoutSeconds": 100, ` + simRetry + ` "End": true}}}]},
		"C": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "Parameters": {"StateMachineArn": "leaf"}, "End": true}}}`
	simAside = `{"StartAt": "Y", "States": {
		"Y": {"Type": "Task", "Resource": "` + simDesk + `", "Parameters": {"name.$": "$$.Execution.Name"}, "TimeoutSeconds": 60, ` + simRetry + ` "Next": "J"},
		"J": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "Parameters": {"redrive.$": "$$.Execution.RedriveCount"}, ` + simRetry + ` "Next": "N"},
		"N": {"Type": "Pass", "Result": [0, 1, 2], "Next": "Q"},
		"Q": {"Type": "Map", "Label": "quick", "ToleratedFailurePercentage": 100, "MaxConcurrency": 2, "Next": "X",
			"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "R", "States": {
				"R": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:brisk", "End": true}}}},
		"X": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "Parameters": {"StateMachineArn": "swift", "Input.$": "$$.Execution.Name"}, "End": true}}}`
	simSwift = `{"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:brisk", "End": true}}}`
	simDesk  = "arn:aws:states:us-east-1:1:activity:desk"
	simLeaf  = `{"StartAt": "L", "States": {"L": {` + simWork + ` "End": true}}}`
)

// simMachines are the machines by id, and what the children of map runs run.
var simMachines = map[int64]string{1: "leaf", 2: "main", -2: "main/each", 3: "aside"}

// simExpress is the id of the machine whose executions are Express ones.
const simExpress = 4

var simGraphs = map[string]func() (*graph.Machine, error){}

func init() {
	for name, text := range map[string]string{"main": simMain, "leaf": simLeaf, "aside": simAside, "swift": simSwift} {
		m, err := compile(name, text)
		simGraphs[name] = func() (*graph.Machine, error) { return m, err }
	}
}

func simulate(t *testing.T, seed uint64, f standard.Fault, verbose bool) *simulation {
	s := &simulation{
		t: t, verbose: verbose, random: rand.New(rand.NewPCG(seed, 0)), names: rand.New(rand.NewPCG(seed, 1)), fault: f, early: f < 0,
		called: make(map[string]bool), returned: make(map[string]answer), accepted: make(map[string]int),
		redrives: make(map[string]int), histories: make(map[string]string), asked: make(map[string]string), results: make(map[string]string),
		aside: newAside(),
	}
	synctest.Test(t, func(*testing.T) {
		s.lock = make(chan struct{}, 1)
		s.durable = memory.New()
		s.boot()
		for range 60 {
			s.act()
			synctest.Wait()
			s.disk.waiting()
		}
		s.finish()
		s.check()
		s.crash(false)
		synctest.Wait()
	})
	if f == 0 {
		for _, p := range s.problems {
			t.Error(p)
		}
	}
	return s
}

// boot opens an engine on what is durable. Opening and deploying need commits of
// their own.
func (s *simulation) boot() {
	s.disk = &disk{Store: s.durable, sim: s, honest: true}
	ready := make(chan struct{})
	go func() {
		defer close(ready)
		var err error
		s.queue = express.NewQueue(s.disk, quiet, 5, 5)
		s.engine, err = standard.Open(context.Background(), standard.Options{
			Store: s.disk, Clock: shifted{clock.Real(), s.offset}, Retention: -1, Logger: quiet, StartExpress: s.startExpress,
			Random: func(b []byte) {
				s.lock <- struct{}{}
				defer func() { <-s.lock }()
				for i := range b {
					b[i] = byte(s.names.Uint32())
				}
			},
			Compile: func(name, _ string) (*graph.Machine, error) { return simGraphs[name]() },
		})
		if err != nil {
			panic(err)
		}
		if s.fault > 0 {
			s.engine.Plant(s.fault)
		}
		handlers := task.Handlers{"work": task.HandlerFunc(s.handle), "T": task.HandlerFunc(s.handle), "J": task.HandlerFunc(s.handle), "brisk": task.HandlerFunc(s.brisk)}
		for _, name := range []string{"leaf", "main", "aside", "swift"} {
			kind := "STANDARD"
			if name == "swift" {
				kind = "EXPRESS"
			}
			if _, err := s.engine.Deploy(context.Background(), name, kind, name, handlers); err != nil {
				panic(err)
			}
		}
		s.resumeExpress()
	}()
	for {
		synctest.Wait()
		select {
		case <-ready:
			s.disk.honest = false
			return
		default:
			s.disk.commit(s.disk.waiting(), true)
		}
	}
}

// handle is every handler: it waits to be told what to return.
func (s *simulation) handle(ctx context.Context, input json.RawMessage) (json.RawMessage, error) {
	d := task.Info(ctx)
	var given struct {
		Redrive int
		Item    *int
	}
	if err := json.Unmarshal(input, &given); err != nil {
		return nil, err
	}
	c := &call{key: attemptOf(d.ExecutionName, given.Redrive, placeOf(d.State, given.Item), d.Attempt), token: d.Token, answer: make(chan answer, 1)}
	s.lock <- struct{}{}
	if s.called[c.key] {
		s.problem("%s reached its handler twice", c.key)
	}
	s.called[c.key] = true
	s.calls = append(s.calls, c)
	if c.token != "" {
		s.tokens = append(s.tokens, c.token)
		s.asked[c.key] = c.token
	}
	<-s.lock
	a := <-c.answer
	if ctx.Err() != nil {
		s.lock <- struct{}{}
		s.late++
		<-s.lock
	}
	if a.err != nil {
		return nil, a.err
	}
	return json.RawMessage(strconv.Itoa(a.value)), nil
}

// placeOf names a state, and the iteration that it is in.
func placeOf(state string, item *int) string {
	if item == nil {
		return state
	}
	return fmt.Sprint(state, *item)
}

// attemptOf names an attempt at a task.
func attemptOf(execution string, redrive int, place string, attempt int) string {
	return fmt.Sprint(execution, "/", redrive, "/", place, "/", attempt)
}

// act does one thing.
func (s *simulation) act() {
	switch n := s.random.IntN(100); {
	case n < 8:
		s.start()
	case n < 11:
		s.startSwift()
	case n < 12:
		s.stop()
	case n < 15:
		s.poll()
	case n < 50:
		if waiting := s.disk.waiting(); waiting > 0 {
			s.disk.commit(1+s.random.IntN(waiting), true)
		}
	case n < 72:
		s.answer(s.random.IntN(10) < 3)
	case n < 80:
		s.send()
	case n < 86:
		s.redrive()
	case n < 95:
		s.pass([]time.Duration{100 * time.Millisecond, time.Second, 6 * time.Second, 12 * time.Second, 40 * time.Second, 2 * time.Minute}[s.random.IntN(6)])
	default:
		s.crash(true)
	}
}

func (s *simulation) pass(d time.Duration) {
	s.log("%v pass", d)
	time.Sleep(d)
}

func (s *simulation) start() {
	if s.executions == 5 {
		return
	}
	s.executions++
	machine := []string{"main", "main", "aside"}[s.random.IntN(3)]
	name, e := fmt.Sprint(machine[:1], s.executions), s.engine
	s.log("start %s", name)
	go func() {
		if _, err := e.Start(context.Background(), machine, name, value.DocOf(value.Int(0))); err == nil {
			s.lock <- struct{}{}
			s.starts = append(s.starts, name)
			<-s.lock
		}
	}()
}

// redrive takes an execution up again, if it has ended and did not succeed.
func (s *simulation) redrive() {
	if len(s.starts) == 0 {
		return
	}
	name, e := s.starts[s.random.IntN(len(s.starts))], s.engine
	s.log("redrive %s", name)
	s.unsure[name] = true
	go func() {
		if _, err := e.Redrive(context.Background(), arnOf(machineOf(name), name)); err != nil {
			return
		}
		s.lock <- struct{}{}
		s.redrives[name]++
		s.redriven++
		<-s.lock
	}()
}

// answer has a handler return.
func (s *simulation) answer(fail bool) {
	if len(s.calls) == 0 {
		return
	}
	slices.SortStableFunc(s.calls, func(a, b *call) int { return cmp.Compare(a.key, b.key) }) // they came at the same time
	i := s.random.IntN(len(s.calls))
	c := s.calls[i]
	s.calls = slices.Delete(s.calls, i, i+1)
	a := answer{value: int(s.random.Uint32())}
	if fail {
		a.err = &task.Error{Name: []string{"Flaky", "Flaky", "Fatal"}[s.random.IntN(3)]}
	}
	s.log("%s returns %d, %v", c.key, a.value, a.err)
	s.returned[c.key] = a
	c.answer <- a
}

// send answers a token, perhaps again or too late.
func (s *simulation) send() {
	if len(s.tokens) == 0 {
		return
	}
	slices.Sort(s.tokens)
	token, n, e := s.tokens[s.random.IntN(len(s.tokens))], int(s.random.Uint32()), s.engine
	s.log("token %s gets %d", token, n)
	go func() {
		if e.SendTaskSuccess(context.Background(), token, value.DocOf(value.Int(int64(n)))) != nil {
			return
		}
		s.lock <- struct{}{}
		defer func() { <-s.lock }()
		if _, twice := s.accepted[token]; twice {
			s.problem("a second answer to token %s was accepted", token)
			return
		}
		s.accepted[token] = n
		s.answered++
	}()
}

// crash ends the engine, with what is durable and perhaps not known to be, and
// boots another.
func (s *simulation) crash(again bool) {
	s.crashes++
	if waiting := s.disk.waiting(); waiting > 0 {
		n := s.random.IntN(waiting + 1)
		s.unacknowledged += n
		s.disk.commit(n, false)
	}
	s.log("crash")
	s.disk.kill()
	s.dismiss()
	// Nothing can become durable any more; this ends the engine's goroutines.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s.queue.Close(ctx)
	s.engine.Shutdown(ctx)
	s.dismiss() // those that others gave way to
	if !again {
		return
	}
	s.offset += []time.Duration{0, 0, time.Hour, -time.Hour, 24 * time.Hour}[s.random.IntN(5)]
	s.boot()
	for _, name := range s.starts {
		now := s.history(machineOf(name), name)
		if before := s.histories[name]; !strings.HasPrefix(now, before) || now == "" {
			s.problem("the history of %s has changed:\n%s\nbefore:\n%s", name, now, before)
		}
		s.histories[name] = now
	}
	s.checkStopped()
}

// dismiss lets the handlers of an engine that has crashed return.
func (s *simulation) dismiss() {
	synctest.Wait()
	s.lock <- struct{}{}
	calls := s.calls
	s.calls = nil
	<-s.lock
	s.lost += len(calls)
	for _, c := range calls {
		c.answer <- answer{err: errCrash}
	}
	synctest.Wait()
}

// history is what the store says of an execution, a line for each event.
func (s *simulation) history(machine, name string) string {
	var b strings.Builder
	for e, err := range s.engine.History(context.Background(), arnOf(machine, name), false) {
		if err != nil {
			s.problem("%s: %v", name, err)
			break
		}
		b.Write(history.Format{}.Append(nil, e))
		b.WriteByte('\n')
	}
	return b.String()
}

// machineOf is the machine of an execution that the simulation started.
func machineOf(name string) string {
	if name[0] == 'a' {
		return "aside"
	}
	return "main"
}

func arnOf(machine, name string) string {
	return "arn:aws:states:us-east-1:123456789012:execution:" + machine + ":" + name
}

// finish lets everything end well.
func (s *simulation) finish() {
	for range 300 {
		synctest.Wait()
		if waiting := s.disk.waiting(); waiting > 0 {
			s.disk.commit(waiting, true)
			continue
		}
		if len(s.calls) > 0 {
			s.answer(false)
			continue
		}
		open := 0
		for id := range simMachines {
			for range s.durable.Running(context.Background(), id) {
				open++
			}
		}
		swift, err := s.durable.ExpressStarts(context.Background(), simExpress)
		if open+len(swift) == 0 && err == nil {
			return
		}
		s.poll()
		synctest.Wait()
		s.send()
		s.pass([]time.Duration{time.Second, time.Minute, 2 * time.Hour}[s.random.IntN(3)])
	}
	s.problem("executions do not end")
}
