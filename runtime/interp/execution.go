package interp

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// Version is the version of the interpreter's behaviour. An execution keeps
// the version it was started with.
const Version = 1

// An Execution is the whole state of one execution of a machine. It is not
// safe for concurrent use. Make one with [New] or [Restore].
type Execution struct {
	machine *graph.Machine
	version int
	status  Status

	input     *value.Doc
	info      Info
	limits    Limits
	startedAt time.Time
	// redrivenAt is the time of the last redrive; zero if there was none.
	redrivenAt time.Time
	random     source

	lastEvent int64 // id of the last history event
	serial    int64 // last id of a timer or a lookup
	variables int64 // bytes of all stored variables

	root  thread
	ready queue   // threads that can go on
	live  waiting // threads that wait, by what they wait for

	now time.Time // the latest time that a step was given

	// Below is scratch that needs no place in the stored state.
	out       Output
	memo      *contextMemo // nil until it is first asked for
	env       graph.Env
	slabs     *slabs    // nil as long as there are no events
	discard   bool      // nobody wants the events
	burn      int       // transitions left in this step
	current   *thread   // whose expressions are evaluated
	selecting *item     // the item of the ItemSelector that is evaluated
	visit     *visiting // nil in executions
}

// New returns an execution of m that has not been started. The machine is
// shared and never changed.
func New(m *graph.Machine) *Execution {
	x := &Execution{machine: m, version: Version}
	x.env.From((*surroundings)(x))
	return x
}

// Status returns the state of the execution; it is empty before Started.
func (x *Execution) Status() Status { return x.status }

// Events returns how many history events the execution has recorded.
func (x *Execution) Events() int64 { return x.lastEvent }

// DiscardEvents says that nobody wants the history: from now on the events are
// counted but not made, and [Output] has none.
func (x *Execution) DiscardEvents() { x.discard = true }

// Output is what one step produced, in order. The slices are valid until the
// next step of the same execution; what they point to stays.
type Output struct {
	Commands []Command
	Events   []history.Event
}

func (x *Execution) running() bool { return x.status == Running }

// command adds a command, unless the execution has ended.
func (x *Execution) command(c Command) {
	if x.running() {
		if x.out.Commands == nil {
			x.out.Commands = make([]Command, 0, 4)
		}
		x.out.Commands = append(x.out.Commands, c)
	}
}

// emit records an event of the execution with the given predecessor and
// returns its id. It returns 0 when the execution has ended or when there is
// room for its last event only, which is then ExecutionFailed.
func (x *Execution) emit(previous int64, typ history.Type, state string, d history.Details) int64 {
	if !x.running() {
		return 0
	}
	if x.limits.Events > 0 && x.lastEvent+1 >= x.limits.Events && !typ.Terminal() {
		x.exhaust()
		return 0
	}
	x.lastEvent++
	if x.discard {
		return x.lastEvent
	}
	if x.out.Events == nil {
		x.out.Events = make([]history.Event, 0, 8)
	}
	x.out.Events = append(x.out.Events, history.Event{
		ID: x.lastEvent, PreviousID: previous, Time: x.now, Type: typ, State: state, Details: d,
	})
	return x.lastEvent
}
