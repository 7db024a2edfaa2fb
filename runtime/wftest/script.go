package wftest

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A Task is the script of a task: its answers, in the order of its calls. When
// there are more calls than answers, the last answer is given again. Its methods
// add answers and return the script.
type Task struct {
	t       testing.TB
	name    string
	answers *answers

	mu     sync.Mutex
	script []answer
	calls  []Call
	delay  time.Duration // of the next answer
}

// answer is one answer of a script.
type answer struct {
	delay time.Duration
	give  func(ctx context.Context, input json.RawMessage) (json.RawMessage, error)
}

// A Call is a call of a scripted task.
type Call struct {
	Input json.RawMessage
	task.Details
}

// Decode reads the input of a call.
func (c Call) Decode(to any) error { return json.Unmarshal(c.Input, to) }

// Returns adds a result, which is written as JSON. A task that waits for its
// token gets the result by its token.
func (s *Task) Returns(result any) *Task {
	s.t.Helper()
	text, err := json.Marshal(result)
	if err != nil {
		s.t.Fatalf("the result of task %q cannot be written as JSON: %v", s.name, err)
	}
	return s.Does(func(context.Context, json.RawMessage) (json.RawMessage, error) { return text, nil })
}

// Fails adds a failure.
func (s *Task) Fails(name, cause string) *Task {
	return s.Does(func(context.Context, json.RawMessage) (json.RawMessage, error) {
		return nil, &task.Error{Name: name, Cause: cause}
	})
}

// TimesOut adds an attempt that never answers.
func (s *Task) TimesOut() *Task {
	return s.Does(func(ctx context.Context, _ json.RawMessage) (json.RawMessage, error) {
		for {
			if err := task.Sleep(ctx, 365*24*time.Hour); err != nil {
				return nil, err
			}
		}
	})
}

// Does adds an answer that a function gives.
func (s *Task) Does(f func(ctx context.Context, input json.RawMessage) (json.RawMessage, error)) *Task {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = append(s.script, answer{s.delay, f})
	s.delay = 0
	return s
}

// After delays the next answer that is added, in virtual time.
func (s *Task) After(d time.Duration) *Task {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = d
	return s
}

// Times repeats the last answer, so that it is given n times altogether.
func (s *Task) Times(n int) *Task {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.script) == 0 {
		s.t.Fatalf("task %q has no answer to repeat: Times comes after Returns, Fails, TimesOut or Does", s.name)
	}
	last := s.script[len(s.script)-1]
	for range n - 1 {
		s.script = append(s.script, last)
	}
	return s
}

// Calls returns the calls so far, in order.
func (s *Task) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// Called checks how often the task was called.
func (s *Task) Called(times int) *Task {
	s.t.Helper()
	if n := len(s.Calls()); n != times {
		s.t.Errorf("task %q was called %d times, want %d", s.name, n, times)
	}
	return s
}

// Handle implements [task.Handler].
func (s *Task) Handle(ctx context.Context, input json.RawMessage) (json.RawMessage, error) {
	a, ok := s.next(ctx, input)
	if !ok {
		s.t.Errorf("task %q has no answer: give it one with Task(%q).Returns(…)", s.name, s.name)
		return nil, &task.Error{Name: task.NoHandler, Cause: "the test gave no answer"}
	}
	if a.delay > 0 {
		if err := task.Sleep(ctx, a.delay); err != nil {
			return nil, err
		}
	}
	output, err := a.give(ctx, input)
	if d := task.Info(ctx); strings.HasSuffix(d.Resource, ".waitForTaskToken") {
		return json.RawMessage("null"), s.answers.send(d.Token, output, err)
	}
	return output, err
}

func (s *Task) next(ctx context.Context, input json.RawMessage) (answer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, Call{Input: input, Details: task.Info(ctx)})
	if len(s.script) == 0 {
		return answer{}, false
	}
	return s.script[min(len(s.calls), len(s.script))-1], true
}

// answers brings the answers to task tokens to the execution that runs.
type answers struct {
	mu        sync.Mutex
	started   chan struct{}
	execution *express.Execution
}

func (a *answers) begin() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.started = make(chan struct{})
}

func (a *answers) running(x *express.Execution) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.execution = x
	close(a.started)
}

// send answers a token with what the script gave.
func (a *answers) send(token string, output json.RawMessage, err error) error {
	a.mu.Lock()
	started := a.started
	a.mu.Unlock()
	<-started
	a.mu.Lock()
	x := a.execution
	a.mu.Unlock()
	if err != nil {
		f := task.Failure(err)
		return x.SendTaskFailure(token, &f.Name, &f.Cause)
	}
	doc, err := value.ParseDoc(string(output))
	if err != nil {
		return err
	}
	return x.SendTaskSuccess(token, doc)
}
