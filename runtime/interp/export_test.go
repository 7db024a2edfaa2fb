package interp

import "slices"

// Open names the states that the execution is in: those whose Entered event
// has been recorded. It is sorted. A state is retrying when it waits for another
// attempt: what its last one left open is then still open in the history.
func (x *Execution) Open() (names []string, isRetrying bool) {
	var visit func(t *thread)
	visit = func(t *thread) {
		if t.phase == ended || t.state == nil {
			return
		}
		isRetrying = isRetrying || t.phase == retrying
		if t.entered != 0 {
			names = append(names, t.state.Shared().Name)
		}
		if t.fork != nil {
			for _, child := range t.fork.live {
				visit(child)
			}
		}
	}
	visit(&x.root)
	slices.Sort(names)
	return names, isRetrying
}
