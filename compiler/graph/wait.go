package graph

import "github.com/stepsmith-dev/stepsmith/compiler/asl"

// A Wait state waits: exactly one of its fields is set.
type Wait struct {
	Base
	Seconds   *Scalar
	Timestamp *Scalar
}

func (c *compiler) wait(at pointer, w *Wait, s *asl.Wait) {
	w.Seconds = c.scalar(at, "Seconds", s.Seconds, s.SecondsPath, w.JSONata)
	w.Timestamp = c.scalar(at, "Timestamp", s.Timestamp, s.TimestampPath, w.JSONata)
	if (w.Seconds == nil) == (w.Timestamp == nil) && !c.list.HasErrors() {
		c.fail(at, "A Wait state must have exactly one of the fields Seconds, SecondsPath, Timestamp, TimestampPath")
	}
}
