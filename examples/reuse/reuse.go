// Package reuse builds a workflow of parts: Go functions over a Flow are
// sub-workflows, generics make them fit any type, and a loop over a slice makes
// states.
package reuse

//go:generate go run github.com/stepsmith-dev/stepsmith/cmd/stepsmith generate

import "github.com/stepsmith-dev/stepsmith/dsl"

// An Applicant wants credit.
type Applicant struct {
	Name dsl.String `json:"name"`
}

// A Score is what an agency thinks of somebody.
type Score struct {
	Points dsl.Int `json:"points"`
}

// An Entry is a line of the audit log.
type Entry[T any] struct {
	At   dsl.Time   `json:"at"`
	What dsl.String `json:"what"`
	Body T          `json:"body"`
}

// Regions are where we ask. Go's slices, not the workflow's data.
var Regions = []string{"North", "South", "West"}

// Rate asks the best score that an agency of any region gives.
var Rate = dsl.Standard("Rate", func(f *dsl.Flow, a Applicant) Score {
	scores := dsl.Parallel(f, "Ask agencies", func(p *dsl.Fork) dsl.List[dsl.Int] {
		var points []dsl.Int
		for _, region := range Regions {
			points = append(points, dsl.Branch(p, func(f *dsl.Flow) Score {
				return OrElse(f, agency(region), a, Score{Points: dsl.V(0)})
			}).Points)
		}
		return dsl.ListOf(points...)
	})
	best := Score{Points: dsl.Max(scores).Or(dsl.V(0))}
	dsl.Group(f, "Audit", func(f *dsl.Flow) dsl.None {
		Log(f, "applicant", a)
		Log(f, "score", best)
		return dsl.None{}
	})
	return best
})

// agency is the task of a region's agency.
func agency(region string) dsl.Task[Applicant, Score] {
	return dsl.Lambda[Applicant, Score]("agency-" + region).Named("Ask " + region).Idempotent()
}

// OrElse calls a task and turns any failure into a fallback.
func OrElse[In, Out any](f *dsl.Flow, t dsl.Callable[In, Out], in In, fallback Out) Out {
	return dsl.Try(f,
		func(f *dsl.Flow) Out { return t.Call(f, in) },
		dsl.Catch(func(*dsl.Flow, dsl.Error) Out { return fallback }),
	)
}

// Log records something in the audit log.
func Log[T any](f *dsl.Flow, what string, body T) {
	dsl.Lambda[Entry[T], dsl.None]("audit-"+what).Named("Log "+what).Idempotent().
		Call(f, Entry[T]{At: dsl.Now(f), What: dsl.V(what), Body: body})
}
