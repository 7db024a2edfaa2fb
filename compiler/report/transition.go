package report

import "github.com/stepsmith-dev/stepsmith/compiler/graph"

// transitions counts the state transitions of one visit of a state, which is
// what Standard executions are billed by: every visit of a state, and every
// retry.
func (a *analysis) transitions(s graph.State) Span {
	own, inner := Span{1, 1, false}, Span{}
	attempts := 0.0
	if h := graph.HandlersOf(s); h != nil {
		for _, r := range h.Retry {
			attempts += float64(r.MaxAttempts)
		}
	}
	switch s := s.(type) {
	case *graph.Parallel:
		for _, b := range s.Branches {
			inner = inner.plus(a.flow(b, a.transitions))
		}
	case *graph.Map:
		if s.Distributed == nil || !s.Distributed.Express {
			inner = a.flow(s.Processor, a.transitions).times(float64(a.Items))
		}
	}
	total := own.plus(inner)
	total.Most *= 1 + attempts
	return total
}
