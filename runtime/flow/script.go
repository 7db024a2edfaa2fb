package flow

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A Script stands in for a task in a test: it answers as it was told and
// remembers the calls. The generated struct Stub has one for each task. The zero
// Script is ready; its methods may be called by several goroutines.
//
//	stub.Charge.Returns(ordersflow.Receipt{Number: "R-1"})
//	stub.Charge.Nth(1).Fails(ordersflow.Throttled{})
type Script[In, Out any] struct {
	mu     sync.Mutex
	calls  []In
	answer answer[In, Out]
	nth    map[int]answer[In, Out]
}

// An answer answers call number n, from 1.
type answer[In, Out any] func(ctx context.Context, n int, in In) (Out, error)

// NotScripted is the name of the error of a call that no answer was given for.
const NotScripted = "Stepsmith.NotScripted"

// Returns answers the first call with the first result, the second with the
// second and so on; all further calls with the last.
func (s *Script[In, Out]) Returns(first Out, others ...Out) {
	results := append([]Out{first}, others...)
	s.set(func(_ context.Context, n int, _ In) (Out, error) { return results[min(n, len(results))-1], nil })
}

// Fails answers every call with an error.
func (s *Script[In, Out]) Fails(err error) { s.set(failing[In, Out](err)) }

// Does answers every call by calling a function.
func (s *Script[In, Out]) Does(f func(context.Context, In) (Out, error)) { s.set(calling(f)) }

// Nth is for the answer to call number n alone, from 1. It goes before the
// answers to all calls.
func (s *Script[In, Out]) Nth(n int) Nth[In, Out] { return Nth[In, Out]{s, n} }

// Calls returns the inputs of the calls so far, in their order.
func (s *Script[In, Out]) Calls() []In {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

func (s *Script[In, Out]) set(a answer[In, Out]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = a
}

// Nth is the answer of a [Script] to one call.
type Nth[In, Out any] struct {
	script *Script[In, Out]
	n      int
}

// Returns answers the call with a result.
func (c Nth[In, Out]) Returns(out Out) {
	c.set(func(context.Context, int, In) (Out, error) { return out, nil })
}

// Fails answers the call with an error.
func (c Nth[In, Out]) Fails(err error) { c.set(failing[In, Out](err)) }

// Does answers the call by calling a function.
func (c Nth[In, Out]) Does(f func(context.Context, In) (Out, error)) { c.set(calling(f)) }

func (c Nth[In, Out]) set(a answer[In, Out]) {
	c.script.mu.Lock()
	defer c.script.mu.Unlock()
	if c.script.nth == nil {
		c.script.nth = make(map[int]answer[In, Out])
	}
	c.script.nth[c.n] = a
}

func failing[In, Out any](err error) answer[In, Out] {
	return func(context.Context, int, In) (out Out, _ error) { return out, err }
}

func calling[In, Out any](f func(context.Context, In) (Out, error)) answer[In, Out] {
	return func(ctx context.Context, _ int, in In) (Out, error) { return f(ctx, in) }
}

// Func is the task, as the generated struct Tasks has it.
func (s *Script[In, Out]) Func(ctx context.Context, in In) (Out, error) {
	n, a := s.called(in)
	return a(ctx, n, in)
}

// FuncIn is Func for a task without a result.
func (s *Script[In, Out]) FuncIn(ctx context.Context, in In) error {
	_, err := s.Func(ctx, in)
	return err
}

// FuncOut is Func for a task without an input.
func (s *Script[In, Out]) FuncOut(ctx context.Context) (Out, error) {
	var none In
	return s.Func(ctx, none)
}

// FuncNone is Func for a task with neither.
func (s *Script[In, Out]) FuncNone(ctx context.Context) error {
	_, err := s.FuncOut(ctx)
	return err
}

// called remembers a call and returns its number and the answer to it. A task
// without a result needs none.
func (s *Script[In, Out]) called(in In) (int, answer[In, Out]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, in)
	n := len(s.calls)
	if a := s.nth[n]; a != nil {
		return n, a
	}
	if s.answer != nil {
		return n, s.answer
	}
	var out Out
	if _, none := any(out).(None); none {
		return n, failing[In, Out](nil)
	}
	return n, failing[In, Out](&task.Error{
		Name: NotScripted, Cause: fmt.Sprintf("the stub was not told what to answer to call %d of a task that gives %T: use Returns", n, out),
	})
}
