package dsl

import (
	"slices"
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A Retrier tries a failed state again. Without further settings it does what
// AWS does: three retries, after 1, 2 and 4 seconds. Its methods return changed
// copies.
type Retrier struct {
	record spec.Retrier
}

// On begins a retrier for the named errors; none means all of them.
func On(errors ...ErrorMatch) Retrier {
	return Retrier{spec.Retrier{Errors: matched(errors)}}
}

// Every sets the delay before the first retry, in whole seconds.
func (r Retrier) Every(d time.Duration) Retrier {
	r.record.Interval = d
	return r
}

// Max sets how many retries there are at most; 0 means never.
func (r Retrier) Max(retries int) Retrier {
	r.record.MaxAttempts = &retries
	return r
}

// Backoff sets what each delay is multiplied by for the next; at least 1.
func (r Retrier) Backoff(rate float64) Retrier {
	r.record.Backoff = rate
	return r
}

// UpTo caps the delay, in whole seconds.
func (r Retrier) UpTo(d time.Duration) Retrier {
	r.record.MaxDelay = d
	return r
}

// Jitter makes each delay random, between 0 and what it would have been.
func (r Retrier) Jitter() Retrier {
	r.record.Jitter = true
	return r
}

func records(retriers []Retrier) []spec.Retrier {
	var list []spec.Retrier
	for _, r := range retriers {
		r.record.Errors = slices.Clone(r.record.Errors)
		list = append(list, r.record)
	}
	return list
}
