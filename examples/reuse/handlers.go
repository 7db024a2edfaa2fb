package reuse

import (
	"context"
	"errors"
	"fmt"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Handlers has three agencies, one of which is closed.
var Handlers = task.Handlers{
	"agency-North": task.Func(agencyOf(610)),
	"agency-South": task.Func(agencyOf(720)),
	"agency-West": task.Func(func(context.Context, applicant) (score, error) {
		return score{}, errors.New("closed")
	}),
	"audit": task.Func(func(_ context.Context, e entry) (struct{}, error) {
		fmt.Println("audit:", e.What)
		return struct{}{}, nil
	}),
}

type (
	applicant struct{ Name string }
	score     struct {
		Points int `json:"points"`
	}
	entry struct{ What string }
)

func agencyOf(points int) func(context.Context, applicant) (score, error) {
	return func(context.Context, applicant) (score, error) { return score{points}, nil }
}
