package standard

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A machine is a machine that the store knows.
type machine struct {
	id     int64
	name   string
	arn    string
	calls  atomic.Pointer[invoke.Caller] // nil: not deployed to this engine
	deploy sync.Mutex                    // held while it is being deployed

	mu    sync.Mutex
	facts facts
}

// facts is what the store keeps about a machine.
type facts struct {
	Type       string    `json:"type"`
	Definition int64     `json:"definition"`
	Created    time.Time `json:"created"`
	Updated    time.Time `json:"updated,omitzero"`
	Revision   int64     `json:"revision"` // counts updates
	Versions   []version `json:"versions,omitempty"`
	Aliases    []alias   `json:"aliases,omitempty"`
	LastNumber int64     `json:"lastNumber,omitempty"` // of versions; never used again
}

type version struct {
	Number      int64     `json:"number"`
	Definition  int64     `json:"definition"`
	Revision    int64     `json:"revision"`
	Description string    `json:"description,omitempty"`
	Created     time.Time `json:"created"`
}

type alias struct {
	Name    string    `json:"name"`
	Routes  []Route   `json:"routes"`
	Created time.Time `json:"created"`
}

// A Route sends a share of the starts of an alias to a version. The weights of an
// alias add up to 100.
type Route struct {
	Version int64 `json:"version"`
	Weight  int   `json:"weight"`
}

// A Machine tells about a machine, or about a version of one.
type Machine struct {
	ID               int64
	Name, ARN        string
	Type             string
	Definition       string
	Description      string // of a version
	Created, Updated time.Time
	Revision         int64
}

// nobody answers the tasks of a machine that was not deployed.
var nobody = new(invoke.Caller)

func (m *machine) caller() *invoke.Caller {
	if c := m.calls.Load(); c != nil {
		return c
	}
	return nobody
}

// loadMachines reads the machines of the store.
func (e *Engine) loadMachines(ctx context.Context) error {
	machines, err := e.store.Machines(ctx)
	if err != nil {
		return err
	}
	for _, stored := range machines {
		m := &machine{id: stored.ID, name: stored.Name, arn: e.machineARN(stored.Name)}
		if err := json.Unmarshal(stored.Data, &m.facts); err != nil {
			return err
		}
		e.machines[m.name], e.byID[m.id] = m, m
	}
	return nil
}

// Deploy creates a machine, or updates it when its definition is another, and
// takes up its executions when it is deployed to this engine for the first time.
// Executions keep the definition that they were started with; handlers are always
// the latest that were deployed. kind is STANDARD or EXPRESS.
func (e *Engine) Deploy(ctx context.Context, name, kind, definition string, handlers task.Handlers) (*Machine, error) {
	if err := e.usable(); err != nil {
		return nil, err
	}
	if err := checkName(name); err != nil {
		return nil, err
	}
	g, err := e.o.Compile(name, definition)
	if err != nil {
		return nil, err
	}
	m := e.machine(name)
	m.deploy.Lock()
	defer m.deploy.Unlock()
	if err := e.define(ctx, m, kind, definition, g); err != nil {
		return nil, err
	}
	first := m.calls.Swap(&invoke.Caller{Handlers: handlers, HTTP: e.o.HTTP}) == nil
	if first && !e.o.Passive {
		if err := e.adopt(ctx, m); err != nil {
			return nil, err
		}
	}
	return e.DescribeMachine(ctx, name)
}

// machine returns the machine of a name, a new one if there is none.
func (e *Engine) machine(name string) *machine {
	e.mu.Lock()
	defer e.mu.Unlock()
	m := e.machines[name]
	if m == nil {
		var last int64
		for id := range e.byID {
			last = max(last, id)
		}
		m = &machine{id: last + 1, name: name, arn: e.machineARN(name)}
		e.machines[name], e.byID[m.id] = m, m
	}
	return m
}

// define stores the definition of a machine unless it has it already.
func (e *Engine) define(ctx context.Context, m *machine, kind, definition string, g *graph.Machine) error {
	f := m.known()
	now := e.clock.Now().UTC()
	switch {
	case f.Definition == 0:
		f.Type, f.Created = kind, now
	case f.Type != kind:
		return refuse(ErrStateMachineAlreadyExists, "State Machine Already Exists: '%s': its type is %s and cannot be changed", m.arn, f.Type)
	default:
		text, err := e.store.Definition(ctx, f.Definition)
		if err != nil || text == definition {
			return err
		}
		f.Revision++
		f.Updated = now
	}
	f.Definition = e.nextID() // one sequence for everything
	if err := e.save(m, f, store.Definition{ID: f.Definition, Text: definition}); err != nil {
		return err
	}
	e.mu.Lock()
	e.definitions[f.Definition] = g
	e.mu.Unlock()
	return nil
}

// save makes new facts about a machine durable and then true.
func (e *Engine) save(m *machine, f facts, definitions ...store.Definition) error {
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	if err := e.submit(&store.Batch{Definitions: definitions, Machines: []store.Machine{{ID: m.id, Name: m.name, Data: data}}}); err != nil {
		return err
	}
	m.mu.Lock()
	m.facts = f
	m.mu.Unlock()
	return nil
}

// graph returns a compiled definition.
func (e *Engine) graph(ctx context.Context, m *machine, id int64) (*graph.Machine, error) {
	e.mu.Lock()
	g := e.definitions[id]
	e.mu.Unlock()
	if g != nil {
		return g, nil
	}
	text, err := e.store.Definition(ctx, id)
	if err != nil {
		return nil, err
	}
	if g, err = e.o.Compile(m.name, text); err != nil {
		return nil, err
	}
	e.mu.Lock()
	e.definitions[id] = g
	e.mu.Unlock()
	return g, nil
}

// adopt takes up the executions of a machine: those that need attention at once
// are read one after another, the others are when they are due.
func (e *Engine) adopt(ctx context.Context, m *machine) error {
	var urgent []int64
	for _, id := range []int64{m.id, -m.id} { // the machine's own, and children of map runs
		waiting, err := e.store.Waiting(ctx, id)
		if err != nil {
			return err
		}
		for _, t := range waiting {
			e.queue(ticket{t.Activity, t.Token, t.Execution, interp.TaskID(t.Task)})
		}
		for x, err := range e.store.Running(ctx, id) {
			switch {
			case err != nil:
				return err
			case x.Wake == 0:
				urgent = append(urgent, x.ID)
			case x.Wake != store.Never:
				e.mu.Lock()
				e.wake(x.ID, time.Unix(0, x.Wake))
				e.mu.Unlock()
			}
		}
	}
	if err := e.adoptMapRuns(ctx, m); err != nil {
		return err
	}
	e.mu.Lock()
	woken := slices.Collect(maps.Keys(e.live))
	e.mu.Unlock()
	e.begin()
	go func() {
		defer e.end()
		e.attend(urgent, item{})
		e.attend(woken, item{events: func(r *run, w *write) []interp.Event { return w.release(m) }})
	}()
	return nil
}

// release begins the attempts that were held because the machine was not
// deployed: something may have happened to its executions before.
func (w *write) release(m *machine) (events []interp.Event) {
	if w.run.machine != m {
		return nil
	}
	w.run.resumeMapRuns()
	var held []*attempt
	for _, a := range w.run.tasks.All() {
		if a.held {
			held = append(held, a)
		}
	}
	sortAttempts(held)
	for _, a := range held {
		events = append(events, w.admit(a)...)
	}
	return events
}

// attend delivers something to runs, and reads those that are not in memory. A few at a time keep the processors
// busy; more would only take memory.
func (e *Engine) attend(ids []int64, i item) {
	const readers = 4
	var wg sync.WaitGroup
	next := make(chan int64)
	for range readers {
		wg.Go(func() {
			for id := range next {
				if err := e.deliver(id, i); err != nil && e.usable() == nil {
					e.log.Error("an execution cannot be taken up", "execution", id, "error", err)
				}
			}
		})
	}
	for _, id := range ids {
		if e.usable() != nil {
			break
		}
		next <- id
	}
	close(next)
	wg.Wait()
}

// DescribeMachine tells about a machine, given by its name or ARN, or about a
// version, given by its ARN.
func (e *Engine) DescribeMachine(ctx context.Context, name string) (*Machine, error) {
	m, qualifier, err := e.find(name)
	if err != nil {
		return nil, err
	}
	f := m.known()
	d := &Machine{
		ID: m.id, Name: m.name, ARN: m.arn, Type: f.Type, Created: f.Created, Updated: f.Updated, Revision: f.Revision,
	}
	definition := f.Definition
	if qualifier != "" {
		i := slices.IndexFunc(f.Versions, func(v version) bool { return strconv.FormatInt(v.Number, 10) == qualifier })
		if i < 0 {
			return nil, refuse(ErrStateMachineDoesNotExist, "State Machine Does Not Exist: '%s'", name)
		}
		v := f.Versions[i]
		definition, d.ARN, d.Description, d.Created, d.Updated, d.Revision = v.Definition, name, v.Description, v.Created, time.Time{}, v.Revision
	}
	d.Definition, err = e.store.Definition(ctx, definition)
	return d, err
}

// known is what is known about the machine now.
func (m *machine) known() facts {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.facts
}

// A Deployed machine is what is needed to run one of its executions elsewhere.
type Deployed struct {
	Machine, Definition int64 // ids
	Name                string
	Type                string
	Graph               *graph.Machine
	Handlers            task.Handlers
	Info                interp.Info // of the machine
}

// Deployed returns a machine, given by its name or by its own ARN or that of a
// version or an alias.
func (e *Engine) Deployed(ctx context.Context, name string) (d Deployed, err error) {
	m, qualifier, err := e.find(name)
	if err != nil {
		return d, err
	}
	row, err := e.version(m, qualifier)
	if err != nil {
		return d, err
	}
	g, err := e.graph(ctx, m, row.Definition)
	if err != nil {
		return d, err
	}
	return Deployed{m.id, row.Definition, m.name, m.known().Type, g, m.caller().Handlers, e.machineInfo(m, &row)}, nil
}

// Graph returns a definition of a machine by its id.
func (e *Engine) Graph(ctx context.Context, name string, id int64) (*graph.Machine, error) {
	m, _, err := e.find(name)
	if err != nil {
		return nil, err
	}
	return e.graph(ctx, m, id)
}

// NextID returns a number that neither an execution nor a definition nor an
// Express start has.
func (e *Engine) NextID() int64 { return e.nextID() }

// Machines lists the machines by name.
func (e *Engine) Machines(ctx context.Context) ([]*Machine, error) {
	e.mu.Lock()
	var names []string
	for name, m := range e.machines {
		if m.known().Definition != 0 {
			names = append(names, name)
		}
	}
	e.mu.Unlock()
	slices.Sort(names)
	var list []*Machine
	for _, name := range names {
		d, err := e.DescribeMachine(ctx, name)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// find returns a machine by name or ARN, and the version or alias that an ARN
// ends in.
func (e *Engine) find(name string) (m *machine, qualifier string, err error) {
	plain := name
	if strings.HasPrefix(name, "arn:") {
		_, rest, ok := strings.Cut(name, ":stateMachine:")
		if !ok {
			return nil, "", refuse(ErrInvalidArn, "Invalid Arn: 'Invalid ARN prefix: %s'", name)
		}
		plain, qualifier, _ = strings.Cut(rest, ":")
	}
	e.mu.Lock()
	m = e.machines[plain]
	e.mu.Unlock()
	if m != nil && m.known().Definition != 0 {
		return m, qualifier, nil
	}
	if !strings.HasPrefix(name, "arn:") {
		name = e.machineARN(name)
	}
	return nil, "", refuse(ErrStateMachineDoesNotExist, "State Machine Does Not Exist: '%s'", name)
}

func (e *Engine) machineARN(name string) string { return e.arn("stateMachine", name) }

func (e *Engine) arn(kind string, parts ...string) string {
	return "arn:aws:states:" + e.place.region + ":" + e.place.account + ":" + kind + ":" + strings.Join(parts, ":")
}

// info is what the context object tells about an execution.
func (e *Engine) info(m *machine, x *store.Execution) interp.Info {
	i := e.machineInfo(m, x)
	i.ExecutionID, i.ExecutionName = e.arn("execution", m.name, x.Name), x.Name
	if x.Machine < 0 {
		e.childInfo(&i, m, x)
	}
	return i
}

// machineInfo is the part of info that is about the machine, and the version and
// alias of it that the execution was started with.
func (e *Engine) machineInfo(m *machine, x *store.Execution) interp.Info {
	i := interp.Info{RoleARN: e.place.role, StateMachineID: m.arn, StateMachine: m.name, Region: e.place.region}
	if x.Version != 0 {
		i.VersionARN = e.versionARN(m, x.Version)
	}
	if x.Alias != "" && x.Machine >= 0 { // a child of a map run keeps its label there
		i.AliasARN = m.arn + ":" + x.Alias
	}
	return i
}

// checkName refuses names that AWS refuses.
func checkName(name string) error {
	n := utf8.RuneCountInString(name)
	if n < 1 || n > 80 || strings.ContainsAny(name, "<>{}[]?*\"#%\\^|~`$&,;:/") ||
		strings.ContainsFunc(name, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r) || r >= 0xfffe && r <= 0xffff || r == 0x10ffff
		}) {
		return refuse(ErrInvalidName, "Invalid Name: '%s'", name)
	}
	return nil
}

func sortAttempts(attempts []*attempt) {
	slices.SortFunc(attempts, func(a, b *attempt) int { return cmp.Compare(a.task.Task, b.task.Task) })
}
