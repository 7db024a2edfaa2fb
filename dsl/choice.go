package dsl

import (
	"slices"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A Switching is a Switch that has not got its Default yet.
type Switching[T any] struct {
	choice *choosing
}

// Switch begins a Choice state that gives a value: that of the first Case whose
// condition holds, or else of Default. It is not complete without Default.
//
//	risk := dsl.Switch[Risk](f, "How much?").
//		Case(dsl.Gt(order.Total, 1000), func(f *dsl.Flow) Risk { return Assess.Call(f, order) }).
//		Default(func(f *dsl.Flow) Risk { return Risk{Level: dsl.V(0)} })
//
//go:noinline
func Switch[T any](f *Flow, name string) *Switching[T] {
	c := f.choose(name)
	c.step.Open = true
	c.out = f.trace.typeOf(goType[T](), "the value of a Switch", c.step.Pos)
	return &Switching[T]{c}
}

// Case adds an arm.
//
//go:noinline
func (s *Switching[T]) Case(condition Bool, then func(*Flow) T) *Switching[T] {
	s.choice.arm(condition, untyped(then))
	return s
}

// Default says what the value is when no condition holds, and returns the
// Switch's value. An arm that cannot have a value ends with [Fail].
//
//go:noinline
func (s *Switching[T]) Default(then func(*Flow) T) T {
	return symbol[T](s.choice.otherwise(untyped(then)))
}

// An Else is an If that may get more arms.
type Else struct {
	choice *choosing
}

// If records a Choice state as a statement. When no arm's condition holds, the
// workflow goes on behind it. A chain of ElseIf is one Choice state.
//
//go:noinline
func If(f *Flow, name string, condition Bool, then func(*Flow)) *Else {
	c := f.choose(name)
	c.arm(condition, statement(then))
	return &Else{c}
}

// ElseIf adds an arm, taken when none before it was and the condition holds.
//
//go:noinline
func (e *Else) ElseIf(condition Bool, then func(*Flow)) *Else {
	e.choice.arm(condition, statement(then))
	return e
}

// Else says what happens when no condition holds.
//
//go:noinline
func (e *Else) Else(then func(*Flow)) {
	e.choice.otherwise(statement(then))
}

// choosing is a Choice state that is being written.
type choosing struct {
	f    *Flow
	step *spec.Choice
	out  *spec.Type // nil for an If
	dead bool       // it was recorded where it has no business
}

func (f *Flow) choose(name string) *choosing {
	c := &choosing{f: f, step: &spec.Choice{Header: f.header(name)}}
	c.dead = !f.record(c.step)
	return c
}

func (c *choosing) arm(condition Bool, then func(*Flow) any) {
	pos := here()
	c.inPlace(pos)
	when := given(condition.e, typeFor(goType[Bool]()), "the condition", pos)
	if !c.dead {
		c.f.use(when, pos)
	}
	body := c.body(then, pos)
	c.step.Arms = append(c.step.Arms, spec.Arm{Condition: when, Body: body, Pos: pos})
}

func (c *choosing) otherwise(then func(*Flow) any) *spec.Expr {
	pos := here()
	c.inPlace(pos)
	c.step.Open = false
	c.step.Default = c.body(then, pos)
	if c.ends() {
		c.f.block.Ended = true
	}
	if c.out == nil {
		return nil
	}
	c.step.Result = c.f.result(spec.FromChoice, c.out, c.step.Header)
	return ref(c.step.Result)
}

func (c *choosing) body(then func(*Flow) any, pos spec.Pos) *spec.Block {
	if c.dead {
		return &spec.Block{Pos: pos, Ended: true} // what is in it cannot run either
	}
	return c.f.nested(then, "the value of "+what(&c.step.Header), pos, nil)
}

// ends reports whether every way through the choice ends.
func (c *choosing) ends() bool {
	if c.dead || !c.step.Default.Ended {
		return false
	}
	for _, arm := range c.step.Arms {
		if !arm.Body.Ended {
			return false
		}
	}
	return true
}

// inPlace puts what the new arm's condition reads in front of the choice, since
// a condition is evaluated before any arm is taken. States cannot be moved so:
// they are reported.
func (c *choosing) inPlace(pos spec.Pos) {
	steps := c.f.block.Steps
	at := slices.Index(steps, spec.Step(c.step))
	if c.dead || at == len(steps)-1 {
		return
	}
	for _, step := range steps[at+1:] {
		switch step.(type) {
		case *spec.Get, *spec.Bind:
		default:
			c.f.trace.report(spec.Problem{
				Code: "STATE_IN_CONDITION", Message: "a state was recorded between the arms of " + what(&c.step.Header), Pos: pos,
				Fix: "call the task before the choice, and use its result in the condition",
			})
			return
		}
	}
	copy(steps[at:], steps[at+1:])
	steps[len(steps)-1] = c.step
}

// untyped hides a function's result type; a nil function stays nil.
func untyped[T any](body func(*Flow) T) func(*Flow) any {
	if body == nil {
		return nil
	}
	return func(f *Flow) any { return body(f) }
}

func statement(body func(*Flow)) func(*Flow) any {
	if body == nil {
		return nil
	}
	return func(f *Flow) any { body(f); return nil }
}
