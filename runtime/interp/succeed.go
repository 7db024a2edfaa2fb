package interp

import "github.com/stepsmith-dev/stepsmith/compiler/graph"

// succeed executes a Succeed state, which ends its own flow only.
func (x *Execution) succeed(t *thread, s *graph.Succeed) *failure {
	return x.leaveSimple(t, &s.Base)
}
