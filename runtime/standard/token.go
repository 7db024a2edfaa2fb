package standard

import (
	"context"
	"encoding/base64"
	"errors"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// SendTaskSuccess answers the task that has a token. The first answer counts; it
// is durable when SendTaskSuccess returns.
func (e *Engine) SendTaskSuccess(ctx context.Context, token string, output *value.Doc) error {
	if output.Size() > MaxInput {
		return tooLong("output", MaxInput)
	}
	return e.send(ctx, token, func(t interp.TaskID) interp.Event { return &interp.TaskSucceeded{Task: t, Output: output} })
}

// SendTaskFailure fails the task that has a token. A nil name or cause is not
// given.
func (e *Engine) SendTaskFailure(ctx context.Context, token string, name, cause *string) error {
	if err := checkFailure(name, cause); err != nil {
		return err
	}
	return e.send(ctx, token, func(t interp.TaskID) interp.Event {
		return &interp.TaskFailed{Task: t, Error: name, Cause: cause}
	})
}

// SendTaskHeartbeat restarts the heartbeat clock of the task that has a token.
func (e *Engine) SendTaskHeartbeat(ctx context.Context, token string) error {
	return e.send(ctx, token, func(t interp.TaskID) interp.Event { return &interp.TaskHeartbeat{Task: t} })
}

func (e *Engine) send(ctx context.Context, token string, event func(interp.TaskID) interp.Event) error {
	if err := e.usable(); err != nil {
		return err
	}
	t, err := e.store.Token(ctx, token)
	if errors.Is(err, store.ErrNotFound) {
		return unknownToken(token)
	}
	if err != nil {
		return err
	}
	late := false
	err = e.ask(ctx, t.Execution, func(r *run, _ *write) []interp.Event {
		a := r.tasks.Get(interp.TaskID(t.Task))
		if late = a == nil; late {
			return nil
		}
		return answered(a, event(a.task.Task))
	})
	if err == nil && late && e.fault != tokenTwice {
		err = refuse(ErrTaskTimedOut, "Task Timed Out: 'Provided task does not exist anymore'")
	}
	return err
}

// answered is what the kernel has to know of an answer. One may come before the
// handler has returned that asked for it; then the handler's own result does not
// count any more.
func answered(a *attempt, answer interp.Event) []interp.Event {
	_, alive := answer.(*interp.TaskHeartbeat)
	if alive || a.submitted || a.task.Resource.Pattern != graph.Callback {
		return []interp.Event{answer}
	}
	return []interp.Event{&interp.TaskSubmitted{Task: a.task.Task, Output: value.DocOf(value.Null())}, answer}
}

// unknownToken tells a token of an execution that is not kept any more from what
// never was a token.
func unknownToken(token string) error {
	if raw, err := base64.RawURLEncoding.DecodeString(token); err != nil || len(raw) != tokenSize {
		return refuse(ErrInvalidToken, "Invalid Token: 'Invalid token'")
	}
	return refuse(ErrTaskDoesNotExist, "Task Does Not Exist: 'Provided task does not exist'")
}

// tokenSize is the size of the kernel's tokens.
const tokenSize = 24
