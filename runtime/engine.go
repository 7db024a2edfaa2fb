package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/store/memory"
)

// Options configure an engine. The zero Options are an engine in memory.
type Options struct {
	// Store keeps Standard executions and the acknowledged starts of Express
	// ones; nil keeps them in memory. Shutdown closes it.
	Store store.Store
	// Clock keeps the time; nil is the real one.
	Clock clock.Clock
	// Logger takes what the engine has to say about itself; nil is slog.Default.
	Logger *slog.Logger
	// Logs takes the events of executions of both types, in the shape of
	// CloudWatch Logs: lines of JSON with [express.LogTo], messages of a
	// slog.Logger with [express.LogToSlog]. Asynchronous Express executions leave
	// their results nowhere else, and at levels below ALL only their failures.
	// Without a Level or a Sink nothing is logged; without IncludeData inputs and
	// outputs are left out.
	Logs express.Logs
	// Observe is called with each history event of both types, when it has become
	// durable where it does. Events of one execution come in order; it is called
	// by several goroutines and should return soon. It must not wait for the engine,
	// since writing waits for it: Start within it would never return.
	Observe func(executionARN string, e history.Event)
	// Workers bounds how many handlers of Standard executions run at the same
	// time for one resource; 0 is 1,000.
	Workers int
	// ExpressRunning bounds how many asynchronous Express executions run at the
	// same time, and ExpressWaiting how many more may wait; 0 are 1,000 and
	// 10,000. More are refused with [ErrOverload].
	ExpressRunning, ExpressWaiting int
	// HTTP does http:invoke tasks that have no handler; nil refuses them.
	HTTP *invoke.HTTP
	// Objects is where distributed Map states read items and write results; nil
	// fails those that do.
	Objects objects.Store
	// Activity tells whether the activity with an ARN exists; nil means that all
	// do.
	Activity func(arn string) bool
	// Region and Account go into ARNs, Role is what executions seem to run as.
	// They are fixed when a store is first used.
	Region, Account, Role string
	// Retention is how long closed Standard executions are kept; 0 is 90 days,
	// below 0 for ever.
	Retention time.Duration
	// Passive engines carry nothing out: what they start, stop or redrive is
	// recorded, for the engine that next opens the store.
	Passive bool
}

// An Engine runs the executions of the machines that are deployed to it. It is
// safe for concurrent use. Make one with [New] and end it with
// [Engine.Shutdown].
type Engine struct {
	o        Options
	store    store.Store
	standard *standard.Engine
	queue    *express.Queue
	callers  callers
	hands    *invoke.Hands // of Express executions
	release  context.CancelFunc
	// What each Express execution is given, made once.
	hook       func(executionARN string, e history.Event)
	startChild func(context.Context, *invoke.Child) (arn string, err error)
}

// New opens an engine on a store. Executions that were running go on when their
// machine is deployed.
func New(o Options) (*Engine, error) {
	if o.Store == nil {
		o.Store = memory.New()
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.ExpressRunning <= 0 {
		o.ExpressRunning = 1000
	}
	if o.ExpressWaiting <= 0 {
		o.ExpressWaiting = 10000
	}
	if o.Clock == nil {
		o.Clock = clock.Real()
	}
	e := &Engine{o: o, store: o.Store, callers: newCallers()}
	e.hook, e.startChild = o.Logs.Observer(o.Observe, 0), e.startForTask
	var err error
	e.standard, err = standard.Open(context.Background(), standard.Options{
		Store: o.Store, Clock: o.Clock, Logger: o.Logger, Workers: o.Workers, HTTP: o.HTTP, Objects: o.Objects, Activity: o.Activity,
		Region: o.Region, Account: o.Account, Role: o.Role, Retention: o.Retention, Passive: o.Passive,
		Observe: o.Observe, Logs: o.Logs, StartExpress: e.startExpressChild,
		Compile: func(name, text string) (*graph.Machine, error) {
			return (&Definition{Name: name, ASL: text}).compile()
		},
	})
	if err != nil {
		return nil, err
	}
	if o.Passive {
		o.ExpressRunning = 0
	}
	e.queue = express.NewQueue(o.Store, o.Logger, o.ExpressRunning, o.ExpressWaiting)
	ctx, cancel := context.WithCancel(context.Background())
	e.hands, e.release = invoke.NewHands(ctx), cancel
	return e, nil
}

// Start begins an execution of a machine, given by its name or ARN or by the ARN
// of a version or an alias, and returns its ARN when the start is safe in the
// store. The input is any JSON, nil is {}: whether it is what the machine expects
// shows when it runs. [Workflow.Start] takes a Go value instead, and
// [Workflow.Input] makes one of JSON, strictly.
//
// A Standard machine starts each name once: the same name with the same input
// gives the running execution; anything else is refused with
// [ErrExecutionAlreadyExists], for as long as the execution is kept. Of an
// Express machine, each start is another execution, whatever its name; it runs at
// least once and leaves its result in the logs.
func (e *Engine) Start(ctx context.Context, machine string, input json.RawMessage, opts ...Option) (arn string, err error) {
	d, err := e.standard.Deployed(ctx, machine)
	if err != nil {
		return "", err
	}
	doc, err := parseInput(input)
	if err != nil {
		return "", err
	}
	return e.start(ctx, machine, &d, doc, options(opts))
}

// start is Start of an input that has been read; nil means {}.
func (e *Engine) start(ctx context.Context, machine string, d *standard.Deployed, input *value.Doc, s start) (arn string, err error) {
	if Type(d.Type) == Express {
		return e.startExpress(ctx, d, input, s)
	}
	x, err := e.standard.Start(ctx, machine, s.name, input)
	return x.ARN, err
}

// parseInput reads the input of an execution; none is {}.
func parseInput(input json.RawMessage) (*value.Doc, error) {
	if input == nil {
		return value.DocOf(value.Object()), nil
	}
	doc, err := value.ParseDoc(string(input))
	if err != nil {
		return nil, &Error{Code: ErrInvalidExecutionInput.Code, Message: "Invalid State Machine Execution Input: '" + err.Error() + "'"}
	}
	return doc, nil
}

// A Description tells about an execution, as DescribeExecution does.
type Description struct {
	ARN, Name    string
	MachineARN   string
	VersionARN   string // empty unless a version or an alias was started
	AliasARN     string // empty unless an alias was started
	Status       Status
	Started      time.Time
	Stopped      time.Time  // zero while it runs
	Input        *value.Doc // nil in lists
	Output       *value.Doc // nil unless it succeeded, and in lists
	Error, Cause string
	RedriveCount int
	Redriven     time.Time // zero if it was not
	// RedriveStatus says whether it can be redriven, and RedriveReason why not.
	// They are empty in lists.
	RedriveStatus RedriveStatus
	RedriveReason string
	MapRunARN     string // of the map run that started it, if one did
	ItemCount     int    // how many items it got from that
}

// A RedriveStatus says whether an execution can be redriven.
type RedriveStatus = standard.RedriveStatus

// The redrive statuses, as DescribeExecution spells them.
const (
	Redrivable         = standard.Redrivable
	NotRedrivable      = standard.NotRedrivable
	RedrivableByMapRun = standard.RedrivableByMapRun
)

func describe(d *standard.Description) *Description {
	x := &Description{
		ARN: d.ARN, Name: d.Name, MachineARN: d.MachineARN, VersionARN: d.VersionARN, AliasARN: d.AliasARN,
		Status: d.Status, Started: d.Started, Stopped: d.Stopped, Input: d.Input, Output: d.Output, RedriveCount: d.RedriveCount, Redriven: d.Redriven,
		RedriveStatus: d.RedriveStatus, RedriveReason: d.RedriveReason, MapRunARN: d.MapRunARN, ItemCount: d.ItemCount,
	}
	if d.Error != nil {
		x.Error = *d.Error
	}
	if d.Cause != nil {
		x.Cause = *d.Cause
	}
	return x
}

// Describe tells about a Standard execution.
func (e *Engine) Describe(ctx context.Context, arn string) (*Description, error) {
	return described(e.standard.Describe(ctx, arn))
}

// Wait waits until a Standard execution has ended and then tells about it, as
// [Engine.Describe] does. When ctx is done first, the execution goes on and the
// error is ctx's.
func (e *Engine) Wait(ctx context.Context, arn string) (*Description, error) {
	return described(e.standard.Wait(ctx, arn))
}

func described(d *standard.Description, err error) (*Description, error) {
	if err != nil {
		return nil, err
	}
	return describe(d), nil
}

// History iterates over the events of a Standard execution so far, the first
// first or, in reverse, the last. An error ends it.
func (e *Engine) History(ctx context.Context, arn string, reverse bool) iter.Seq2[history.Event, error] {
	return e.standard.History(ctx, arn, reverse)
}

// Follow iterates over the events of a Standard execution from the first, and goes
// on with those that come, until the execution has ended. It sees what another
// process does, too, since it looks into the store, five times a second. An error,
// such as ctx's, ends it.
func (e *Engine) Follow(ctx context.Context, arn string) iter.Seq2[history.Event, error] {
	return e.standard.Follow(ctx, arn)
}

// A Query chooses Standard executions of one machine, the newest first.
type Query = standard.Query

// A RedriveFilter chooses children of a map run by whether they have been redriven.
type RedriveFilter = standard.RedriveFilter

// The redrive filters.
const (
	Redriven    = standard.Redriven
	NotRedriven = standard.NotRedriven
)

// A Page is a part of a list of executions.
type Page struct {
	Executions []*Description
	Next       string // of the query for the next page; empty when there is none
}

// List lists Standard executions, a page at a time. Express executions are not
// kept, except the children of map runs.
func (e *Engine) List(ctx context.Context, q Query) (*Page, error) {
	p, err := e.standard.List(ctx, q)
	if err != nil {
		return nil, err
	}
	page := &Page{Next: p.Next}
	for _, d := range p.Executions {
		page.Executions = append(page.Executions, describe(d))
	}
	return page, nil
}

// Stop aborts a Standard execution. The name and the cause may be empty.
func (e *Engine) Stop(ctx context.Context, arn, name, cause string) error {
	_, err := e.standard.Stop(ctx, arn, given(name), given(cause))
	return err
}

// given is nil for a text that was not given.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Redrive takes a Standard execution that did not succeed up again, from the
// state that failed.
func (e *Engine) Redrive(ctx context.Context, arn string) error {
	_, err := e.standard.Redrive(ctx, arn)
	return err
}

// SendTaskSuccess answers the task that has the token. The first answer counts.
func (e *Engine) SendTaskSuccess(ctx context.Context, token string, output json.RawMessage) error {
	doc, err := value.ParseDoc(string(output))
	if err != nil {
		return &Error{Code: ErrInvalidOutput.Code, Message: "Invalid Output: '" + err.Error() + "'"}
	}
	return e.standard.SendTaskSuccess(ctx, token, doc)
}

// SendTaskFailure fails the task that has the token. The name and the cause may
// be empty.
func (e *Engine) SendTaskFailure(ctx context.Context, token, name, cause string) error {
	return e.standard.SendTaskFailure(ctx, token, given(name), given(cause))
}

// SendTaskHeartbeat restarts the heartbeat clock of the task that has the token.
func (e *Engine) SendTaskHeartbeat(ctx context.Context, token string) error {
	return e.standard.SendTaskHeartbeat(ctx, token)
}

// An ActivityTask is work for a worker.
type ActivityTask struct {
	Token string
	Input json.RawMessage
}

// Poll waits for a task of an activity, given by its ARN, and hands it to the
// worker, whose name may be empty. It returns nil when ctx is done first.
func (e *Engine) Poll(ctx context.Context, activity, worker string) (*ActivityTask, error) {
	t, err := e.standard.Poll(ctx, activity, worker)
	if t == nil || err != nil {
		return nil, err
	}
	return &ActivityTask{Token: t.Token, Input: json.RawMessage(t.Input.Text())}, nil
}

// Shutdown ends the engine and closes its store: it starts nothing new and waits
// for the handlers that run until ctx is done, and then cancels them. What is not
// finished goes on when an engine next opens the store.
func (e *Engine) Shutdown(ctx context.Context) error {
	err := errors.Join(e.callers.close(ctx), e.queue.Close(ctx), e.standard.Shutdown(ctx))
	e.release()
	return errors.Join(err, e.store.Close())
}
