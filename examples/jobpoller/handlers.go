package jobpoller

import (
	"context"
	"sync"

	"github.com/stepsmith-dev/stepsmith/examples/jobpoller/jobpollertask"
)

// Tasks is a batch service that finishes each job at the third look.
var Tasks = newBatch(3)

// newBatch returns the tasks of a batch service whose jobs are done after a
// number of looks; a job named "broken" fails.
func newBatch(looks int) jobpollertask.Tasks {
	var mu sync.Mutex
	left := make(map[string]int)
	return jobpollertask.Tasks{
		SubmitJob: func(_ context.Context, j jobpollertask.Job) (jobpollertask.Ticket, error) {
			mu.Lock()
			defer mu.Unlock()
			left[j.Name] = looks
			return jobpollertask.Ticket{ID: j.Name}, nil
		},
		GetStatus: func(_ context.Context, t jobpollertask.Ticket) (jobpollertask.Progress, error) {
			mu.Lock()
			defer mu.Unlock()
			left[t.ID]--
			switch {
			case left[t.ID] > 0:
				return jobpollertask.Progress{Status: jobpollertask.Running}, nil
			case t.ID == "broken":
				return jobpollertask.Progress{Status: jobpollertask.Failed}, nil
			default:
				return jobpollertask.Progress{Status: jobpollertask.Succeeded}, nil
			}
		},
	}
}
