package interp

import "github.com/stepsmith-dev/stepsmith/compiler/graph"

// ask asks whether the activity of a task exists. The attempt goes on when the
// answer is yes.
func (x *Execution) ask(t *thread, s *graph.Task) {
	x.serial++
	t.lookup = LookupID(x.serial)
	t.phase = lookup
	x.live.ask(t.lookup, t)
	x.command(&LookupActivity{Lookup: t.lookup, State: s.Name, ARN: s.Resource.ARN})
}

func (x *Execution) activityFound(e *ActivityFound) error {
	t := x.answered(e.Lookup)
	if t == nil {
		return ErrNotPending
	}
	t.found, t.phase = true, attempting
	x.ready.push(t)
	return nil
}

func (x *Execution) activityMissing(e *ActivityMissing) error {
	t := x.answered(e.Lookup)
	if t == nil {
		return ErrNotPending
	}
	arn := t.state.(*graph.Task).Resource.ARN
	t.fault, t.phase = runtimeError(t, "The activity %s does not exist.", arn), answered
	x.ready.push(t)
	return nil
}

// answered finds the thread that asked, once.
func (x *Execution) answered(id LookupID) *thread {
	t := x.live.lookups[id]
	if t != nil {
		delete(x.live.lookups, id)
		t.lookup = 0
	}
	return t
}

func (x *Execution) dropLookup(t *thread) {
	delete(x.live.lookups, t.lookup)
	t.lookup = 0
}
