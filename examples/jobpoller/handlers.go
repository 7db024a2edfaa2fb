package jobpoller

import (
	"context"
	"sync"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Handlers is a batch service that finishes each job at the third look.
var Handlers = newBatch(3)

type (
	job    struct{ Name string }
	ticket struct {
		ID string `json:"id"`
	}
	progress struct {
		Status JobStatus `json:"status"`
	}
)

// newBatch returns the handlers of a batch service whose jobs are done after a
// number of looks; a job named "broken" fails.
func newBatch(looks int) task.Handlers {
	var mu sync.Mutex
	left := make(map[string]int)
	return task.Handlers{
		"submit-job": task.Func(func(_ context.Context, j job) (ticket, error) {
			mu.Lock()
			defer mu.Unlock()
			left[j.Name] = looks
			return ticket{j.Name}, nil
		}),
		"get-job-status": task.Func(func(_ context.Context, t ticket) (progress, error) {
			mu.Lock()
			defer mu.Unlock()
			left[t.ID]--
			switch {
			case left[t.ID] > 0:
				return progress{Running}, nil
			case t.ID == "broken":
				return progress{Failed}, nil
			default:
				return progress{Succeeded}, nil
			}
		}),
	}
}
