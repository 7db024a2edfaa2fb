package standard

import (
	"context"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// Stop aborts an execution. A nil name or cause is not given. It returns when the
// execution has stopped; one that had ended already stays as it is.
func (e *Engine) Stop(ctx context.Context, arn string, name, cause *string) (time.Time, error) {
	if err := e.usable(); err != nil {
		return time.Time{}, err
	}
	if err := checkFailure(name, cause); err != nil {
		return time.Time{}, err
	}
	x, err := e.executionID(ctx, arn)
	if err != nil {
		return time.Time{}, err
	}
	if x.Kernel == 0 {
		return time.Time{}, notForExpress()
	}
	return e.stop(ctx, &x, name, cause)
}

func (e *Engine) stop(ctx context.Context, x *store.Execution, name, cause *string) (time.Time, error) {
	stopped := time.Unix(0, x.Stopped).UTC()
	err := e.ask(ctx, x.ID, func(r *run, w *write) []interp.Event {
		if r.kernel.Status() != interp.Running {
			stopped = time.Unix(0, r.row.Stopped).UTC()
			return nil
		}
		stopped = w.now
		return []interp.Event{&interp.Stopped{Error: name, Cause: cause}}
	})
	return stopped, err
}
