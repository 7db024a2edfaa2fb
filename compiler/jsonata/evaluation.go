package jsonata

import (
	"sync"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// An evaluation is the state of one call of Eval.
type evaluation struct {
	env     Env
	dialect *dialect
	root    value.Value // $$

	steps  int // that are left
	depth  int
	limits Limits
	memory int // that is left

	args    []value.Value // a stack of the arguments of calls
	pending pendingCall   // what a tail call asked for
	sites   [numHigher]site
	made    int // lists and objects
}

// A pendingCall is a call that ends a function, to be made by its caller.
type pendingCall struct {
	call *call
	in   value.Value
	sc   *scope
}

// thunk is the result of a function that ended with a pending call.
var thunk = value.Opaque(new(int))

func isThunk(v value.Value) bool {
	if v.Kind() != value.KindOpaque {
		return false
	}
	return value.Equal(v, thunk)
}

// evaluations are those that ended. No value that an evaluation makes refers to
// it.
var evaluations = sync.Pool{New: func() any { return new(evaluation) }}

func begin(e *Expr, env *Env, root value.Value) *evaluation {
	ev := evaluations.Get().(*evaluation)
	if env != nil {
		ev.env = *env
	}
	ev.dialect, ev.root = e.dialect, root
	l := &ev.limits
	*l = ev.env.Limits
	setDefault(&l.Steps, defaultSteps)
	setDefault(&l.Depth, defaultDepth)
	setDefault(&l.Text, defaultText)
	setDefault(&l.Memory, defaultMemory)
	setDefault(&l.Result, defaultResult)
	ev.steps, ev.memory = l.Steps, l.Memory
	return ev
}

// end gives the evaluation back, with nothing left in it.
func (ev *evaluation) end() {
	args := ev.args[:cap(ev.args)]
	if len(args) > 256 {
		args = nil
	}
	clear(args)
	*ev = evaluation{args: args[:0]}
	evaluations.Put(ev)
}

func setDefault(n *int, fallback int) {
	if *n <= 0 {
		*n = fallback
	}
}

// The texts of AWS for budgets that are spent.
const (
	stackMessage  = "Stack overflow error"
	stepsMessage  = "Expression evaluation timeout"
	memoryMessage = "Expression evaluation memory limit exceeded"
)

func overBudget(message string) *Error { return &Error{Code: "U1001", Message: message} }

// spend takes steps off the budget. It is asked wherever an evaluation could go
// on without end: at calls and in loops.
func (ev *evaluation) spend(steps int) *Error {
	if ev.steps -= steps; ev.steps < 0 {
		return overBudget(stepsMessage)
	}
	return nil
}

// The sizes that the memory budget counts with.
const (
	itemSize     = 24
	memberSize   = 40
	functionSize = 128
)

// make accounts for a list or object of n parts.
func (ev *evaluation) make(n, size int) *Error {
	ev.made++
	if ev.memory -= (n + 1) * size; ev.memory < 0 {
		return overBudget(memoryMessage)
	}
	return nil
}

// makeText accounts for a string of n bytes.
func (ev *evaluation) makeText(n int) *Error {
	if n > ev.limits.Text {
		return overBudget(memoryMessage)
	}
	if ev.memory -= n; ev.memory < 0 {
		return overBudget(memoryMessage)
	}
	return nil
}

func (ev *evaluation) text(s string) (value.Value, *Error) {
	return value.String(s), ev.makeText(len(s))
}

// eval evaluates a unit: its operation, and then its predicates, its group and
// what becomes of sequences.
func (u *unit) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	ev.steps--
	if ev.depth >= ev.limits.Depth {
		return value.Value{}, overBudget(stackMessage)
	}
	ev.depth++
	v, err := u.op.eval(ev, in, sc)
	if u.finishing && err == nil {
		v, err = u.complete(ev, v, sc)
	}
	ev.depth--
	return v, err
}

func (u *unit) complete(ev *evaluation, v value.Value, sc *scope) (value.Value, *Error) {
	var err *Error
	for _, s := range u.predicates {
		if v, err = ev.filter(s.predicate, v, sc); err != nil {
			return v, err
		}
	}
	if u.group != nil && u.kind != pathUnit {
		if v, err = u.group.eval(ev, v, sc); err != nil {
			return v, err
		}
	}
	return normal(v, u.keepArray), nil
}
