package lower

import (
	"slices"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

func (b *builder) try(s *spec.Try) {
	outer := b.handlers
	own := make([]handler, len(s.Catchers))
	for i := range s.Catchers {
		c := &s.Catchers[i]
		own[i] = handler{catcher: c, start: b.join(c.Pos), last: slices.Contains(c.Errors, "States.ALL")}
	}
	// fallible asks from the innermost end of the list, so the first catcher goes last.
	b.handlers = append(outer[:len(outer):len(outer)], own...)
	slices.Reverse(b.handlers[len(outer):])
	leaving := b.body(b.pending, s.Body, s.Result)
	b.handlers = outer
	for _, h := range own {
		h.start.next = &edge{from: h.start}
		leaving = append(leaving, b.body([]*edge{h.start.next}, h.catcher.Body, s.Result)...)
	}
	b.pending = leaving
}

// edge is the way from a failed state to the handler.
func (h handler) edge(from *node) *edge {
	c := h.catcher
	e := &edge{from: from, to: h.start, errors: c.Errors, pos: c.Pos}
	if c.Error == nil {
		return e
	}
	if c.Error.Kind == spec.FromError {
		e.err = c.Error
		return e
	}
	e.err = &spec.Source{Kind: spec.FromError, Name: "error", Pos: c.Pos}
	cause := &spec.Expr{
		Op: opCause, Type: c.Error.Type, Pos: c.Pos,
		Args: []*spec.Expr{{Op: spec.OpRef, Source: e.err, Pos: c.Pos}},
	}
	if callsLambda(from.step) {
		cause.Text = c.Errors[0]
	}
	e.binds = []bind{{c.Error, cause}}
	return e
}

// callsLambda reports whether what fails in a step may be a Lambda function.
func callsLambda(step spec.Step) bool {
	found := false
	visit := func(step spec.Step) {
		call, ok := step.(*spec.Call)
		found = found || ok && call.Task.Resource == spec.Lambda
	}
	visit(step)
	spec.EveryBlock(step, func(b *spec.Block) { b.Walk(visit) })
	return found
}

// finally leads all ways out of the body, those of errors too, through the
// cleanup. Behind it a Choice sends on what went well and what failed.
func (b *builder) finally(s *spec.Finally) {
	text := &spec.Type{ID: "string", Kind: spec.String}
	raised := &spec.Source{Kind: spec.FromError, Name: "error", Pos: s.Pos}
	failure := &spec.Source{Kind: spec.FromFinally, Name: s.Name + " error", Pos: s.Pos}
	ref := func(s *spec.Source) *spec.Expr { return &spec.Expr{Op: spec.OpRef, Source: s, Pos: s.Pos} }
	null := &spec.Expr{Op: spec.OpNull, Pos: s.Pos}

	caught := handler{catcher: &spec.Catcher{Errors: []string{"States.ALL"}, Error: raised, Pos: s.Pos}, start: b.join(s.Pos), last: true}
	outer := b.handlers
	b.handlers = append(outer[:len(outer):len(outer)], caught)
	well := b.body(b.pending, s.Body, s.Result)
	b.handlers = outer
	b.bind(failure, null)

	caught.start.next = &edge{from: caught.start}
	b.pending = []*edge{caught.start.next}
	b.bind(failure, ref(raised))
	b.bind(s.Result, null)
	b.pending = b.body(append(well, caught.start.next), s.Cleanup, nil)

	n := b.state(&spec.Choice{Header: s.Header})
	b.lead(n)
	failed := &edge{from: n, cond: &spec.Expr{Op: spec.OpPresent, Args: []*spec.Expr{ref(failure)}, Pos: s.Pos}, pos: s.Pos}
	n.arms, n.next = []*edge{failed}, &edge{from: n}
	b.pending = []*edge{failed}
	b.stop(b.state(&spec.Fail{
		Header: spec.Header{Name: s.Failed, Pos: s.Pos}, Error: field(ref(failure), "Error", text), Cause: field(ref(failure), "Cause", text),
	}))
	b.pending = []*edge{n.next}
}
