package runtime

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/flow"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A Workflow is a definition together with the Go types of its input and output.
// Its methods are safe for concurrent use. It compiles its definitions when they
// are first needed: it must be neither changed nor copied after that.
type Workflow[In, Out any] struct {
	Definition Definition
	// Errors are the errors that the workflow declares: an execution that fails
	// with one of them gives an [*ExecutionError] that wraps it. May be nil.
	Errors flow.Errors
	// Nested are the other machines that the workflow starts executions of, for
	// [Workflow.Run] and tests. It knows itself. An [Engine] has them deployed.
	Nested []Definition

	once     sync.Once
	machines map[string]express.Machine // itself and the nested ones, by name
	invalid  error
}

// An Option changes how one execution is started.
type Option func(*start)

type start struct {
	name    string
	clock   clock.Clock
	observe func(history.Event)
	http    *invoke.HTTP
	seed    [2]uint64
	objects objects.Store
	twice   bool
}

func options(opts []Option) start {
	if len(opts) == 0 {
		return start{} // which needs no memory
	}
	var s start
	for _, o := range opts {
		o(&s)
	}
	return s
}

// Name names the execution. A Standard machine starts a name once: see
// [Engine.Start]. Without a name, one is made up.
func Name(name string) Option { return func(s *start) { s.name = name } }

// WithClock runs an execution of [Workflow.Run] by another clock, for example
// [clock.NewVirtual].
func WithClock(c clock.Clock) Option { return func(s *start) { s.clock = c } }

// WithObserver has f called with each history event of an execution of
// [Workflow.Run], in order.
func WithObserver(f func(history.Event)) Option { return func(s *start) { s.observe = f } }

// WithHTTP has http:invoke tasks of an execution of [Workflow.Run] done by real
// requests.
func WithHTTP(h *invoke.HTTP) Option { return func(s *start) { s.http = h } }

// WithObjects is where distributed Map states of an execution of [Workflow.Run]
// read items and write results. Without, those that do fail.
func WithObjects(o objects.Store) Option { return func(s *start) { s.objects = o } }

// WithSeed makes everything random in an execution of [Workflow.Run]
// reproducible.
func WithSeed(a, b uint64) Option { return func(s *start) { s.seed = [2]uint64{a, b} } }

// Twice has an asynchronous Express execution run twice, one after the other, as it
// may after a crash: for tests that its tasks are idempotent. It means nothing to
// other executions.
func Twice() Option { return func(s *start) { s.twice = true } }

// Run executes the workflow in memory and returns its output. The worker does the
// tasks, those of nested workflows too. An execution that does not succeed is an
// [*ExecutionError]. When ctx is done the execution is aborted and the error is
// that of ctx.
//
// A Standard workflow follows Standard's rules, but does not outlive the process;
// use an [Engine] for that.
func (w *Workflow[In, Out]) Run(ctx context.Context, worker task.Worker, in In, opts ...Option) (Out, error) {
	var out Out
	m, err := w.Graph()
	if err != nil {
		return out, err
	}
	input, err := encode(in)
	if err != nil {
		return out, err
	}
	s := options(opts)
	r, err := express.Run(ctx, m, input, express.Options{
		Machines: w.machines,
		Handlers: worker.Handlers(), HTTP: s.http, Objects: s.objects, Clock: s.clock, Observe: s.observe, Name: s.name, Seed: s.seed,
		Machine: w.Definition.Name, Standard: w.Definition.Type != Express, DiscardHistory: true,
	})
	if err != nil {
		return out, err
	}
	if r.Status != Succeeded {
		return out, (&ExecutionError{Status: r.Status, Name: r.Error, Cause: r.Cause}).as(w.Errors)
	}
	return decode[Out](r.Output)
}

// compile makes the definitions executable, the first time.
func (w *Workflow[In, Out]) compile() error {
	w.once.Do(func() {
		w.machines = make(map[string]express.Machine)
		for _, d := range append([]Definition{w.Definition}, w.Nested...) {
			var m *graph.Machine
			if m, w.invalid = d.compile(); w.invalid != nil {
				return
			}
			w.machines[d.Name] = express.Machine{Graph: m, Standard: d.Type != Express}
		}
	})
	return w.invalid
}

// Input reads the input of an execution from JSON, strictly: the error, a
// [*flow.InputError], names each member that is missing, unknown, null or of
// another type, with its path and its Go type.
func (w *Workflow[In, Out]) Input(text []byte) (In, error) { return flow.Decode[In](text) }

// Graph returns the compiled definition, for what works on the machine itself,
// such as tests.
func (w *Workflow[In, Out]) Graph() (*graph.Machine, error) {
	if err := w.compile(); err != nil {
		return nil, err
	}
	return w.machines[w.Definition.Name].Graph, nil
}

// encode writes an execution's input. An In of json.RawMessage keeps its text.
func encode(in any) (*value.Doc, error) {
	text, ok := in.(json.RawMessage)
	if !ok {
		var err error
		if text, err = flow.Encode(in); err != nil {
			return nil, fmt.Errorf("runtime: the input cannot be written as JSON: %w", err)
		}
	}
	doc, err := value.ParseDoc(string(text))
	if err != nil {
		return nil, fmt.Errorf("runtime: the input is not JSON: %w", err)
	}
	return doc, nil
}

func decode[Out any](output *value.Doc) (Out, error) {
	var out Out
	if _, none := any(out).(flow.None); none {
		return out, nil
	}
	if err := json.Unmarshal([]byte(output.Text()), &out); err != nil {
		return out, fmt.Errorf("runtime: the output of the execution does not fit %T: %w", out, err)
	}
	return out, nil
}
