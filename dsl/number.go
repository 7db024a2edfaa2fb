package dsl

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// numberer fills the tables of a workflow in the order in which things occur.
type numberer struct {
	w       *spec.Workflow
	types   map[*spec.Type]bool
	sources map[*spec.Source]bool
	tasks   map[*spec.Task]bool
}

func (n *numberer) typ(t *spec.Type) {
	if t == nil || n.types[t] {
		return
	}
	n.types[t] = true
	n.w.Types = append(n.w.Types, t)
	n.typ(t.Elem)
	for _, f := range t.Fields {
		n.typ(f.Type)
	}
}

func (n *numberer) source(s *spec.Source) {
	if s == nil || n.sources[s] {
		return
	}
	n.sources[s] = true
	s.ID = len(n.w.Sources)
	n.w.Sources = append(n.w.Sources, s)
	n.typ(s.Type)
}

func (n *numberer) task(t *spec.Task) {
	if n.tasks[t] {
		return
	}
	n.tasks[t] = true
	t.ID = len(n.w.Tasks)
	n.w.Tasks = append(n.w.Tasks, t)
	n.typ(t.Input)
	n.typ(t.Output)
}

func (n *numberer) expr(e *spec.Expr) {
	e.Walk(func(e *spec.Expr) bool {
		n.typ(e.Type)
		n.source(e.Source)
		for _, p := range e.Params {
			n.source(p)
		}
		return true
	})
}

func (n *numberer) block(b *spec.Block) {
	for _, step := range b.Steps {
		n.step(step)
	}
	n.expr(b.Result)
}

func (n *numberer) step(step spec.Step) {
	spec.EveryExpr(step, n.expr)
	switch s := step.(type) {
	case *spec.Call:
		n.task(s.Task)
		n.source(s.Token)
		n.source(s.Result)
	case *spec.Choice:
		n.source(s.Result)
	case *spec.Parallel:
		for _, o := range s.Outcomes {
			n.source(o)
		}
		n.source(s.Result)
	case *spec.Map:
		n.source(s.Item)
		if d := s.Distributed; d != nil && d.Reader != nil {
			n.typ(d.Reader.Row)
		}
		n.source(s.Result)
	case *spec.Repeat:
		n.source(s.Result)
	case *spec.Try:
		for _, c := range s.Catchers {
			n.source(c.Error)
		}
		n.source(s.Result)
	case *spec.Finally:
		n.source(s.Result)
	case *spec.Raw:
		n.source(s.Result)
	case *spec.Set:
		n.source(s.Variable)
	case *spec.Get:
		n.source(s.Variable)
	case *spec.Bind:
		n.source(s.Result)
	}
	spec.EveryBlock(step, n.block)
}
