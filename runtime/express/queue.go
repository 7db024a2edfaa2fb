package express

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// A Queue runs Express executions asynchronously: a start is acknowledged when it
// is durable, and an acknowledged start runs at least once; one that a crash cut
// off runs again from the beginning. Make one with [NewQueue].
type Queue struct {
	store   store.Store
	log     *slog.Logger
	running int
	waiting int

	mu     sync.Mutex
	closed bool
	active int           // executions that run
	jobs   []*Job        // that wait until they may
	places int           // taken by both, and by starts that are not durable yet
	quiet  chan struct{} // has an element after places came down to 0, or was seen to be 0
	ctx    context.Context
	cancel context.CancelFunc
}

// NewQueue returns a queue that runs up to so many executions at the same time,
// and lets so many more wait.
func NewQueue(s store.Store, log *slog.Logger, running, waiting int) *Queue {
	q := &Queue{store: s, log: log, running: running, waiting: waiting, quiet: make(chan struct{}, 1)}
	q.ctx, q.cancel = context.WithCancel(context.Background())
	return q
}

// ErrOverload refuses a start because too many executions are waiting already.
var ErrOverload = errors.New("express: too many executions are waiting: try again later")

// ErrClosed refuses a start because the queue was closed.
var ErrClosed = errors.New("express: the queue is closed")

// A Job is an execution to be run.
type Job struct {
	Start   store.ExpressStart // without Data
	Graph   *graph.Machine
	Input   *value.Doc
	Options Options
	// Twice runs the execution twice, as a crash might: to see whether its tasks
	// are idempotent.
	Twice bool
	// Done is called with the result, and may be nil.
	Done func(*Result)
}

// data is what a start leaves in the store.
type data struct {
	Name  string          `json:"name"`
	ARN   string          `json:"arn"`
	Seed  [2]uint64       `json:"seed"`
	Input json.RawMessage `json:"input"`
}

// Start acknowledges an execution and returns its ARN. It will run, also if the
// process ends.
func (q *Queue) Start(ctx context.Context, j *Job) (arn string, err error) {
	durable, err := q.Prepare(j)
	if err != nil {
		return "", err
	}
	done := make(chan error, 1)
	q.store.Submit(&store.Batch{Express: []store.ExpressStart{j.Start}}, func(err error) {
		durable(err)
		done <- err
	})
	if err := <-done; err != nil {
		return "", err
	}
	return j.Options.Info.ExecutionID, nil
}

// Prepare completes a job and keeps a place for it. The caller makes j.Start
// durable and then calls durable, once, with what came of that; it returns at
// once. The ARN of the execution is in the job's options.
func (q *Queue) Prepare(j *Job) (durable func(error), err error) {
	j.Options.fill()
	if j.Input == nil {
		j.Input = value.DocOf(value.Object())
	}
	info := &j.Options.Info
	j.Start.Data, err = json.Marshal(data{info.ExecutionName, info.ExecutionID, j.Options.Seed, json.RawMessage(j.Input.Text())})
	if err != nil {
		return nil, err
	}
	if err := q.reserve(); err != nil {
		return nil, err
	}
	return func(err error) {
		q.mu.Lock()
		defer q.mu.Unlock()
		if err != nil {
			q.leave()
			return
		}
		q.run(j)
	}, nil
}

// Resume runs a start of the store's again from the beginning. The options need
// not know its name and its seed.
func (q *Queue) Resume(j *Job) error {
	var d data
	if err := json.Unmarshal(j.Start.Data, &d); err != nil {
		return err
	}
	input, err := value.ParseDoc(string(d.Input))
	if err != nil {
		return err
	}
	j.Input, j.Options.Seed = input, d.Seed
	j.Options.Info.ExecutionName, j.Options.Info.ExecutionID = d.Name, d.ARN
	q.mu.Lock()
	defer q.mu.Unlock()
	q.places++ // whatever the limits: it was acknowledged
	q.run(j)
	return nil
}

// reserve makes sure that there is room for one more.
func (q *Queue) reserve() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return ErrClosed
	case q.places >= q.running+q.waiting:
		return ErrOverload
	}
	q.places++
	return nil
}

// run runs a job that has a place, now or when it may. q.mu is held.
func (q *Queue) run(j *Job) {
	switch {
	case q.closed:
		q.leave() // it is run when the store is next opened
	case q.active < q.running:
		q.active++
		go q.execute(j)
	default:
		q.jobs = append(q.jobs, j)
	}
}

// ended has the next job run after one.
func (q *Queue) ended() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.active--
	q.leave()
	if len(q.jobs) > 0 {
		next := q.jobs[0]
		q.jobs = q.jobs[1:]
		q.run(next)
	}
}

// leave gives a place up. q.mu is held.
func (q *Queue) leave() {
	q.places--
	if q.places == 0 {
		q.rest()
	}
}

// rest tells one of those who wait for it that no place is taken.
func (q *Queue) rest() {
	select {
	case q.quiet <- struct{}{}:
	default:
	}
}

func (q *Queue) execute(j *Job) {
	defer q.ended()
	times := 1
	if j.Twice {
		times = 2
	}
	for range times {
		r, err := Run(q.ctx, j.Graph, j.Input, j.Options)
		if q.ctx.Err() != nil {
			return // it is run again when the store is next opened
		}
		if err != nil {
			q.log.Error("an Express execution could not be run", "execution", j.Options.Info.ExecutionID, "error", err)
			r = &Result{Status: interp.Failed, Error: "States.Runtime", Cause: err.Error()}
		}
		if j.Done != nil {
			j.Done(r)
		}
	}
	// Nobody waits for this: a crash before it is durable runs the execution again.
	q.store.Submit(&store.Batch{Ended: []int64{j.Start.ID}}, func(error) {})
}

// Close takes no more starts, waits for what runs until ctx is done and then
// stops it. What did not end runs again when the store is next opened.
func (q *Queue) Close(ctx context.Context) error {
	q.mu.Lock()
	q.closed = true
	q.places -= len(q.jobs)
	q.jobs = nil
	q.mu.Unlock()
	defer q.cancel()
	for {
		q.mu.Lock()
		places := q.places
		q.mu.Unlock()
		if places == 0 {
			q.rest() // somebody else may be closing it too
			return nil
		}
		select {
		case <-q.quiet:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
