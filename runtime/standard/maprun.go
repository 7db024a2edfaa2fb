package standard

import (
	"context"

	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A mapRun is a run of a distributed Map state. Its children run in memory: a run
// that a crash cut off fails as a whole, with [task.Interrupted], and none of its
// tasks is done again unless the state's Retry says so.
type mapRun struct {
	command *interp.StartMapRun
	cancel  context.CancelFunc // nil: it was not launched by this engine
}

// launch starts a run; what starts it is durable.
func (m *mapRun) launch(r *run) {
	e := r.engine
	ctx, cancel := context.WithCancel(e.ctx)
	m.cancel = cancel
	caller := r.machine.caller()
	o := express.Options{
		Handlers: caller.Handlers, HTTP: e.o.HTTP, Objects: e.o.Objects, Clock: e.clock, Standard: true,
		Info: r.info, Seed: r.seed, Hook: e.o.Observe,
	}
	e.begin()
	go func() {
		defer e.end()
		defer cancel()
		event := express.RunMap(ctx, r.graph, m.command, o)
		if event == nil || e.ctx.Err() != nil {
			return // stopped, or the engine shuts down
		}
		e.deliver(r.row.ID, item{events: func(now *run, _ *write) []interp.Event {
			if now.maps[m.command.Run] != m {
				return nil
			}
			return []interp.Event{event}
		}})
	}()
}

func (m *mapRun) stop() {
	if m.cancel != nil {
		m.cancel()
	}
}

// lostRuns are the events of the runs that ended with the engine.
func (r *run) lostRuns() []interp.Event {
	var events []interp.Event
	for id := range r.maps {
		name := task.Interrupted
		cause := "the engine ended during the map run: which of its items were processed is not known"
		events = append(events, &interp.MapRunFailed{Run: id, Error: &name, Cause: &cause})
	}
	return events
}
