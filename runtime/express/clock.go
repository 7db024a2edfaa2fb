package express

import "time"

// A Clock keeps the time of an execution.
type Clock interface {
	// Now returns the current time.
	Now() time.Time
	// Timer returns a channel that is sent to once, at t or later, and a
	// function that releases it.
	Timer(t time.Time) (fired <-chan time.Time, stop func())
}
