// Package lower turns the record of a traced workflow into an Amazon States
// Language document: JSONata with workflow variables, as tidy as an expert
// writes it by hand.
//
// It works in four steps. The builder lays the structured steps out as states and
// the transitions between them; what a value becomes on the way (the result of
// an arm, the next value of a variable) is bound on the transition, and what is
// known already is folded. Threading removes the joins, so that only states are
// left. The plan decides for every value how it reaches its uses: as the next
// state's input, from the execution's input, or in a workflow variable. The
// emitter writes the states.
package lower

import (
	"fmt"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A Result is a lowered workflow.
type Result struct {
	Machine   *asl.Machine
	Positions map[string]spec.Pos // of each state, by its name

	// Foreign are the positions of the states that hold text which the user
	// wrote in the language itself.
	Foreign map[string]spec.Pos
}

// Machine lowers a workflow that has no problems. The list holds what only
// lowering can see, such as a loop without a state; Result is of no use when it
// has errors.
func Machine(w *spec.Workflow) (*Result, diag.List) {
	b := &builder{names: make(map[string]bool), fold: &folder{keys: newInterner(), shared: make(map[int]*spec.Expr)}}
	for _, name := range stateNames(w) {
		b.names[name] = true
	}
	b.shared = share(w.Body, b.fold.keys)
	top := b.scope(nil, w.Body, inputOf(w))
	b.counts = make(counted)
	b.counts.scope(top)
	top.thread(b)
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	e := newEmitter(newPlan(top, b))
	m := e.machine(top)
	m.Comment, m.QueryLanguage, m.TimeoutSeconds = comment(w.Doc), asl.JSONata, seconds(w.Timeout)
	return &Result{Machine: m, Positions: e.positions, Foreign: e.foreign}, e.problems
}

// inputOf finds the source that stands for the workflow's input; nil when the
// workflow does not use it.
func inputOf(w *spec.Workflow) *spec.Source {
	for _, s := range w.Sources {
		if s.Kind == spec.FromInput {
			return s
		}
	}
	return nil
}

func stateNames(w *spec.Workflow) []string {
	var names []string
	w.Body.Walk(func(s spec.Step) {
		if name := s.Head().Name; name != "" {
			names = append(names, name)
		}
		if f, ok := s.(*spec.Finally); ok {
			names = append(names, f.Failed)
		}
	})
	return names
}

func problem(code, fix string, pos spec.Pos, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{
		Severity: diag.Error, Code: code, Message: fmt.Sprintf(format, args...), Fix: fix,
		Pos: diag.Position{File: pos.File, Line: pos.Line},
	}
}
