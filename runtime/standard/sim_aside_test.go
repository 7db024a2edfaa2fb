package standard_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// aside is what the simulation knows of activities, of executions that were
// stopped, and of Express executions.
type aside struct {
	queue   *express.Queue
	desk    map[string]string // tokens of the activity that were handed out, to their executions
	answers map[string]bool   // what the activity gave in histories: execution and output
	stops   []string          // acknowledged
	unsure  map[string]bool   // executions that were perhaps redriven
	swift   []string          // acknowledged Express executions, by input
	wanted  []string          // Express executions that tasks have started
	ran     map[string]int    // how often Express executions have ended, by input
}

func newAside() aside {
	return aside{desk: make(map[string]string), answers: make(map[string]bool), unsure: make(map[string]bool), ran: make(map[string]int)}
}

// brisk is the handler of Express executions: it may be called again for the same.
func (s *simulation) brisk(ctx context.Context, input json.RawMessage) (json.RawMessage, error) {
	c := &call{key: fmt.Sprint(task.Info(ctx).Execution, " of ", string(input)), answer: make(chan answer, 1)}
	s.lock <- struct{}{}
	s.calls = append(s.calls, c)
	<-s.lock
	if a := <-c.answer; a.err != nil {
		return nil, a.err
	}
	return input, nil
}

// poll takes a task of the activity, if there is one.
func (s *simulation) poll() {
	e := s.engine
	now, cancel := context.WithCancel(context.Background())
	cancel()
	go func() {
		t, err := e.Poll(now, simDesk, "w")
		if t == nil || err != nil {
			return
		}
		name, _ := t.Input.Value().Get("name").Str()
		s.lock <- struct{}{}
		defer func() { <-s.lock }()
		if s.desk[t.Token] != "" {
			s.problem("the token %s was handed out twice", t.Token)
		}
		s.desk[t.Token] = name
		s.tokens = append(s.tokens, t.Token)
		s.polled++
	}()
}

// stop stops an execution, if it has not ended.
func (s *simulation) stop() {
	if len(s.starts) == 0 {
		return
	}
	name, e := s.starts[s.random.IntN(len(s.starts))], s.engine
	s.log("stop %s", name)
	go func() {
		if _, err := e.Stop(context.Background(), arnOf(machineOf(name), name), nil, nil); err != nil {
			return
		}
		s.lock <- struct{}{}
		s.stops = append(s.stops, name)
		s.stopped++
		<-s.lock
	}()
}

// checkStopped checks, after a crash, that what was stopped does not run.
func (s *simulation) checkStopped() {
	for _, name := range s.stops {
		d, err := s.engine.Describe(context.Background(), arnOf(machineOf(name), name))
		if err != nil || d.Status == interp.Running && !s.unsure[name] {
			s.problem("%s was stopped, but runs: %v", name, err)
		}
	}
}

// job is an Express execution as the façade would have it.
func (s *simulation) job(start store.ExpressStart) (*express.Job, error) {
	d, err := s.engine.Deployed(context.Background(), "swift")
	if err != nil {
		return nil, err
	}
	if start.ID == 0 {
		start = store.ExpressStart{ID: s.engine.NextID(), Machine: d.Machine, Definition: d.Definition}
	}
	j := &express.Job{Start: start, Graph: d.Graph, Options: express.Options{
		Handlers: d.Handlers, Info: d.Info, DiscardHistory: true, Clock: shifted{clock.Real(), s.offset}, Seed: [2]uint64{1, uint64(start.ID)},
	}}
	disk := s.disk
	j.Done = func(*express.Result) {
		name, _ := j.Input.Value().Str()
		s.lock <- struct{}{}
		defer func() { <-s.lock }()
		if disk.dead {
			return // a crash ended it
		}
		if s.ran[name]++; s.ran[name] == 2 {
			s.again++
		}
	}
	return j, nil
}

// startSwift starts an Express execution.
func (s *simulation) startSwift() {
	j, err := s.job(store.ExpressStart{})
	if err != nil {
		s.problem("%v", err)
		return
	}
	name, q := fmt.Sprint("s", j.Start.ID), s.queue
	j.Input = value.DocOf(value.String(name))
	s.log("start %s", name)
	go func() {
		if _, err := q.Start(context.Background(), j); err != nil {
			return
		}
		s.lock <- struct{}{}
		s.swift = append(s.swift, name)
		s.express++
		<-s.lock
	}()
}

// startExpress is how tasks start Express executions.
func (s *simulation) startExpress(_ *standard.Deployed, c *invoke.Child) (arn string, start store.ExpressStart, durable func(error), err error) {
	return prepared(s.queue, s.job, c)
}

// resumeExpress runs again what was acknowledged and did not end.
func (s *simulation) resumeExpress() {
	starts, err := s.durable.ExpressStarts(context.Background(), simExpress)
	if err != nil {
		panic(err)
	}
	for _, start := range starts {
		j, err := s.job(start)
		if err == nil {
			err = s.queue.Resume(j)
		}
		if err != nil {
			panic(err)
		}
	}
}

// checkQuick checks the result of a map run with Express children: it has one for
// each item, in order, or a failure.
func (s *simulation) checkQuick(name string, output *value.Doc) {
	items := output.Value().Items()
	for i, item := range items {
		n, ok := item.Int()
		if ok && n != int64(i) || !ok && !item.Has("Status") && !item.Has("Error") {
			s.problem("%s: the result of item %d is %s", name, i, item)
		}
	}
	if len(items) != 3 {
		s.problem("%s: the map run gave %s", name, output.Text())
	}
}

// checkAside checks that acknowledged answers of workers came in, and that each
// acknowledged Express execution has run to its end.
func (s *simulation) checkAside() {
	for token, name := range s.desk {
		if n, ok := s.accepted[token]; ok && !s.answers[fmt.Sprint(name, " ", n)] {
			s.problem("the answer %d to a worker's token was acknowledged, but %s does not have it", n, name)
		}
	}
	for _, name := range append(s.wanted, s.swift...) {
		if s.ran[name] == 0 {
			s.problem("the Express execution of %s was acknowledged and never ran", name)
		}
	}
}
