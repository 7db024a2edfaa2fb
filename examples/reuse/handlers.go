package reuse

import (
	"context"
	"errors"
	"fmt"

	"github.com/stepsmith-dev/stepsmith/examples/reuse/reusetask"
)

// Tasks has three agencies, one of which is closed.
var Tasks = reusetask.Tasks{
	AgencyNorth: agencyOf(610),
	AgencySouth: agencyOf(720),
	AgencyWest: func(context.Context, reusetask.Applicant) (reusetask.Score, error) {
		return reusetask.Score{}, errors.New("closed")
	},
	AuditApplicant: audit[reusetask.Applicant],
	AuditScore:     audit[reusetask.Score],
}

func agencyOf(points int) func(context.Context, reusetask.Applicant) (reusetask.Score, error) {
	return func(context.Context, reusetask.Applicant) (reusetask.Score, error) {
		return reusetask.Score{Points: points}, nil
	}
}

func audit[T any](_ context.Context, e reusetask.Entry[T]) error {
	fmt.Printf("audit: %s: %v\n", e.What, e.Body)
	return nil
}
