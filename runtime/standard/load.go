package standard

import (
	"context"
	"fmt"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// read reads a run from the store. It is called once.
func (r *run) read() {
	if r.kernel != nil {
		return // it was started just now
	}
	if err := r.restore(context.Background()); err != nil {
		r.loadErr = err
	}
}

func (r *run) restore(ctx context.Context) error {
	e := r.engine
	row, err := e.store.Execution(ctx, r.row.ID)
	if err != nil {
		return err
	}
	m := e.machineOf(&row)
	if m == nil {
		return fmt.Errorf("standard: execution %d is of an unknown machine", row.ID)
	}
	r.machine, r.row = m, row
	r.info = e.info(m, &row)
	g, err := e.graphOf(ctx, m, &row)
	if err != nil {
		return err
	}
	r.begin(g)
	r.seq, err = e.replay(ctx, r.kernel, &r.row, r.info, 0, func(s replayed) { r.apply(s.in, s.out.Commands, nil) })
	if err != nil {
		return err
	}
	if !e.o.Passive {
		r.recover()
	}
	return nil
}

// begin makes an empty run of a machine.
func (r *run) begin(g *graph.Machine) {
	r.kernel = interp.New(g)
	r.graph = g
	if !r.engine.observed() {
		r.kernel.DiscardEvents()
	}
}

// replayed is a step of the kernel that was done again.
type replayed struct {
	in  []interp.Event
	out interp.Output
}

// replay does again what the journal of an execution says after an entry, 0 for
// all of it, and returns the last entry. out is valid during the call of each only.
func (e *Engine) replay(ctx context.Context, kernel *interp.Execution, row *store.Execution, info interp.Info, after int64, each func(replayed)) (last int64, err error) {
	if row.Kernel != interp.Version {
		return after, fmt.Errorf("standard: execution %d was started with version %d of the interpreter, this is %d", row.ID, row.Kernel, interp.Version)
	}
	for entry, err := range e.store.Journal(ctx, row.ID) {
		if err != nil {
			return after, err
		}
		if entry.Seq <= after {
			continue
		}
		if err := redo(kernel, entry, info, each); err != nil {
			return after, err
		}
		if n := kernel.Events(); n != entry.Events {
			return after, fmt.Errorf("standard: execution %d does not come out as it was: %d events instead of %d after entry %d", row.ID, n, entry.Events, entry.Seq)
		}
		after = entry.Seq
	}
	return after, nil
}

// redo does again the steps of an entry of a journal.
func redo(kernel *interp.Execution, entry store.Entry, info interp.Info, each func(replayed)) error {
	steps, err := decodeEntry(entry.Data)
	if err != nil {
		return err
	}
	for i := range steps {
		if steps[i].Status != "" {
			continue
		}
		in, err := steps[i].events(info)
		if err != nil {
			return err
		}
		out, _ := kernel.Step(time.Unix(0, steps[i].At).UTC(), in...)
		each(replayed{in, out})
	}
	return nil
}

// events gives back the events of a step.
func (s *step) events(info interp.Info) ([]interp.Event, error) {
	in := make([]interp.Event, len(s.In))
	for i := range s.In {
		event, err := s.In[i].event()
		if err != nil {
			return nil, err
		}
		if started, ok := event.(*interp.Started); ok {
			started.Info, started.Limits = info, interp.StandardLimits()
		}
		in[i] = event
	}
	return in, nil
}

// recover prepares what has to be done about a run that was read: attempts whose
// outcome is not known fail, the others are begun. It goes into the inbox.
func (r *run) recover() {
	var lost, open []*attempt
	for _, a := range r.tasks.All() {
		switch {
		case a.child:
			open = append(open, a)
		case !a.local || a.submitted:
		case a.started && r.engine.fault != rerunsStarted:
			lost = append(lost, a)
		default:
			open = append(open, a)
		}
	}
	if len(lost)+len(open)+len(r.maps) == 0 {
		return
	}
	sortAttempts(lost)
	sortAttempts(open)
	children := r.childrenEnded(open)
	r.inbox = append(r.inbox, item{events: func(_ *run, w *write) []interp.Event {
		r.resumeMapRuns()
		events := children
		for _, a := range lost {
			events = append(events, interrupted(a))
		}
		for _, a := range open {
			if !a.child {
				events = append(events, w.admit(a)...)
			}
		}
		return events
	}})
}

// interrupted is the failure of an attempt of which nobody knows what became.
func interrupted(a *attempt) interp.Event {
	name := task.Interrupted
	cause := "the engine ended while the task was running: whether it was done is not known, and it is not run again by itself"
	return &interp.TaskFailed{Task: a.task.Task, Error: &name, Cause: &cause}
}
