// Package clock keeps the time of executions: the real time, or a virtual one
// that jumps to the next timer whenever nothing else can happen, so that a year
// of waiting passes in no time.
package clock

import "time"

// A Clock tells the time and calls back at given times. It is safe for
// concurrent use.
type Clock interface {
	// Now returns the current time. It does not go back within one process.
	Now() time.Time
	// At calls f once, in a goroutine of the clock's, when t has come; at once
	// if it has passed. f must not block. The function that it returns takes
	// the call back, unless it has begun.
	At(t time.Time, f func()) (stop func())
	// Begin says that something is going on, and End that it is over. A
	// virtual clock stands still in between; the real one does not care.
	Begin()
	End()
}

// Real returns the clock of the system.
func Real() Clock { return real{} }

type real struct{}

func (real) Now() time.Time { return time.Now() }

func (real) At(t time.Time, f func()) func() {
	timer := time.AfterFunc(time.Until(t), f)
	return func() { timer.Stop() }
}

func (real) Begin() {}
func (real) End()   {}
