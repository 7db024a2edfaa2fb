package dsl

import (
	"reflect"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A Fork is a Parallel state whose branches are being written.
type Fork struct {
	f    *Flow // holds the Parallel
	join *Flow // where the branches' results exist
	step *spec.Parallel
	dead bool
}

// Parallel records a Parallel state. body makes the branches with [Branch] and
// puts their results together; a Go loop may make any number of them.
//
//	checks := dsl.Parallel(f, "Run checks", func(p *dsl.Fork) Checks {
//		return Checks{
//			Stock:  dsl.Branch(p, func(f *dsl.Flow) Stock { return CheckStock.Call(f, order) }),
//			Credit: dsl.Branch(p, func(f *dsl.Flow) Credit { return CheckCredit.Call(f, order) }),
//		}
//	})
//
// When a branch fails, the others are stopped and the state fails with the
// branch's error.
//
//go:noinline
func Parallel[T any](f *Flow, name string, body func(*Fork) T, options ...Option) T {
	var untyped func(*Fork) any
	if body != nil {
		untyped = func(p *Fork) any { return body(p) }
	}
	p := &Fork{f: f, step: &spec.Parallel{Header: f.header(name)}}
	out := f.trace.typeOf(goType[T](), "the value of a Parallel", p.step.Pos)
	set := settings(f, &p.step.Header, options)
	p.step.Retry = set.retry
	if set.maxConcurrency != 0 || set.concurrencyOf != nil || set.distributed != nil {
		f.trace.report(spec.Problem{
			Code: "BAD_OPTION", Message: "an option of " + what(&p.step.Header) + " is for a Map only", Pos: p.step.Pos, Fix: "remove it; the only option of a Parallel is Retrying",
		})
	}
	return symbol[T](p.run(untyped, out))
}

func (p *Fork) run(body func(*Fork) any, out *spec.Type) *spec.Expr {
	f := p.f
	p.dead = !f.record(p.step)
	if !p.dead {
		f.nested(p.joined(body), "the value of "+what(&p.step.Header), p.step.Pos, func(join *Flow) { p.join, join.out, join.join = join, out, true })
		p.step.Output = p.join.block.Result
		if len(p.step.Branches) == 0 {
			f.trace.report(spec.Problem{
				Code: "NO_BRANCH", Message: what(&p.step.Header) + " has no branch", Pos: p.step.Pos, Fix: "make at least one with dsl.Branch",
			})
		}
	}
	p.step.Result = f.result(spec.FromParallel, out, p.step.Header)
	return ref(p.step.Result)
}

func (p *Fork) joined(body func(*Fork) any) func(*Flow) any {
	if body == nil {
		return nil
	}
	return func(join *Flow) any {
		join.busy++ // the function makes branches; a state of its own it cannot have
		return body(p)
	}
}

// Branch adds a branch to the Parallel state and returns what stands for its
// result. Only the function given to [Parallel] can use that result; no branch
// sees what another one did.
//
//go:noinline
func Branch[T any](p *Fork, body func(*Flow) T) T {
	return symbol[T](p.branch(untyped(body), goType[T]()))
}

func (p *Fork) branch(body func(*Flow) any, result reflect.Type) *spec.Expr {
	pos := here()
	f := p.f
	out := f.trace.typeOf(result, "the result of a branch", pos)
	outcome := &spec.Source{Kind: spec.FromBranch, Type: out, Name: p.step.Name, Index: len(p.step.Branches), Pos: pos, Owner: p.join}
	if p.dead {
		return ref(outcome)
	}
	if f.trace.current != p.join {
		f.trace.report(spec.Problem{
			Code: "BRANCH_IN_BRANCH", Message: "a branch of " + what(&p.step.Header) + " is made inside another function", Pos: pos,
			Fix: "call dsl.Branch directly in the function given to dsl.Parallel",
		})
		return ref(outcome)
	}
	block := f.nested(body, "the result of a branch of "+what(&p.step.Header), pos, func(g *Flow) { g.fence, g.out = true, out })
	p.step.Branches = append(p.step.Branches, block)
	p.step.Outcomes = append(p.step.Outcomes, outcome)
	if out.Kind == spec.None {
		return nil
	}
	return ref(outcome)
}
