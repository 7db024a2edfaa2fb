// Package history is the event model of an execution: the names and the
// shapes of AWS's GetExecutionHistory, and its JSON.
//
// A history is a list of [Event] values with dense ids from 1. Every event
// points at the event that caused it by PreviousID, so that branches of a
// Parallel state and iterations of a Map state can be told apart although
// their events interleave.
package history

import "time"

// An Event is one record of an execution's history.
type Event struct {
	// ID counts from 1 without gaps.
	ID int64
	// PreviousID is the id of the event that led to this one; 0 when there is
	// none, which AWS also writes for the first state of an execution.
	PreviousID int64
	// Time is when the event happened. AWS records milliseconds; JSON keeps
	// no more than that.
	Time time.Time
	// Type says what happened.
	Type Type
	// State is the name of the state that the event belongs to. It is empty
	// for the events of the execution itself and it is not part of the JSON.
	State string
	// Details holds what AWS records with this type of event; nil for the
	// types that have no details member. See the table in [Details].
	Details Details
}

// Ref returns a pointer to s. Error and Cause are pointers because AWS tells
// an absent text from an empty one.
func Ref(s string) *string { return &s }
