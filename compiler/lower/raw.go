package lower

import (
	"encoding/json"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

func (b *builder) raw(s *spec.Raw) {
	n := b.state(s)
	n.result = s.Result
	if s.Machine {
		n.input = s.Input // the Arguments of a Parallel state
	} else if s.Input != nil {
		n.input = b.asInput(n, s.Input)
	}
	b.land(n)
	b.fallible(n)
}

// asInput makes a value the input of a state that reads $states.input: it is
// bound on all ways to the state, so that each of them hands it over. Where the
// scope begins with the state and the value is the scope's own input, there is
// nothing to do.
func (b *builder) asInput(n *node, x *spec.Expr) *spec.Expr {
	if len(b.pending) == 1 && b.pending[0] == b.in.entry && x.Op == spec.OpRef && x.Source == b.in.input {
		return x
	}
	input := &spec.Source{Kind: spec.FromRaw, Type: x.Type, Name: n.name + " input", Pos: n.pos}
	b.bind(input, x)
	return &spec.Expr{Op: spec.OpRef, Type: x.Type, Source: input, Pos: n.pos}
}

// feed gives the entry a Pass state where a state in JSON is to get its input
// from there: nothing else could make it.
func (s *scope) feed(b *builder) {
	first := s.entry.to
	if first.input == nil || first.input.Op != spec.OpRef || lastBind(s.entry.binds, first.input.Source) < 0 {
		return
	}
	if _, raw := first.step.(*spec.Raw); raw {
		s.split(b, s.entry, 0, b.unique(b.within(s, first.name+" - Input")))
	}
}

// raw writes a state that the user wrote. What is wrong with it is said when the
// whole definition is validated.
func (w writer) raw(n *node, s *spec.Raw) asl.State {
	w.foreign[n.name] = n.pos
	if s.Machine {
		m := w.decode(s.JSON, n)
		collect(m, func(name string) { w.positions[name], w.foreign[name] = n.pos, n.pos })
		return &asl.Parallel{Branches: []*asl.Machine{m}, Arguments: w.scalar(n.input)}
	}
	wrapped, _ := json.Marshal(map[string]any{"StartAt": n.name, "States": map[string]any{n.name: s.JSON}})
	m := w.decode(wrapped, n)
	if n.input != nil {
		if got := w.expr(n.input); got.text != "$states.input" {
			w.problems = append(w.problems, problem("INTERNAL", "report this to the authors of Stepsmith, with the workflow", n.pos,
				"%q gets %s as its input", n.name, got.text))
		}
	}
	if len(m.States) != 1 {
		return &asl.Pass{}
	}
	state := m.States[0]
	w.checkRaw(n, state)
	return state
}

func (w writer) decode(text []byte, n *node) *asl.Machine {
	document, list := asl.Decode(text, "")
	for _, d := range list.Only(diag.Error) {
		w.problems = append(w.problems, problem("BAD_STATE", "write it as Amazon States Language has it", n.pos, "the JSON of %q: %s", n.name, d.Message))
	}
	if document == nil {
		return &asl.Machine{}
	}
	return &document.Machine
}

// checkRaw reports what a state in JSON must leave to the workflow around it.
func (w writer) checkRaw(n *node, state asl.State) {
	base := state.Common()
	bad := base.Next != "" || base.End || !base.Assign.IsUndefined() || !base.Output.IsUndefined()
	switch s := state.(type) {
	case *asl.Task:
		bad = bad || s.Catch != nil
	case *asl.Parallel:
		bad = bad || s.Catch != nil
	case *asl.Map:
		bad = bad || s.Catch != nil
	default:
		w.problems = append(w.problems, problem("BAD_STATE", "use what package dsl has for it", n.pos,
			"%q is a %s state; a state in JSON is a Task, Parallel or Map state", n.name, state.Type()))
		return
	}
	for _, flow := range state.Flows() {
		collect(flow, func(name string) { w.positions[name], w.foreign[name] = n.pos, n.pos })
	}
	if bad {
		w.problems = append(w.problems, problem("BAD_STATE", "leave them out: the workflow around the state says where it leads, and what becomes of its result", n.pos,
			"%q has a Next, End, Output, Assign or Catch", n.name))
	}
}

// collect calls visit for the names of all states of a machine.
func collect(m *asl.Machine, visit func(string)) {
	for _, s := range m.States {
		visit(s.Common().Name)
		for _, inner := range s.Flows() {
			collect(inner, visit)
		}
	}
}
