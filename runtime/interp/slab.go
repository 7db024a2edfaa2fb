package interp

import (
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// slabs hand out the details of the most frequent events from blocks, since a
// history is kept or dropped as a whole: one allocation for many events.
type slabs struct {
	entered []history.Entered
	exited  []history.Exited
	size    int
}

// maxSlab is the number of events in a block of a long execution.
const maxSlab = 64

func (s *slabs) enter(name string, input *value.Doc) *history.Entered {
	if len(s.entered) == 0 {
		s.size = min(max(4, 2*s.size), maxSlab)
		s.entered = make([]history.Entered, s.size)
	}
	d := &s.entered[0]
	s.entered = s.entered[1:]
	*d = history.Entered{Name: name, Input: input}
	return d
}

func (s *slabs) exit(name string, output *value.Doc, assigned []history.Variable) *history.Exited {
	if len(s.exited) == 0 {
		s.exited = make([]history.Exited, max(4, s.size))
	}
	d := &s.exited[0]
	s.exited = s.exited[1:]
	*d = history.Exited{Name: name, Output: output, Assigned: assigned}
	return d
}
