package standard_test

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// check compares what the store says with what was seen outside.
func (s *simulation) check() {
	ctx := context.Background()
	for id, machine := range simMachines {
		list, err := s.durable.List(ctx, store.Query{Machine: id, Limit: 1000})
		if err != nil {
			s.problem("%v", err)
		}
		for _, x := range list {
			s.checkExecution(machine, x.Name)
			if machine == "main" {
				s.checkMapRun(ctx, x)
			}
		}
	}
	for _, name := range s.starts {
		if _, err := s.engine.Describe(ctx, arnOf(machineOf(name), name)); err != nil {
			s.problem("an acknowledged start is gone: %s: %v", name, err)
		}
	}
	for key, token := range s.asked {
		if n, ok := s.accepted[token]; ok && s.results[key] != strconv.Itoa(n) {
			s.problem("the answer %d to the token of %s was acknowledged, but the result is %q", n, key, s.results[key])
		}
	}
	s.checkAside()
}

// checkMapRun looks at the children of an execution's map run, of which there is
// one for each item, and which have all succeeded if the run has.
func (s *simulation) checkMapRun(ctx context.Context, x store.Execution) {
	runs, err := s.engine.MapRuns(ctx, arnOf("main", x.Name))
	if err != nil || len(runs) > 1 {
		s.problem("%s has %d map runs: %v", x.Name, len(runs), err)
	}
	for _, run := range runs {
		children, err := s.engine.List(ctx, standard.Query{MapRun: run.ARN})
		if err != nil || len(children.Executions) > 2 {
			s.problem("%s has too many children: %v", x.Name, err)
			continue
		}
		for _, c := range children.Executions {
			if run.Status == interp.Succeeded && c.Status != interp.Succeeded {
				s.problem("%s: the map run succeeded, but a child is %s", x.Name, c.Status)
			}
		}
	}
}

// checkExecution holds a history against the model: what handlers and tokens
// gave, in the order of the attempts, decides how each task and the execution
// ends; what has succeeded is not done again by a redrive.
func (s *simulation) checkExecution(machine, name string) {
	outcomes := make(map[string][]string) // of each task's attempts
	done := make(map[string]bool)         // tasks that succeeded before a redrive
	items := make(map[int64]*int)         // what iteration an event is in
	redrive := 0
	var entered, last history.Event
	for e, err := range s.engine.History(context.Background(), arnOf(machine, name), false) {
		if err != nil {
			s.problem("%s: %v", name, err)
			return
		}
		if e.ID != last.ID+1 || last.Type.Terminal() != (e.Type == history.ExecutionRedriven) || e.Time.Before(last.Time) {
			s.problem("%s: event %d (%s) after %d (%s)", name, e.ID, e.Type, last.ID, last.Type)
		}
		if e.Type == history.ExecutionRedriven {
			s.checkEnd(name, outcomes, last)
			for place, attempts := range outcomes {
				done[place] = done[place] || attempts[len(attempts)-1] == "ok"
			}
			clear(outcomes)
			redrive++
		}
		last = e
		items[e.ID] = items[e.PreviousID]
		place := e.State
		if e.State == "I" {
			place = placeOf(e.State, items[e.ID])
		}
		key := attemptOf(name, redrive, place, len(outcomes[place]))
		if done[place] && strings.HasSuffix(string(e.Type), "Scheduled") {
			s.problem("%s: %s was done again although it had succeeded", name, place)
		}
		switch d := e.Details.(type) {
		case *history.Iteration:
			if e.Type == history.MapIterationStarted {
				items[e.ID] = &d.Index
			}
		case *history.Entered:
			if e.State == "W" {
				entered = e
			}
		case *history.Exited:
			if e.State == "W" && e.Time.Sub(entered.Time) < 10*time.Second {
				s.problem("%s: the timer fired after %v", name, e.Time.Sub(entered.Time))
			}
			if e.State == "Q" {
				s.checkQuick(name, d.Output)
			}
		case *history.Output:
			switch e.Type {
			case history.LambdaFunctionSucceeded:
				s.outcome(outcomes, key, place, "ok", d.Output.Text())
			case history.ActivitySucceeded:
				outcomes[place] = append(outcomes[place], "ok")
				s.answers[name+" "+d.Output.Text()] = true
			}
		case *history.TaskOutput:
			switch {
			case e.Type == history.TaskSucceeded && (e.State == "T" || e.State == "J"):
				s.outcome(outcomes, key, place, "ok", d.Output.Text())
			case e.Type == history.TaskSucceeded && e.State == "X":
				s.wanted = append(s.wanted, name)
			}
		case *history.Failure:
			switch e.Type {
			case history.LambdaFunctionFailed, history.LambdaFunctionTimedOut:
				s.outcome(outcomes, key, place, *d.Error, "")
			case history.ActivityTimedOut:
				outcomes[place] = append(outcomes[place], *d.Error)
			}
		case *history.TaskFailure:
			if e.State == "T" || e.State == "J" {
				s.outcome(outcomes, key, place, *d.Error, "")
			}
		}
	}
	s.checkEnd(name, outcomes, last)
	s.kept += len(done)
	if d, err := s.engine.Describe(context.Background(), arnOf(machine, name)); err != nil || d.RedriveCount != redrive {
		s.problem("%s has %d redrives in its history: %+v, %v", name, redrive, d, err)
	}
	if redrive < s.redrives[name] {
		s.problem("%s was redriven %d times, but %d were acknowledged", name, redrive, s.redrives[name])
	}
}

// outcome takes down how an attempt ended, and checks that this is what was
// returned.
func (s *simulation) outcome(outcomes map[string][]string, key, place, how, output string) {
	outcomes[place] = append(outcomes[place], how)
	s.results[key] = output
	returned, ok := s.returned[key]
	switch {
	case how == task.Interrupted:
		s.interrupted++
	case how == "States.Timeout":
	case how == "ok" && place == "T": // check compares it with the answer to the token
	case how == "ok" && (!ok || returned.err != nil || strconv.Itoa(returned.value) != output):
		s.problem("%s has the result %s, but the handler returned %+v", key, output, returned)
	case how != "ok" && (!ok || task.Failure(returned.err).Name != how):
		s.problem("%s failed with %s, but the handler returned %+v", key, how, returned)
	}
	if !s.called[key] && how != "States.Timeout" && how != task.Interrupted {
		s.problem("%s ended with %s, but no handler was called", key, how)
	}
}

// checkEnd is the reference model of Retry: three more attempts for what may be
// tried again.
func (s *simulation) checkEnd(name string, outcomes map[string][]string, last history.Event) {
	failed, cutOff := false, last.Type == history.ExecutionFailed || last.Type == history.ExecutionAborted
	for _, state := range slices.Sorted(maps.Keys(outcomes)) {
		attempts := outcomes[state]
		for i, how := range attempts {
			again := how != "ok" && how != "Fatal" && i < 3
			if again != (i < len(attempts)-1) && !(again && cutOff) {
				s.problem("%s: state %s had attempts %q", name, state, attempts)
			}
			failed = failed || how != "ok" && !again
		}
	}
	if last.Type == history.ExecutionSucceeded && failed || last.Type != history.ExecutionSucceeded && last.Type != history.ExecutionFailed && last.Type != history.ExecutionAborted {
		s.problem("%s ended with %s after %v", name, last.Type, outcomes)
	}
}
