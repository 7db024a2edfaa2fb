package dsl

import (
	"encoding/json"
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A Moment is what a [Wait] waits for: a length of time (a time.Duration, or an
// Int of seconds) or a point in time.
type Moment interface {
	time.Duration | Int | time.Time | Time
}

// Wait records a Wait state. A time.Duration is taken in whole seconds; an Int
// is seconds; a point in time that has passed does not wait.
//
//go:noinline
func Wait[D Moment](f *Flow, name string, until D) {
	w := &spec.Wait{Header: f.header(name)}
	if !f.record(w) {
		return
	}
	switch d := any(until).(type) {
	case time.Duration:
		w.Seconds = &spec.Expr{Op: spec.OpLiteral, Type: typeFor(goType[Int]()), Value: number(int(d / time.Second)), Pos: w.Pos}
		if d < 0 || d%time.Second != 0 {
			w.Seconds.Problem = &spec.Problem{
				Code: "BAD_DURATION", Message: "a wait of " + d.String() + " is not a whole number of seconds", Pos: w.Pos,
				Fix: "round it to seconds: Amazon States Language has no shorter unit",
			}
		}
	case Int:
		w.Seconds = given(d.e, typeFor(goType[Int]()), "the number of seconds", w.Pos)
	case time.Time:
		w.Until = literal(d, w.Pos)
	case Time:
		w.Until = given(d.e, typeFor(goType[Time]()), "the time", w.Pos)
	}
	f.use(w.Seconds, w.Pos)
	f.use(w.Until, w.Pos)
}

func number(n int) json.RawMessage {
	text, _ := json.Marshal(n)
	return text
}
