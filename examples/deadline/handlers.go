package deadline

import (
	"context"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Handlers is a deployment that is ready at the fourth ping.
var Handlers = task.Handlers{
	"ping": task.Func(func(_ context.Context, p probe) (health, error) {
		return health{Ready: p.Attempt >= 4}, nil
	}),
}

type (
	probe  struct{ Attempt int }
	health struct {
		Ready bool `json:"ready"`
	}
)
