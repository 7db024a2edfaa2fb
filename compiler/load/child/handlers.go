package child

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Handlers registers a variable that holds a task.Worker: a function that reads
// it, since it may still be given its value by an init function of the user's.
func Handlers(pkg, variable string, read func() task.Worker) {
	if registry.handlers == nil {
		registry.handlers = make(map[key]handlers)
	}
	registry.handlers[key{pkg, variable}] = registered{sync.OnceValue(func() task.Handlers {
		if w := read(); w != nil {
			return w.Handlers()
		}
		return nil
	})}
}

// toldAttempt is an attempt whose details were told by the parent.
type toldAttempt struct {
	attempt
	details task.Details
}

func (t toldAttempt) Details() task.Details { return t.details }

type registered struct{ handlers func() task.Handlers }

func (r registered) keys() []string { return r.handlers().Names() }

func (r registered) call(ctx context.Context, key string, info json.RawMessage, input []byte, a attempt) (output []byte, failure *Failure, err error) {
	h := r.handlers()[key]
	if h == nil {
		return nil, &Failure{Name: task.NoHandler, Cause: "no handler " + key}, nil
	}
	if len(info) > 0 {
		told := toldAttempt{attempt: a}
		if err := json.Unmarshal(info, &told.details); err != nil {
			return nil, nil, err
		}
		ctx = task.WithAttempt(ctx, told)
	}
	done := make(chan struct{})
	go task.Do(ctx, h, input, func(o json.RawMessage, f *task.Error) {
		output = o
		if f != nil {
			failure = &Failure{Name: f.Name, Cause: f.Cause}
		}
		close(done)
	})
	<-done
	return output, failure, nil
}
