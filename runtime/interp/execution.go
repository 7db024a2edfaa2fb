package interp

import (
	"errors"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// Version is the version of the interpreter's behaviour. An execution keeps
// the version it was started with.
const Version = 1

// Errors of [Execution.Step]. The execution is unchanged when Step returns one.
var (
	// ErrNotPending refuses an event for a task or timer that is not waited
	// for: it was answered before, cancelled, or never existed.
	ErrNotPending = errors.New("interp: not pending")
	// ErrClosed refuses an event for an execution that has ended.
	ErrClosed = errors.New("interp: the execution has ended")
	// ErrNotStarted refuses an event before Started.
	ErrNotStarted = errors.New("interp: the execution has not been started")
	// ErrStarted refuses a second Started.
	ErrStarted = errors.New("interp: the execution has been started already")
)

// An Execution is the whole state of one execution of a machine. It is not
// safe for concurrent use. Make one with [New] or [Restore].
type Execution struct {
	machine *graph.Machine
	status  Status
}

// New returns an execution of m that has not been started. The machine is
// shared and never changed.
func New(m *graph.Machine) *Execution { return &Execution{machine: m} }

// Restore returns the execution that [Execution.MarshalBinary] wrote. The
// machine must be compiled from the same definition.
func Restore(m *graph.Machine, state []byte) (*Execution, error) { panic("not yet") }

// MarshalBinary writes the state of the execution between two steps.
func (x *Execution) MarshalBinary() ([]byte, error) { panic("not yet") }

// Status returns the state of the execution; it is empty before Started.
func (x *Execution) Status() Status { return x.status }

// Output is what one step produced, in order. The slices are valid until the
// next step of the same execution; what they point to stays.
type Output struct {
	Commands []Command
	Events   []history.Event
}

// Step takes in events that happened by the time now and advances the
// execution as far as it goes. Events that are handed in together are all
// recorded before anything follows from them, as AWS does for events of the
// same moment. An event that is out of place is refused with one of the errors
// of this package and changes nothing; events before it in the list count.
func (x *Execution) Step(now time.Time, events ...Event) (Output, error) { panic("not yet") }
