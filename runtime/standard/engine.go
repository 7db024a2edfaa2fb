package standard

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// Options configure an engine. Store and Compile are required.
type Options struct {
	Store store.Store
	// Compile makes the text of a definition executable.
	Compile func(name, text string) (*graph.Machine, error)
	// Clock keeps the time; nil is the real one.
	Clock clock.Clock
	// Logger takes what the engine has to say about itself; nil is slog.Default.
	Logger *slog.Logger
	// Workers bounds how many handlers run at the same time for one resource; 0
	// is 1,000.
	Workers int
	// HTTP does http:invoke tasks that have no handler; nil refuses them.
	HTTP *invoke.HTTP
	// Objects is where distributed Map states read items and write results; nil
	// fails those that do.
	Objects objects.Store
	// Activity tells whether an activity exists; nil means that all do.
	Activity func(arn string) bool
	// Observe is called with each history event when it is durable, in order
	// within each execution, by several goroutines. It should return soon, and must
	// not wait for the engine, since writing waits for it: Start within it would
	// never return.
	Observe func(executionARN string, e history.Event)
	// Logs takes the same events, as records.
	Logs express.Logs
	// StartExpress starts an Express execution that a task wants and does not wait
	// for; nil refuses that. What it returns becomes durable together with the
	// task's result; then durable is called, once.
	StartExpress func(d *Deployed, c *invoke.Child) (arn string, start store.ExpressStart, durable func(error), err error)
	// Passive engines carry nothing out: what they start, stop or redrive is
	// recorded, for the engine that next opens the store.
	Passive bool
	// Random is where seeds and names come from; nil is crypto/rand. It fills the
	// slice.
	Random func([]byte)
	// Region, Account and Role go into ARNs. They are written into a new store;
	// after that the store's count.
	Region, Account, Role string
	// Retention is how long closed executions are kept; 0 is 90 days, below 0
	// for ever.
	Retention time.Duration
}

// Engine runs Standard executions. It is safe for concurrent use. Make one with
// [Open] and end it with [Engine.Shutdown].
type Engine struct {
	o      Options
	store  store.Store
	clock  clock.Clock
	log    *slog.Logger
	pool   *pool
	hands  *invoke.Hands
	place  place
	lastID atomic.Int64
	ctx    context.Context // of the handlers
	cancel context.CancelFunc
	// work counts handlers that run and runs that are busy; quiet has an element
	// after it came down to 0, or after somebody has seen that it is 0.
	work  atomic.Int64
	quiet chan struct{}
	// writes has those of which the memory can be used again.
	writes sync.Pool

	mu          sync.Mutex
	stopping    bool
	failed      error // why the store takes no more
	machines    map[string]*machine
	byID        map[int64]*machine
	definitions map[int64]*graph.Machine
	live        map[int64]*run
	liveNames   map[nameKey]*run              // of those that were started by this engine
	names       map[nameKey]chan struct{}     // names that are being started
	waiters     map[int64][]chan *Description // each has room for one
	activities  map[string]*activity
	mapRuns     map[mapKey]*mapRun
	wakes       clock.Timers[int64]
	armed       time.Time
	disarm      func() // nil: no timer of the clock is set
	purge       func() // takes back the next purge

	fault fault // sound, except in tests
}

// place is what ARNs are made of.
type place struct{ region, account, role string }

type nameKey struct {
	machine int64
	name    string
}

// Open starts an engine on a store. Executions of a machine are taken up when it
// is deployed.
func Open(ctx context.Context, o Options) (*Engine, error) {
	if o.Store == nil || o.Compile == nil {
		return nil, errors.New("standard: Options need a Store and a Compile function")
	}
	o.fill()
	e := &Engine{
		o: o, store: o.Store, clock: o.Clock, log: o.Logger, pool: newPool(o.Workers),
		machines: make(map[string]*machine), byID: make(map[int64]*machine),
		definitions: make(map[int64]*graph.Machine), live: make(map[int64]*run), liveNames: make(map[nameKey]*run),
		names: make(map[nameKey]chan struct{}), waiters: make(map[int64][]chan *Description),
		activities: make(map[string]*activity), mapRuns: make(map[mapKey]*mapRun), quiet: make(chan struct{}, 1),
	}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	e.hands = invoke.NewHands(e.ctx)
	if o.Passive {
		e.pool.close()
	}
	last, err := e.store.LastID(ctx)
	if err != nil {
		return nil, err
	}
	e.lastID.Store(last)
	if err := e.settle(ctx); err != nil {
		return nil, err
	}
	if err := e.loadMachines(ctx); err != nil {
		return nil, err
	}
	e.schedulePurge(purgeFirst)
	return e, nil
}

func (o *Options) fill() {
	if o.Clock == nil {
		o.Clock = clock.Real()
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Workers <= 0 {
		o.Workers = 1000
	}
	if o.Random == nil {
		o.Random = func(b []byte) { rand.Read(b) } // never fails
	}
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.Account == "" {
		o.Account = "123456789012"
	}
	if o.Role == "" {
		o.Role = "arn:aws:iam::" + o.Account + ":role/stepsmith"
	}
	if o.Retention == 0 {
		o.Retention = 90 * 24 * time.Hour
	}
}

// settle fixes what the store's ARNs are made of: they must not change under
// executions that are running.
func (e *Engine) settle(ctx context.Context) error {
	settings, err := e.store.Settings(ctx)
	if err != nil {
		return err
	}
	wanted := map[string]string{"region": e.o.Region, "account": e.o.Account, "role": e.o.Role}
	if _, ok := settings["region"]; !ok {
		if err := e.submit(&store.Batch{Settings: wanted}); err != nil {
			return err
		}
		settings = maps.Clone(wanted)
	}
	e.place = place{settings["region"], settings["account"], settings["role"]}
	return nil
}

// submit submits a batch and waits until it is durable.
func (e *Engine) submit(b *store.Batch) error {
	done := make(chan error, 1)
	e.store.Submit(b, func(err error) { done <- err })
	if err := <-done; err != nil {
		return e.fail(err)
	}
	return nil
}

// fail stops the engine because the store has failed: what is in memory is ahead
// of what is durable.
func (e *Engine) fail(err error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.failed == nil {
		e.failed = fmt.Errorf("standard: the store failed, the engine has stopped: %w", err)
		e.stopping = true
		e.pool.close()
		e.closeActivities()
		e.cancel()
		if !errors.Is(err, store.ErrClosed) {
			e.log.Error("the store failed, the engine has stopped", "error", err)
		}
		for _, waiters := range e.waiters {
			for _, w := range waiters {
				close(w)
			}
		}
		clear(e.waiters)
	}
	return e.failed
}

// usable says why the engine takes no requests, or nil.
func (e *Engine) usable() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.failed != nil:
		return e.failed
	case e.stopping:
		return refuse(ErrShutdown, "the engine is shutting down")
	}
	return nil
}

// Shutdown ends the engine and leaves the store open. Nothing new is started;
// handlers that run are waited for until ctx is done and then cancelled. What is
// not finished goes on when an engine next opens the store: attempts whose
// handlers did not return in time fail with task.Interrupted then.
func (e *Engine) Shutdown(ctx context.Context) error {
	e.mu.Lock()
	e.stopping = true
	e.stopTimers()
	e.closeActivities()
	e.mu.Unlock()
	e.pool.close()
	err := e.settleDown(ctx)
	e.cancel()
	if err == nil {
		err = e.drain()
	}
	return err
}

// begin and end frame what keeps a virtual clock from moving and Shutdown from
// returning.
func (e *Engine) begin() {
	e.clock.Begin()
	e.work.Add(1)
}

func (e *Engine) end() {
	e.finished()
	e.clock.End()
}

// finished is the end of work that keeps Shutdown from returning.
func (e *Engine) finished() {
	if e.work.Add(-1) == 0 {
		e.rest()
	}
}

// rest tells one of those who wait for it that no work is left.
func (e *Engine) rest() {
	select {
	case e.quiet <- struct{}{}:
	default:
	}
}

func (e *Engine) settleDown(ctx context.Context) error {
	for e.work.Load() > 0 {
		select {
		case <-e.quiet:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	e.rest() // somebody else may be shutting down too
	return nil
}

// drain waits until what was submitted is durable.
func (e *Engine) drain() error {
	done := make(chan error, 1)
	e.store.Submit(new(store.Batch), func(err error) { done <- err })
	return <-done
}

// nextID returns an id for an execution that was never used before.
func (e *Engine) nextID() int64 { return e.lastID.Add(1) }

func (e *Engine) seed() [2]uint64 {
	var b [16]byte
	e.o.Random(b[:])
	return [2]uint64{binary.LittleEndian.Uint64(b[:8]), binary.LittleEndian.Uint64(b[8:])}
}

// newName makes up a name for an execution, a UUID of version 7: names that begin
// with the time go next to each other into the store's index of names, where
// random ones would each change another page.
func (e *Engine) newName() string {
	var b [16]byte
	e.o.Random(b[6:])
	binary.BigEndian.PutUint64(b[:8], uint64(e.clock.Now().UnixMilli())<<16|uint64(binary.BigEndian.Uint16(b[6:8])))
	return invoke.UUID(b[:], 7)
}
