package jsonata

import (
	"slices"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A scope is where variables are bound: that of a function call, a block or an
// item of a path that binds. Scopes are short, so that looking through them
// beats a map.
type scope struct {
	up     *scope
	names  []string      // the parameters of a function
	values []value.Value // and what they are
	bound  []binding
	shared bool // the bindings are somebody else's
}

type binding struct {
	name  string
	value value.Value
}

func (sc *scope) bind(name string, v value.Value) {
	for i := len(sc.names) - 1; i >= 0; i-- {
		if sc.names[i] == name {
			sc.values[i] = v
			return
		}
	}
	if sc.shared {
		sc.bound, sc.shared = slices.Clone(sc.bound), false
	}
	for i := range sc.bound {
		if sc.bound[i].name == name {
			sc.bound[i].value = v
			return
		}
	}
	sc.bound = append(sc.bound, binding{name, v})
}

// find looks for a variable, from the innermost scope outwards.
func (sc *scope) find(name string) (value.Value, bool) {
	for ; sc != nil; sc = sc.up {
		for i := len(sc.names) - 1; i >= 0; i-- {
			if sc.names[i] == name {
				return sc.values[i], true
			}
		}
		for i := range sc.bound {
			if sc.bound[i].name == name {
				return sc.bound[i].value, true
			}
		}
	}
	return value.Value{}, false
}

// crowded is from how many variables on looking through them has its price.
const crowded = 64

// size returns how many variables there are to look through.
func (sc *scope) size() (n int) {
	for ; sc != nil; sc = sc.up {
		n += len(sc.names) + len(sc.bound)
	}
	return n
}

type variableOp struct {
	name    string
	builtin *function
}

func (op *variableOp) eval(ev *evaluation, _ value.Value, sc *scope) (value.Value, *Error) {
	if size := sc.size(); size > crowded {
		if err := ev.spend(size / 16); err != nil {
			return value.Value{}, err
		}
	}
	return ev.variable(op.name, op.builtin, sc), nil
}

// variable finds a variable: in the scopes, in the environment, among the
// functions.
func (ev *evaluation) variable(name string, builtin *function, sc *scope) value.Value {
	if v, ok := sc.find(name); ok {
		return v
	}
	if name == "$" {
		return ev.root
	}
	if ev.env.Lookup != nil {
		if v, ok := ev.env.Lookup(name); ok {
			return v
		}
	}
	if builtin != nil {
		return builtin.value
	}
	return value.Value{}
}

// A contextOp is $, the context value.
type contextOp struct{}

func (contextOp) eval(_ *evaluation, in value.Value, _ *scope) (value.Value, *Error) {
	if in.Mark()&outerMark != 0 {
		return in.Index(0), nil
	}
	return in, nil
}

type assignment struct {
	name  string
	value *unit
}

func (op *assignment) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	v, err := op.value.eval(ev, in, sc)
	if err != nil {
		return v, err
	}
	if err := ev.spend(len(sc.bound) / 16); err != nil {
		return v, err
	}
	sc.bind(op.name, v)
	return v, nil
}

type block struct {
	items []*unit
	binds bool
}

func (op *block) eval(ev *evaluation, in value.Value, sc *scope) (v value.Value, err *Error) {
	if op.binds {
		if err = ev.make(1, functionSize); err != nil {
			return v, err
		}
		sc = &scope{up: sc}
	}
	for _, item := range op.items {
		if v, err = item.eval(ev, in, sc); err != nil {
			return v, err
		}
	}
	return v, nil
}

type condition struct{ test, then, otherwise *unit }

func (op *condition) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	test, err := op.test.eval(ev, in, sc)
	if err != nil {
		return value.Value{}, err
	}
	truth, err := ev.truthy(test)
	switch {
	case err != nil:
		return value.Value{}, err
	case truth:
		return op.then.eval(ev, in, sc)
	case op.otherwise != nil:
		return op.otherwise.eval(ev, in, sc)
	}
	return value.Value{}, nil
}
