package deadline

import (
	"context"

	"github.com/stepsmith-dev/stepsmith/examples/deadline/deadlinetask"
)

// Tasks is a deployment that is ready at the fourth ping.
var Tasks = deadlinetask.Tasks{
	Ping: func(_ context.Context, p deadlinetask.Probe) (deadlinetask.Health, error) {
		return deadlinetask.Health{Ready: p.Attempt >= 4}, nil
	},
}
