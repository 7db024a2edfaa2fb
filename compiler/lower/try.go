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
	e.binds = []bind{{c.Error, &spec.Expr{
		Op: opCause, Type: c.Error.Type, Pos: c.Pos,
		Args: []*spec.Expr{{Op: spec.OpRef, Source: e.err, Pos: c.Pos}},
	}}}
	return e
}
