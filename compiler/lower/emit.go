package lower

import (
	"slices"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// An emitter writes the states of a plan. Whether a state needs its input, and
// so the state before it an Output, is known only when everything that could
// read the input is written; so the outputs come last.
type emitter struct {
	*plan
	positions map[string]spec.Pos
	foreign   map[string]spec.Pos // states with text that the user wrote in the language itself
	problems  diag.List

	unread []*node // states whose input is read, and whose arriving transitions have not been looked at
}

func newEmitter(p *plan) *emitter {
	return &emitter{plan: p, positions: make(map[string]spec.Pos), foreign: make(map[string]spec.Pos)}
}

func (e *emitter) machine(top *scope) *asl.Machine {
	e.write(top)
	for len(e.unread) > 0 {
		n := e.unread[0]
		e.unread = e.unread[1:]
		for _, in := range n.arriving {
			e.supply(in)
		}
	}
	return e.assemble(top)
}

// write writes all of the scope's states but where they lead and their outputs.
func (e *emitter) write(s *scope) {
	for _, n := range s.nodes {
		e.positions[n.name] = n.pos
		n.state = e.state(n)
		for _, out := range n.leaving() {
			out.assign = e.assign(out)
			if out.result != nil {
				out.output = e.leaving(out).value(out.result)
			}
		}
		for _, inner := range n.inner {
			e.write(inner)
		}
	}
}

// supply sees to it that the next state gets the input which the plan says.
func (e *emitter) supply(in *edge) {
	switch {
	case in.from == nil:
		if outer := in.to.in.outer; outer != nil && in.to.in.input == nil {
			e.read(outer)
		}
	case in.carried != nil:
		if in.output.IsUndefined() {
			in.output = e.leaving(in).value(&spec.Expr{Op: spec.OpRef, Type: in.carried.Type, Source: in.carried})
		}
	case passesInput(in):
		e.read(in.from)
	}
}

// read notes that a state's input is read.
func (e *emitter) read(n *node) {
	if !n.read {
		n.read = true
		e.unread = append(e.unread, n)
	}
}

// assemble makes the States object of a scope.
func (e *emitter) assemble(s *scope) *asl.Machine {
	m := &asl.Machine{StartAt: s.entry.to.name}
	for _, n := range s.nodes {
		state := n.state
		e.connect(n, state)
		m.States = append(m.States, state)
	}
	return m
}

// connect writes where a state leads.
func (e *emitter) connect(n *node, state asl.State) {
	base := state.Common()
	base.Name = n.name
	switch s := state.(type) {
	case *asl.Choice:
		e.rules(n, s)
		return
	case *asl.Task:
		s.Catch = e.catchers(n)
	case *asl.Parallel:
		s.Catch = e.catchers(n)
		for _, inner := range n.inner {
			s.Branches = append(s.Branches, e.assemble(inner))
		}
	case *asl.Map:
		s.Catch = e.catchers(n)
		if n.inner != nil {
			e.processor(n, s)
		}
	}
	if n.next == nil {
		return
	}
	base.Assign, base.Output = n.next.assign, e.output(n.next)
	if n.next.to.kind == end {
		base.End = true
	} else {
		base.Next = n.next.to.name
	}
}

// output is the Output of a transition; undefined where the default does.
func (e *emitter) output(out *edge) value.Value {
	standard := e.standard(out)
	if out.output.IsUndefined() {
		if gathers(out.from) && out.errors == nil && out.to.kind != end {
			return value.Object() // nobody reads what may be a long list
		}
		if result := resultOf(out.from); out.errors == nil && result.text != standard.text && !passesInput(out) {
			return value.String(jsonata(result))
		}
		return value.Value{}
	}
	if text, ok := out.output.Str(); ok && text == jsonata(standard) {
		return value.Value{}
	}
	return out.output
}

// gathers reports whether a state's result is made of many.
func gathers(n *node) bool {
	switch n.step.(type) {
	case *spec.Parallel, *spec.Map:
		return true
	}
	return false
}

// standard is what a state's output is when it has no Output.
func (e *emitter) standard(out *edge) term {
	switch {
	case out.errors != nil:
		return variable("states.errorOutput")
	case passesInput(out):
		return variable("states.input")
	default:
		return variable("states.result")
	}
}

// assign is the Assign of a transition.
func (e *emitter) assign(out *edge) value.Value {
	var members []value.Member
	set := func(s *spec.Source, w writer, x *spec.Expr) {
		name, kept := e.variables[s]
		if !kept || !slices.Contains(out.live, s) {
			return
		}
		v := w.value(x)
		if text, ok := v.Str(); ok && text == jsonata(variable(name)) {
			return
		}
		for i := range members {
			if members[i].Key == name {
				members[i].Value = v
				return
			}
		}
		members = append(members, value.Member{Key: name, Value: v})
	}
	if s := e.gives(out); s != nil {
		set(s, e.leaving(out), &spec.Expr{Op: spec.OpRef, Type: s.Type, Source: s})
	}
	for i, b := range out.from.sunk {
		set(b.to, writer{emitter: e, at: use{node: out.from, seen: i}}, b.value)
	}
	for i, b := range out.binds {
		set(b.to, writer{emitter: e, at: use{edge: out, seen: i}}, b.value)
	}
	if members == nil {
		return value.Value{}
	}
	return value.Object(members...)
}

// leaving writes what is evaluated at the end of a transition.
func (e *emitter) leaving(out *edge) writer {
	return writer{emitter: e, at: use{edge: out, seen: len(out.binds)}}
}

// entering writes what is evaluated when a state is entered.
func (e *emitter) entering(n *node) writer {
	return writer{emitter: e, at: use{node: n, seen: everything}}
}

// state writes the fields that only a state of its type has.
func (e *emitter) state(n *node) asl.State {
	w := e.entering(n)
	switch s := n.step.(type) {
	case nil:
		if n.made == madeSucceed {
			return &asl.Succeed{}
		}
		return &asl.Pass{}
	case *spec.Call:
		return w.task(s)
	case *spec.Wait:
		return w.wait(s)
	case *spec.Choice:
		return w.choice(n)
	case *spec.Parallel:
		return &asl.Parallel{Retry: retriers(s.Retry)}
	case *spec.Map:
		return w.iterate(n, s)
	case *spec.Raw:
		return w.raw(n, s)
	case *spec.Fail:
		return &asl.Fail{Error: w.scalar(s.Error), Cause: w.scalar(s.Cause)}
	case *spec.Succeed:
		return w.succeed(s)
	default:
		panic("lower: a step that is no state has a node")
	}
}

func (e *emitter) catchers(n *node) []asl.Catcher {
	var list []asl.Catcher
	for _, out := range n.caught {
		list = append(list, asl.Catcher{ErrorEquals: out.errors, Next: out.to.name, Assign: out.assign, Output: e.output(out)})
	}
	return list
}

func retriers(list []spec.Retrier) []asl.Retrier {
	var out []asl.Retrier
	for _, r := range list {
		a := asl.Retrier{ErrorEquals: r.Errors, IntervalSeconds: seconds(r.Interval), MaxDelaySeconds: seconds(r.MaxDelay)}
		if r.MaxAttempts != nil {
			a.MaxAttempts = value.Int(int64(*r.MaxAttempts))
		}
		if r.Backoff != 0 {
			a.BackoffRate = value.Float(r.Backoff)
		}
		if r.Jitter {
			a.JitterStrategy = "FULL"
		}
		out = append(out, a)
	}
	return out
}

// seconds is a duration in whole seconds; undefined for none.
func seconds(d time.Duration) value.Value {
	if d == 0 {
		return value.Value{}
	}
	return value.Int(int64(d / time.Second))
}
