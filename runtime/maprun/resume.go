package maprun

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// A Past is what is recorded of a child of a run that is taken up again.
type Past struct {
	// End is nil when the child runs, or is to run again.
	End              *interp.Complete
	Started, Stopped time.Time
	// Redrives is how often the child was redriven.
	Redrives int
}

// Resume takes up a run that was begun before, with the same command and seed:
// it reads the items from the beginning and asks about each child what is
// recorded, nil for nothing, until it has found as many as there are. What did
// not succeed within the tolerance fails the run after that. It returns the
// children that have to be started, because nothing is recorded of them, also
// with an error. A driver calls it before it calls Next.
func (r *Run) Resume(recorded int64, find func(*Child) (*Past, error)) (unknown []*Child, err error) {
	r.resuming = true
	for recorded > 0 {
		c := r.read(time.Time{})
		if c == nil {
			break
		}
		past, err := find(c)
		if past == nil {
			unknown = append(unknown, c)
		}
		if err != nil {
			r.resuming = false
			return unknown, err
		}
		if past == nil {
			continue
		}
		recorded--
		c.started, c.redrives = past.Started, past.Redrives
		if past.End != nil {
			r.Done(c, past.End, past.Stopped)
		}
	}
	r.resuming = false
	r.judge()
	return unknown, nil
}

// Begun tells when a child that Resume returned was started.
func (r *Run) Begun(c *Child, now time.Time) { c.started = now }

// Abort fails the run because nobody wants its result any more.
func (r *Run) Abort() {
	r.aborted = r.aborted || r.failure == nil
	r.fail(&interp.RunError{Name: "States.Runtime", Cause: "the map run was aborted"})
}
