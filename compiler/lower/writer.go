package lower

import (
	"fmt"
	"strconv"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// from is the state at which what is used is evaluated.
func (u use) from() *node {
	if u.edge != nil {
		return u.edge.from
	}
	return u.node
}

// A writer writes expressions for one place.
type writer struct {
	*emitter
	at     use
	params map[*spec.Source]string // of the lambdas around, and their names
	shared *[]shared               // costly terms of the expression being written
}

// source writes a reference to a value that is not bound at the place itself.
func (w writer) source(s *spec.Source) term {
	if name, ok := w.params[s]; ok {
		return variable(name)
	}
	if s.Kind == spec.FromToken {
		return variable("states.context.Task.Token")
	}
	from := w.at.from()
	if out := w.at.edge; out != nil {
		if w.gives(out) == s {
			if out.errors != nil {
				return variable("states.errorOutput")
			}
			return resultOf(from)
		}
		if out.errors == nil && isOutcome(from, s) {
			return variable("states.result").index(constant(fmt.Sprint(s.Index)))
		}
	}
	if w.isInput(s, from) {
		w.read(from)
		return variable("states.input")
	}
	if name, kept := w.variables[s]; kept {
		return variable(name)
	}
	if s.Kind == spec.FromInput {
		return variable("states.context.Execution.Input")
	}
	w.problems = append(w.problems, problem("INTERNAL", "report this to the authors of Stepsmith, with the workflow", s.Pos,
		"the compiler lost the value of %q on its way to %q", s.Name, from.name))
	return variable("lost")
}

// resultOf is the work's result of a state.
func resultOf(n *node) term {
	switch s := n.step.(type) {
	case *spec.Call:
		switch {
		case s.Pattern != spec.Await:
		case s.Task.Resource == spec.Lambda:
			return variable("states.result.Payload")
		case s.Task.Resource == spec.Nested:
			return variable("states.result.Output")
		}
	case *spec.Raw:
		if s.Machine {
			return variable("states.result").index(constant("0"))
		}
	}
	return variable("states.result")
}

// resolve looks through references to what is bound at the place, and through
// parts of structs and lists that are made there, to the expression to write.
func (w writer) resolve(x *spec.Expr) (writer, *spec.Expr) {
	for {
		switch x.Op {
		case spec.OpRef:
			bound, in := w.bound(x.Source)
			if bound == nil {
				return w, x
			}
			w, x = in, bound
		case spec.OpField:
			in, of := w.resolve(x.Args[0])
			if of.Op != spec.OpStruct {
				return w, x
			}
			member := memberOf(of, x.Names[0])
			if member == nil {
				return w, x
			}
			w, x = in, member
		case spec.OpSome:
			x = x.Args[0]
		case spec.OpAt:
			in, of := w.resolve(x.Args[0])
			i, err := strconv.Atoi(string(x.Args[1].Value))
			if of.Op != spec.OpList || err != nil || i < 0 || i >= len(of.Args) {
				return w, x
			}
			w, x = in, of.Args[i]
		default:
			return w, x
		}
	}
}

func memberOf(x *spec.Expr, name string) *spec.Expr {
	for i, n := range x.Names {
		if n == name {
			return x.Args[i]
		}
	}
	return nil
}

// bound returns what a source is bound to at the place, and a writer that sees
// what that binding sees; nil when it is bound elsewhere.
func (w writer) bound(s *spec.Source) (*spec.Expr, writer) {
	if b := w.inlined[s]; b != nil {
		return b.value, w
	}
	if _, param := w.params[s]; param {
		return nil, w
	}
	if out := w.at.edge; out != nil {
		if i := lastBind(out.binds[:w.at.seen], s); i >= 0 {
			w.at.seen = i
			return out.binds[i].value, w
		}
		if from := out.from; from != nil {
			if i := lastBind(from.sunk, s); i >= 0 {
				w.at = use{node: from, seen: i}
				return from.sunk[i].value, w
			}
		}
		return nil, w
	}
	sunk := w.at.node.sunk
	if i := lastBind(sunk[:min(w.at.seen, len(sunk))], s); i >= 0 {
		w.at.seen = i
		return sunk[i].value, w
	}
	return nil, w
}
