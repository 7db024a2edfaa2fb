package task

import (
	"context"
	"errors"
	"time"
)

// Details tell a handler about the attempt that it works on.
type Details struct {
	// Execution is the ARN of the execution, ExecutionName its name and
	// Machine the name of its state machine.
	Execution     string `json:"execution"`
	ExecutionName string `json:"executionName"`
	Machine       string `json:"machine"`
	// State is the name of the state.
	State string `json:"state"`
	// Resource is the state's Resource field.
	Resource string `json:"resource"`
	// Attempt counts from 0; a Retry makes it 1 and more, a redrive 0 again.
	Attempt int `json:"attempt"`
	// IdempotencyKey has the form of a UUID. It is the same in every attempt
	// of one visit of the state, also when that is redriven or when an Express
	// execution is run again after a crash, and differs between visits, iterations and executions.
	// Give it to a service that can tell repeated requests from new ones.
	IdempotencyKey string `json:"idempotencyKey"`
	// Token is the task token of a .waitForTaskToken task, else empty.
	Token string `json:"token,omitempty"`
	// Timeout and Heartbeat are those of the state, 0 where it has none.
	Timeout   time.Duration `json:"timeout,omitempty"`
	Heartbeat time.Duration `json:"heartbeat,omitempty"`
}

type contextKey struct{}

// An Attempt is a running attempt as its engine offers it to the handler.
type Attempt interface {
	// Details, Heartbeat and Sleep are behind the functions [Info],
	// [Heartbeat] and [Sleep].
	Details() Details
	Heartbeat() error
	Sleep(ctx context.Context, d time.Duration) error
}

// WithAttempt returns the context that an engine gives to a handler.
func WithAttempt(ctx context.Context, a Attempt) context.Context {
	return context.WithValue(ctx, contextKey{}, a)
}

// WithInfo returns a context in which [Info] gives d, for tests of handlers and
// for handlers that run elsewhere. Nobody listens to heartbeats in it.
func WithInfo(ctx context.Context, d Details) context.Context {
	return WithAttempt(ctx, told{d})
}

// told is an attempt of which no more than the details are known.
type told struct{ details Details }

func (t told) Details() Details { return t.details }

func (t told) Heartbeat() error { return ErrNoHeartbeat }

func (t told) Sleep(ctx context.Context, d time.Duration) error { return sleep(ctx, d) }

// Info tells about the attempt that the handler works on, from the context that
// the handler got. Other contexts give the zero Details.
func Info(ctx context.Context) Details {
	if a, ok := ctx.Value(contextKey{}).(Attempt); ok {
		return a.Details()
	}
	return Details{}
}

// ErrNoHeartbeat is what [Heartbeat] returns where nobody listens.
var ErrNoHeartbeat = errors.New("task: the context belongs to no running task")

// Heartbeat shows that the handler is alive, so that the state's
// HeartbeatSeconds count anew. The error says that the attempt has ended, for
// example because it timed out.
func Heartbeat(ctx context.Context) error {
	if a, ok := ctx.Value(contextKey{}).(Attempt); ok {
		return a.Heartbeat()
	}
	return ErrNoHeartbeat
}

// Sleep returns after d, or with ctx's error when ctx is done first. It sleeps
// by the clock of the execution: where that is virtual, sleeping takes no time,
// and a handler that wants to time out has to sleep in this way, because virtual
// time stands still while a handler does anything else.
func Sleep(ctx context.Context, d time.Duration) error {
	if a, ok := ctx.Value(contextKey{}).(Attempt); ok {
		return a.Sleep(ctx, d)
	}
	return sleep(ctx, d)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
