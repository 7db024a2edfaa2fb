package runtime

import (
	"context"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A Machine is a deployed machine, or a version of one.
type Machine struct {
	ARN, Name   string
	Type        Type
	Definition  string
	Description string // of a version
	Created     time.Time
	Updated     time.Time // zero if it never was
}

// Deploy creates a machine, or updates it when the definition is another, and
// takes up the executions that were running when the store was last closed.
// Executions keep the definition that they were started with; handlers are always
// the latest that were deployed for the machine.
func (e *Engine) Deploy(ctx context.Context, d Definition, handlers task.Handlers) (*Machine, error) {
	if d.Type == "" {
		d.Type = Standard
	}
	m, err := e.standard.Deploy(ctx, d.Name, string(d.Type), d.ASL, handlers)
	if err != nil {
		return nil, err
	}
	if d.Type == Express && !e.o.Passive {
		if err := e.resume(ctx, m.ARN); err != nil {
			return nil, err
		}
	}
	return asMachine(m), nil
}

func asMachine(m *standard.Machine) *Machine {
	return &Machine{
		ARN: m.ARN, Name: m.Name, Type: Type(m.Type), Definition: m.Definition, Description: m.Description, Created: m.Created, Updated: m.Updated,
	}
}

// Machines returns the machines of the store by name.
func (e *Engine) Machines(ctx context.Context) ([]*Machine, error) {
	stored, err := e.standard.Machines(ctx)
	if err != nil {
		return nil, err
	}
	machines := make([]*Machine, len(stored))
	for i, m := range stored {
		machines[i] = asMachine(m)
	}
	return machines, nil
}

// DescribeMachine tells about a machine, given by its name or ARN, or about a
// version of one, given by the version's ARN.
func (e *Engine) DescribeMachine(ctx context.Context, machine string) (*Machine, error) {
	m, err := e.standard.DescribeMachine(ctx, machine)
	if err != nil {
		return nil, err
	}
	return asMachine(m), nil
}
