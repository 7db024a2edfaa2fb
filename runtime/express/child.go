package express

import (
	"errors"
	"fmt"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
)

// A Machine is a state machine that tasks may start executions of.
type Machine struct {
	Graph *graph.Machine
	// Standard says which rules its executions follow.
	Standard bool
}

// machine finds a machine by its name or ARN.
func (o *Options) machine(arn string) (name string, m Machine, ok bool) {
	name = arn
	if _, rest, found := strings.Cut(arn, ":stateMachine:"); found {
		name, _, _ = strings.Cut(rest, ":") // without version or alias
	}
	if m, ok = o.Machines[arn]; ok {
		return name, m, true
	}
	m, ok = o.Machines[name]
	return name, m, ok
}

// runChild runs the execution that a task asks for. A child that nobody waits
// for goes on when its parent ends.
func (a *attempt) runChild(want *invoke.Child) {
	x := a.x
	defer x.settle(false)
	if x.options.StartChild != nil && !want.Wait {
		a.startElsewhere(want)
		return
	}
	name, m, ok := x.options.machine(want.Machine)
	if !ok {
		a.report(notStarted(a.task.Task, "StateMachineDoesNotExist", fmt.Sprintf("State Machine Does Not Exist: '%s'", want.Machine)))
		return
	}
	o := x.options
	o.Name, o.Machine, o.Standard, o.Info, o.Seed = want.Name, name, m.Standard, interp.Info{}, [2]uint64{}
	o.Observe, o.DiscardHistory = nil, true
	child, err := New(m.Graph, o)
	if err != nil {
		panic("express: " + err.Error()) // Options.Machines has no nil graphs
	}
	response := invoke.ChildStarted(child.options.Info.ExecutionID, x.clock.Now())
	switch {
	case want.Wait, a.task.Token != "":
		a.report(&interp.TaskSubmitted{Task: a.task.Task, Output: response})
	default:
		a.report(&interp.TaskSucceeded{Task: a.task.Task, Output: response})
	}
	life := x.ctx
	if want.Wait {
		life = &a.ctx
		child.then = func() {
			a.report(invoke.ChildEnded(a.task.Task, a.task.Resource.Pattern, child.asChild(want)))
		}
	}
	child.Start(life, want.Input)
}

// startElsewhere leaves the start to somebody else.
func (a *attempt) startElsewhere(want *invoke.Child) {
	arn, err := a.x.options.StartChild(&a.ctx, want)
	var coded interface{ ErrorCode() string }
	switch {
	case errors.As(err, &coded):
		a.report(notStarted(a.task.Task, coded.ErrorCode(), err.Error()))
	case err != nil:
		a.report(notStarted(a.task.Task, "InternalError", err.Error()))
	default:
		a.report(&interp.TaskSucceeded{Task: a.task.Task, Output: invoke.ChildStarted(arn, a.x.clock.Now())})
	}
}

func notStarted(id interp.TaskID, code, message string) interp.Event {
	e := invoke.ChildFailed(code, message)
	return &interp.TaskFailed{Task: id, Error: &e.Name, Cause: &e.Cause}
}

// asChild tells the parent's task how the execution ended.
func (x *Execution) asChild(c *invoke.Child) *invoke.ChildResult {
	info, end := &x.options.Info, x.completion()
	return &invoke.ChildResult{
		ARN: info.ExecutionID, Name: info.ExecutionName, MachineARN: info.StateMachineID,
		Input: c.Input, Output: end.Output, Status: end.Status, Error: end.Error, Cause: end.Cause,
		Started: x.result.Started, Stopped: x.result.Stopped,
	}
}
