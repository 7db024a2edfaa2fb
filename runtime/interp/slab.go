package interp

import (
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// slabs hand out the details of the most frequent events from blocks, since a
// history is kept or dropped as a whole: one allocation for many events. Nil slabs
// are for who wants no events, and hand out nothing.
type slabs struct {
	entered slab[history.Entered]
	exited  slab[history.Exited]
	invoked slab[history.Invocation]
	outputs slab[history.Output]

	// Of tasks that are done by services.
	planned slab[history.Scheduled]
	started slab[history.Task]
	results slab[history.TaskOutput]
}

// details returns what makes the details of events.
func (x *Execution) details() *slabs {
	if x.discard {
		return nil
	}
	if x.slabs == nil {
		x.slabs = new(slabs)
	}
	return x.slabs
}

// maxSlab is the number of events in a block of a long execution.
const maxSlab = 64

// A slab is what is left of a block.
type slab[T any] struct {
	room []T
	size int
}

// keep returns where a copy of v is kept.
func (s *slab[T]) keep(v T) *T {
	if len(s.room) == 0 {
		s.size = min(max(4, 2*s.size), maxSlab)
		s.room = make([]T, s.size)
	}
	d := &s.room[0]
	s.room = s.room[1:]
	*d = v
	return d
}

func (s *slabs) start(input *value.Doc, i *Info) history.Details {
	if s == nil {
		return nil
	}
	return &history.Started{Input: input, RoleARN: i.RoleARN, AliasARN: i.AliasARN, VersionARN: i.VersionARN}
}

func (s *slabs) enter(name string, input *value.Doc) history.Details {
	if s == nil {
		return nil
	}
	return s.entered.keep(history.Entered{Name: name, Input: input})
}

func (s *slabs) exit(name string, output *value.Doc, assigned []history.Variable) history.Details {
	if s == nil {
		return nil
	}
	return s.exited.keep(history.Exited{Name: name, Output: output, Assigned: assigned})
}

func (s *slabs) invocation(i history.Invocation) history.Details {
	if s == nil {
		return nil
	}
	return s.invoked.keep(i)
}

func (s *slabs) output(output *value.Doc) history.Details {
	if s == nil {
		return nil
	}
	return s.outputs.keep(history.Output{Output: output})
}

func (s *slabs) scheduled(i history.Scheduled) history.Details {
	if s == nil {
		return nil
	}
	return s.planned.keep(i)
}

func (s *slabs) task(r *graph.Resource) history.Details {
	if s == nil {
		return nil
	}
	return s.started.keep(history.Task{ResourceType: r.Type, Resource: r.Name})
}

func (s *slabs) result(r *graph.Resource, output *value.Doc) history.Details {
	if s == nil {
		return nil
	}
	return s.results.keep(history.TaskOutput{ResourceType: r.Type, Resource: r.Name, Output: output})
}
