package express

import (
	"context"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Options says how to run an execution. The zero Options run an Express
// execution in real time, without any handler.
type Options struct {
	// Handlers answer the tasks. See [task.Handlers] for how they are found.
	Handlers task.Handlers
	// Clock keeps the time; nil is the real one. With [NewVirtualClock] a
	// Wait of a year takes no time.
	Clock Clock
	// Observe is called for every history event, in order, from the goroutine
	// that called Run. It should return soon.
	Observe func(history.Event)
	// Standard applies the rules of Standard executions: up to a year, at most
	// 25,000 events, and the integrations that wait.
	Standard bool
	// DiscardHistory leaves Result.History empty.
	DiscardHistory bool

	// Name is the name of the execution; empty draws one from Seed.
	Name string
	// Machine is the name of the state machine; empty is "workflow".
	Machine string
	// Info overrides what the context object tells, field by field where it is
	// set. Names and ARNs that are left empty are made up from Name and
	// Machine with AWS's placeholder account.
	Info interp.Info
	// Seed feeds everything random in the execution. Zero draws one from the
	// system's randomness, so that two runs differ.
	Seed [2]uint64
}

// Result is how an execution ended.
type Result struct {
	Status interp.Status
	// Output is the result of a succeeded execution, else nil.
	Output *value.Doc
	// Error and Cause say why an execution did not succeed. Both may be empty.
	Error, Cause string
	// History holds every event, unless Options.DiscardHistory was set.
	History []history.Event
	// Started and Stopped are by the clock of the execution.
	Started, Stopped time.Time
}

// Run executes a machine on input (nil means {}) and returns when it has
// ended, however it ended: a failed execution is a Result, not an error. The
// error is about running it at all.
//
// When ctx is done the execution is stopped (ABORTED), running handlers get
// their context cancelled, and Run returns the result together with the
// context's error.
func Run(ctx context.Context, m *graph.Machine, input *value.Doc, o Options) (*Result, error) {
	panic("not yet")
}
