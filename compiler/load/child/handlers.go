package child

import (
	"context"
	"encoding/json"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Handlers registers a variable of type task.Handlers: a pointer to it, since it
// may still be given its value by an init function of the user's.
func Handlers(pkg, variable string, pointer *task.Handlers) {
	if registry.handlers == nil {
		registry.handlers = make(map[key]handlers)
	}
	registry.handlers[key{pkg, variable}] = registered{pointer}
}

// toldAttempt is an attempt whose details were told by the parent.
type toldAttempt struct {
	attempt
	details task.Details
}

func (t toldAttempt) Details() task.Details { return t.details }

type registered struct{ variable *task.Handlers }

func (r registered) keys() []string { return r.variable.Names() }

func (r registered) call(ctx context.Context, key string, info json.RawMessage, input []byte, a attempt) (output []byte, failure *Failure, err error) {
	h := (*r.variable)[key]
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
