// Package deadline asks a new deployment whether it is ready, waits longer each
// time, and gives up at a point in time: a loop with a counter.
package deadline

//go:generate go run github.com/stepsmith-dev/stepsmith/cmd/stepsmith generate

import "github.com/stepsmith-dev/stepsmith/dsl"

// A Deployment must be ready at its deadline.
type Deployment struct {
	URL      dsl.String `json:"url"`
	Deadline dsl.Time   `json:"deadline"`
}

// A Probe is one question.
type Probe struct {
	URL     dsl.String `json:"url"`
	Attempt dsl.Int    `json:"attempt"`
}

// A Health is the answer.
type Health struct {
	Ready dsl.Bool `json:"ready"`
}

// TooLate is how the workflow fails.
const TooLate = dsl.ErrorName("TooLate")

// Ping asks a deployment whether it is ready.
var Ping = dsl.Lambda[Probe, Health]("ping").Named("Ping").Idempotent()

// UntilReady waits until a deployment is ready and says which attempt it took.
var UntilReady = dsl.Standard("Until Ready", func(f *dsl.Flow, d Deployment) Probe {
	attempt := dsl.Var(f, "attempt", dsl.V(1))
	return dsl.Repeat(f, func(f *dsl.Flow, loop *dsl.Loop[Probe]) {
		probe := Probe{URL: d.URL, Attempt: attempt.Get()}
		health := Ping.Call(f, probe)
		dsl.If(f, "Ready?", health.Ready, func(f *dsl.Flow) {
			loop.Break(f, probe)
		}).ElseIf(dsl.After(dsl.Now(f), d.Deadline), func(f *dsl.Flow) {
			f.Fail("Too late", TooLate, dsl.Format("gave up after {} attempts", attempt.Get()))
		})
		dsl.Wait(f, "Back off", dsl.Mul(attempt.Get(), 10))
		attempt.Set(f, dsl.Add(attempt.Get(), 1))
	})
})
