package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Options configure an engine. The zero Options are an engine in memory.
type Options struct {
	// Clock keeps the time; nil is the real one.
	Clock clock.Clock
	// Logger takes what the engine has to say about itself; nil is slog.Default.
	Logger *slog.Logger
	// Workers bounds how many handlers run at the same time for one resource;
	// 0 is 1,000.
	Workers int
}

// An Engine runs the executions of the machines that are deployed to it. It is
// safe for concurrent use. Make one with [New] and end it with
// [Engine.Shutdown].
type Engine struct{}

// New opens the store and takes up what was running.
func New(o Options) (*Engine, error) { return new(Engine), nil }

var errNotYet = errors.New("runtime: not yet")

// Deploy creates or updates a machine. Executions that run keep the definition
// they were started with; handlers are looked up in the latest handlers that were
// deployed for the machine. Machines that have executions to go on with must be
// deployed after [New], with their handlers, for those to go on.
func (e *Engine) Deploy(ctx context.Context, d Definition, handlers task.Handlers) (*Machine, error) {
	return nil, errNotYet
}

// A Machine is a deployed machine.
type Machine struct {
	ARN, Name string
	Type      Type
	Created   time.Time
}

// Start begins an execution of a machine, given by its name or ARN, and returns
// its ARN when the start is safe in the store.
//
// A Standard machine starts each name once: the same name with the same input
// gives the running execution; anything else is refused as
// ExecutionAlreadyExists, for as long as the execution is kept.
func (e *Engine) Start(ctx context.Context, machine string, input json.RawMessage, opts ...Option) (arn string, err error) {
	return "", errNotYet
}

// StartSync runs an execution of an Express machine and returns how it ended,
// whichever way; five minutes at most. When ctx is done it is aborted.
func (e *Engine) StartSync(ctx context.Context, machine string, input json.RawMessage, opts ...Option) (*Description, error) {
	return nil, errNotYet
}

// A Description tells about an execution, as DescribeExecution does.
type Description struct {
	ARN, Name    string
	MachineARN   string
	Status       Status
	Started      time.Time
	Stopped      time.Time // zero while it runs
	Input        *value.Doc
	Output       *value.Doc // nil unless it succeeded
	Error, Cause string
	RedriveCount int
}

// Describe tells about a Standard execution.
func (e *Engine) Describe(ctx context.Context, arn string) (*Description, error) {
	return nil, errNotYet
}

// Wait is Describe when the execution has ended.
func (e *Engine) Wait(ctx context.Context, arn string) (*Description, error) { return nil, errNotYet }

// History iterates over the events of a Standard execution, the first first or,
// in reverse, the last. An error ends it.
func (e *Engine) History(ctx context.Context, arn string, reverse bool) iter.Seq2[history.Event, error] {
	return func(yield func(history.Event, error) bool) { yield(history.Event{}, errNotYet) }
}

// Stop aborts a Standard execution. The name and the cause may be empty.
func (e *Engine) Stop(ctx context.Context, arn, name, cause string) error { return errNotYet }

// Redrive takes a Standard execution that did not succeed up again, from the
// state that failed.
func (e *Engine) Redrive(ctx context.Context, arn string) error { return errNotYet }

// SendTaskSuccess answers the task that has the token. The first answer counts.
func (e *Engine) SendTaskSuccess(ctx context.Context, token string, output json.RawMessage) error {
	return errNotYet
}

// SendTaskFailure fails the task that has the token. The name and the cause may
// be empty.
func (e *Engine) SendTaskFailure(ctx context.Context, token, name, cause string) error {
	return errNotYet
}

// SendTaskHeartbeat restarts the heartbeat clock of the task that has the token.
func (e *Engine) SendTaskHeartbeat(ctx context.Context, token string) error { return errNotYet }

// An ActivityTask is work for a worker.
type ActivityTask struct {
	Token string
	Input json.RawMessage
}

// Poll waits for a task of an activity, given by its ARN, and hands it to the
// worker, whose name may be empty. It returns nil when ctx is done first.
func (e *Engine) Poll(ctx context.Context, activity, worker string) (*ActivityTask, error) {
	return nil, errNotYet
}

// Shutdown ends the engine: it starts nothing new and waits for the handlers that
// run until ctx is done, and then cancels them. What is not finished goes on when
// an engine next opens the store.
func (e *Engine) Shutdown(ctx context.Context) error { return errNotYet }
