package express

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Options says how to run an execution. The zero Options run an Express
// execution in real time, without any handler.
type Options struct {
	// Handlers answer the tasks. See [task.Handlers] for how they are found.
	Handlers task.Handlers
	// HTTP does http:invoke tasks that have no handler; nil refuses them.
	HTTP *invoke.HTTP
	// Machines are what states:startExecution can start, by name or ARN. Their
	// executions run in memory too, with the same handlers and clock.
	Machines map[string]Machine
	// StartChild starts what tasks want started and do not wait for, in place of
	// Machines, and returns its ARN; nil leaves that to Machines.
	StartChild func(ctx context.Context, c *invoke.Child) (arn string, err error)
	// Objects is where distributed Map states read items and write results; nil
	// fails those that do. Their child executions run in memory too.
	Objects objects.Store
	// Activity tells whether the activity with this ARN exists; nil means that
	// all do.
	Activity func(arn string) bool
	// Clock keeps the time; nil is the real one. With [NewVirtualClock] a
	// Wait of a year takes no time.
	Clock Clock
	// Observe is called for every history event, in order and one at a time, by
	// whichever goroutine brought what led to it. It should return soon.
	Observe func(history.Event)
	// Hook is like Observe and is told the execution's ARN too.
	Hook func(executionARN string, e history.Event)
	// Standard applies the rules of Standard executions: up to a year, at most
	// 25,000 events, and the integrations that wait.
	Standard bool
	// Hands run the execution and call the handlers; nil starts a goroutine for
	// each.
	Hands *invoke.Hands
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

// fill completes what was left open.
func (o *Options) fill() {
	if o.Clock == nil {
		o.Clock = clock.Real()
	}
	if o.Seed == [2]uint64{} {
		o.Seed = [2]uint64{rand.Uint64(), rand.Uint64()}
	}
	i := &o.Info
	fallback(&i.StateMachine, o.Machine, "workflow")
	fallback(&i.ExecutionName, o.Name)
	var random rand.PCG
	random.Seed(o.Seed[0], o.Seed[1])
	if i.ExecutionName == "" {
		i.ExecutionName = uuid(&random)
	}
	fallback(&i.Region, "us-east-1")
	fallback(&i.RoleARN, role)
	if i.StateMachineID == "" {
		i.StateMachineID = "arn:aws:states:" + i.Region + ":" + account + ":stateMachine:" + i.StateMachine
	}
	if i.ExecutionID != "" {
		return
	}
	home, _, _ := strings.Cut(i.StateMachineID, ":stateMachine:")
	if o.Standard {
		i.ExecutionID = home + ":execution:" + i.StateMachine + ":" + i.ExecutionName
		return
	}
	i.ExecutionID = home + ":express:" + i.StateMachine + ":" + i.ExecutionName + ":" + uuid(&random)
}

// The account in ARNs of executions that know no other, and their role.
const (
	account = "123456789012"
	role    = "arn:aws:iam::" + account + ":role/stepsmith"
)

func fallback(field *string, values ...string) {
	for _, v := range values {
		if *field == "" {
			*field = v
		}
	}
}

func uuid(r *rand.PCG) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], r.Uint64())
	binary.BigEndian.PutUint64(b[8:], r.Uint64())
	return invoke.UUID(b[:], 4)
}

func (o *Options) limits() interp.Limits {
	if o.Standard {
		return interp.StandardLimits()
	}
	return interp.ExpressLimits()
}
