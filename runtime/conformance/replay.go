package conformance

import (
	"fmt"
	"slices"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/replay"
)

// epoch is when replayed executions start.
var epoch = time.Date(2024, 2, 29, 12, 0, 0, 123e6, time.UTC)

// Run executes the case's definition with the outcomes that were recorded.
// Between two steps the execution passes through change, if that is not nil:
// tests write it out and read it back there.
func (c *Case) Run(change func(*graph.Machine, *interp.Execution) (*interp.Execution, error)) (*replay.Execution, error) {
	return c.run(replay.Outcomes(c.history()), change)
}

func (c *Case) run(results []*replay.Outcome, change func(*graph.Machine, *interp.Execution) (*interp.Execution, error)) (*replay.Execution, error) {
	m, err := c.compile()
	if err != nil {
		return nil, err
	}
	input, err := value.ParseDoc(c.Input)
	if err != nil {
		return nil, fmt.Errorf("the input: %w", err)
	}
	w := &replay.World{Outcomes: results, Change: change, Now: epoch, Objects: c.objects}
	w.Stop, w.StopAfter = c.stopped()
	if c.history() == nil || hasChildren(m) {
		w.Imitate = c.imitate
	}
	return w.Run(m, c.start(input))
}

// stopped tells how the recorded execution was aborted, and after how many
// events.
func (c *Case) stopped() (*interp.Stopped, int) {
	events := c.history()
	if len(events) == 0 || text(events[len(events)-1], "type") != string(history.ExecutionAborted) {
		return nil, 0
	}
	d := events[len(events)-1].Get("executionAbortedEventDetails")
	return &interp.Stopped{Error: replay.Text(d.Get("error")), Cause: replay.Text(d.Get("cause"))}, len(events) - 1
}

// hasChildren reports whether some of the work is done in executions whose
// histories were not recorded.
func hasChildren(m *graph.Machine) bool {
	return slices.ContainsFunc(m.States, func(s graph.State) bool {
		each, ok := s.(*graph.Map)
		return ok && each.Distributed != nil
	})
}

func (c *Case) compile() (*graph.Machine, error) {
	document, list := asl.Decode([]byte(c.Definition), "definition.asl.json")
	if err := list.Err(); err != nil {
		return nil, fmt.Errorf("the definition is refused: %w", err)
	}
	m, list := graph.Compile(&document.Machine)
	if err := list.Err(); err != nil {
		return nil, fmt.Errorf("the definition is refused: %w", err)
	}
	return m, nil
}

func (c *Case) start(input *value.Doc) *interp.Started {
	s := &interp.Started{
		Input: input, Limits: interp.StandardLimits(), Seed: [2]uint64{1, 2},
		Info: interp.Info{
			ExecutionID: text(c.names, "execution_arn"), ExecutionName: text(c.names, "execution_name"),
			RoleARN: text(c.names, "role_arn"), StateMachineID: text(c.names, "state_machine_arn"),
			StateMachine: text(c.names, "state_machine_name"), HideRedriveCount: c.Kind == KindExpressSync,
		},
	}
	if c.Express {
		s.Limits = interp.ExpressLimits()
	}
	return s
}

// unsupported returns why a case cannot be run, empty when it can.
func (c *Case) unsupported() string {
	switch c.Kind {
	case KindExecution, KindChoice, KindExpressSync, KindExpressAsync:
	default:
		return "unsupported: cases of kind " + c.Kind
	}
	if c.Kind != KindChoice && c.history() == nil && c.response().IsUndefined() && c.logged() == nil {
		return "unsupported: no history and no result was recorded"
	}
	return ""
}
