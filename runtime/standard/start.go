package standard

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// A Started execution has been started, now or before.
type Started struct {
	ID      int64
	ARN     string
	Started time.Time
}

// MaxInput is the largest input of an execution, and the largest answer to a
// token, in bytes.
const MaxInput = 262144

// Start begins an execution of a machine, given by its name or by its own ARN or
// that of a version or an alias. It returns when the start is durable; the first
// task is on its way then. An empty name is made up; a nil input is {}.
//
// A name starts once: starting it again with the same input while it runs
// returns the execution that is running, anything else fails with
// [ErrExecutionAlreadyExists], as long as the execution is kept.
func (e *Engine) Start(ctx context.Context, machine, name string, input *value.Doc) (Started, error) {
	if err := e.usable(); err != nil {
		return Started{}, err
	}
	m, qualifier, err := e.find(machine)
	if err != nil {
		return Started{}, err
	}
	if err := m.standard(); err != nil {
		return Started{}, err
	}
	if input == nil {
		input = value.DocOf(value.Object())
	}
	if err := CheckStart(name, input); err != nil {
		return Started{}, err
	}
	row, err := e.version(m, qualifier)
	if err != nil {
		return Started{}, err
	}
	if name == "" {
		name = e.newName()
	} else {
		release, err := e.reserve(ctx, nameKey{m.id, name})
		if err != nil {
			return Started{}, err
		}
		defer release()
		if again, err := e.started(ctx, m, name, input); again != nil || err != nil {
			return *again, err
		}
	}
	row.Name = name
	done := make(chan error, 1)
	w, err := e.create(ctx, m, row, input, item{done: func(err error) { done <- err }})
	if err != nil {
		return Started{}, err
	}
	r, now := w.run, w.now
	e.store.Submit(&w.batch, w.written)
	// The start cannot be taken back now: what becomes of it is always told.
	if err := <-done; err != nil {
		return Started{}, err
	}
	return Started{r.row.ID, r.info.ExecutionID, now}, nil
}

// CheckStart refuses a name that executions cannot have, unless it is empty, and an
// input that is too large; nil means {}.
func CheckStart(name string, input *value.Doc) error {
	if input != nil && input.Size() > MaxInput {
		return refuse(ErrInvalidExecutionInput, "Invalid State Machine Execution Input: 'the input is larger than %d bytes'", MaxInput)
	}
	if name == "" {
		return nil
	}
	return checkName(name)
}

// standard refuses machines whose executions are not for this engine.
func (m *machine) standard() error {
	if m.known().Type != "STANDARD" {
		return refuse(ErrStateMachineTypeNotSupported, "This operation is not supported by this type of state machine")
	}
	return nil
}

// reserve keeps others from starting the same name until release, after those who
// are at it.
func (e *Engine) reserve(ctx context.Context, key nameKey) (release func(), err error) {
	for {
		release, free := e.tryReserve(key)
		if free {
			return release, nil
		}
		e.mu.Lock()
		other := e.names[key]
		e.mu.Unlock()
		if other == nil {
			continue
		}
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// tryReserve is reserve for who does not wait: it is not free when somebody else
// is at it.
func (e *Engine) tryReserve(key nameKey) (release func(), free bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.names[key] != nil {
		return nil, false
	}
	mine := make(chan struct{})
	e.names[key] = mine
	return func() {
		e.mu.Lock()
		delete(e.names, key)
		e.mu.Unlock()
		close(mine)
	}, true
}

// started looks for an execution that has the name already.
func (e *Engine) started(ctx context.Context, m *machine, name string, input *value.Doc) (*Started, error) {
	x, err := e.store.Named(ctx, m.id, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	none := new(Started)
	if err != nil {
		return none, err
	}
	arn := e.arn("execution", m.name, name)
	if x.Status == store.Running {
		before, err := e.input(ctx, x.ID)
		if err != nil {
			return none, err
		}
		if before.Text() == input.Text() {
			return &Started{x.ID, arn, time.Unix(0, x.Started)}, nil
		}
	}
	return none, e.exists(m, name)
}

// version chooses the definition that a start uses.
func (e *Engine) version(m *machine, qualifier string) (store.Execution, error) {
	f := m.known()
	row := store.Execution{Definition: f.Definition}
	if qualifier == "" {
		return row, nil
	}
	number, err := strconv.ParseInt(qualifier, 10, 64)
	if err != nil {
		row.Alias = qualifier
		if number = f.route(qualifier); number == 0 {
			return row, refuse(ErrStateMachineDoesNotExist, "State Machine Does Not Exist: '%s:%s'", m.arn, qualifier)
		}
	}
	for _, v := range f.Versions {
		if v.Number == number {
			row.Version, row.Definition = v.Number, v.Definition
			return row, nil
		}
	}
	return row, refuse(ErrStateMachineDoesNotExist, "State Machine Does Not Exist: '%s:%s'", m.arn, qualifier)
}

// route draws a version of an alias by the weights; 0 when there is no such alias.
func (f *facts) route(name string) int64 {
	for _, a := range f.Aliases {
		if a.Name != name {
			continue
		}
		n := rand.IntN(100)
		for _, r := range a.Routes {
			if n -= r.Weight; n < 0 {
				return r.Version
			}
		}
	}
	return 0
}

// create makes a run and its first write, which is not submitted yet.
func (e *Engine) create(ctx context.Context, m *machine, row store.Execution, input *value.Doc, items ...item) (*write, error) {
	g, err := e.graph(ctx, m, row.Definition)
	if err != nil {
		return nil, err
	}
	row.Machine = m.id
	return e.newRun(g, m, row, &interp.Started{Input: input, Seed: e.seed()}, items...), nil
}

// newRun makes a run of a graph and its first write.
func (e *Engine) newRun(g *graph.Machine, m *machine, row store.Execution, started *interp.Started, items ...item) *write {
	now := e.now()
	row.ID, row.Kernel = e.nextID(), interp.Version
	row.Status, row.Started = store.Running, now.UnixNano()
	r := &run{engine: e, machine: m, row: row, info: e.info(m, &row), busy: true}
	r.begin(g)
	r.load.Do(func() {})
	e.mu.Lock()
	e.live[row.ID] = r
	e.liveNames[nameKey{row.Machine, row.Name}] = r
	e.mu.Unlock()
	e.begin() // the run is busy
	w := e.newWrite(r, now)
	w.items = append(w.items, items...)
	w.batch.Create = append(w.batch.Create, row)
	w.step([]interp.Event{&interp.Started{Input: started.Input, Info: r.info, Limits: interp.StandardLimits(), Seed: started.Seed}})
	w.finish()
	return w
}

// now is the time in the form in which the journal gives it back.
func (e *Engine) now() time.Time { return time.Unix(0, e.clock.Now().UnixNano()).UTC() }

// executionID finds an execution by its ARN.
func (e *Engine) executionID(ctx context.Context, arn string) (store.Execution, error) {
	machine, name, err := splitARN(arn)
	if err != nil {
		return store.Execution{}, err
	}
	machine, label, child := strings.Cut(machine, "/")
	e.mu.Lock()
	m := e.machines[machine]
	e.mu.Unlock()
	if m == nil {
		return store.Execution{}, refuse(ErrExecutionDoesNotExist, "Execution Does Not Exist: '%s'", arn)
	}
	id := m.id
	if child {
		id = -id
	}
	x, err := e.store.Named(ctx, id, name)
	if errors.Is(err, store.ErrNotFound) || err == nil && child && x.Alias != label {
		return x, refuse(ErrExecutionDoesNotExist, "Execution Does Not Exist: '%s'", arn)
	}
	return x, err
}

func splitARN(arn string) (machine, name string, err error) {
	_, rest, ok := strings.Cut(arn, ":execution:")
	if !ok {
		// Of Express executions only the children of map runs can be described.
		_, rest, ok = strings.Cut(arn, ":express:")
		ok = ok && strings.Contains(rest, "/")
	}
	machine, name, named := strings.Cut(rest, ":")
	switch {
	case !ok && named && strings.HasPrefix(arn, "arn:"):
		return "", "", notForExpress()
	case !named || !strings.HasPrefix(arn, "arn:"):
		return "", "", refuse(ErrInvalidArn, "Invalid Arn: 'Invalid ARN prefix: %s'", arn)
	}
	return machine, name, nil
}
