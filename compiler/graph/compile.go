package graph

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// Compile makes a definition executable. It reports what cannot run, and no
// more: [asl.Validate] says what AWS would refuse. The machine is nil when
// there are errors.
func Compile(m *asl.Machine) (*Machine, diag.List) {
	c := &compiler{language: m.Language(), machine: &Machine{}}
	c.machine.TimeoutSeconds, _ = m.TimeoutSeconds.Int()
	c.machine.Root = c.flow("", m, nil, 0)
	if c.list.HasErrors() {
		return nil, c.list
	}
	return c.machine, c.list
}

type compiler struct {
	language asl.QueryLanguage
	machine  *Machine
	list     diag.List
}

// A pointer is a JSON pointer into the definition.
type pointer string

var escaper = strings.NewReplacer("~", "~0", "/", "~1")

func (p pointer) key(name string) pointer { return p + "/" + pointer(escaper.Replace(name)) }

func (p pointer) item(i int) pointer { return p + pointer(itemSuffix(i)) }

// itemSuffix is how AWS writes the position in a list.
func itemSuffix(i int) string { return "[" + strconv.Itoa(i) + "]" }

func (c *compiler) report(code string, at pointer, format string, args ...any) {
	if at == "" {
		at = "/"
	}
	c.list = append(c.list, diag.Diagnostic{Code: code, Message: fmt.Sprintf(format, args...), Pointer: string(at)})
}

func (c *compiler) fail(at pointer, format string, args ...any) {
	c.report("SCHEMA_VALIDATION_FAILED", at, format, args...)
}

// scope is what the compilation of one flow needs to know.
type scope struct {
	flow   *Flow
	states map[string]State
}

// next resolves a transition. An empty name is the end.
func (c *compiler) next(at pointer, in *scope, name string) State {
	if name == "" {
		return nil
	}
	s, ok := in.states[name]
	if !ok {
		c.report("MISSING_TRANSITION_TARGET", at, "Missing 'Next' target: %s", name)
		return nil
	}
	return s
}

// flow compiles one "States" object. All its states exist before any of them
// is filled in, since they refer to each other.
func (c *compiler) flow(at pointer, m *asl.Machine, parent State, branch int) *Flow {
	f := &Flow{Index: len(c.machine.Flows), Parent: parent, Branch: branch}
	c.machine.Flows = append(c.machine.Flows, f)
	in := &scope{flow: f, states: make(map[string]State, len(m.States))}
	for _, s := range m.States {
		in.states[s.Common().Name] = c.shell(f, s)
	}
	if m.StartAt == "" || in.states[m.StartAt] == nil {
		c.report("MISSING_TRANSITION_TARGET", at.key("StartAt"), "Missing 'Next' target: %s", m.StartAt)
	}
	f.Start = in.states[m.StartAt]
	for _, s := range m.States {
		c.state(at.key("States").key(s.Common().Name), in, in.states[s.Common().Name], s)
	}
	return f
}

// shell makes a state with what it has in common with all others.
func (c *compiler) shell(f *Flow, s asl.State) State {
	var state State
	switch s.(type) {
	case *asl.Task:
		state = new(Task)
	case *asl.Pass:
		state = new(Pass)
	case *asl.Wait:
		state = new(Wait)
	case *asl.Choice:
		state = new(Choice)
	case *asl.Succeed:
		state = new(Succeed)
	case *asl.Fail:
		state = new(Fail)
	case *asl.Parallel:
		state = new(Parallel)
	case *asl.Map:
		state = new(Map)
	}
	common := s.Common()
	*state.Shared() = Base{
		Index:   len(c.machine.States),
		Name:    common.Name,
		Type:    s.Type(),
		JSONata: common.Language(c.language) == asl.JSONata,
		Flow:    f,
	}
	c.machine.States = append(c.machine.States, state)
	return state
}

func (c *compiler) state(at pointer, in *scope, state State, s asl.State) {
	c.common(at, in, state.Shared(), s.Common())
	switch s := s.(type) {
	case *asl.Task:
		c.task(at, in, state.(*Task), s)
	case *asl.Pass:
		c.pass(at, state.(*Pass), s)
	case *asl.Wait:
		c.wait(at, state.(*Wait), s)
	case *asl.Choice:
		c.choice(at, in, state.(*Choice), s)
	case *asl.Fail:
		c.failState(at, state.(*Fail), s)
	case *asl.Parallel:
		c.parallel(at, in, state.(*Parallel), s)
	case *asl.Map:
		c.mapState(at, in, state.(*Map), s)
	}
}

func (c *compiler) common(at pointer, in *scope, b *Base, s *asl.Base) {
	b.Next = c.next(at.key("Next"), in, s.Next)
	b.Assign = c.assign(at, s.Assign, b.JSONata)
	if b.JSONata {
		b.Output = c.query(at.key("Output"), "Output", s.Output)
		return
	}
	b.InputPath = c.path(at.key("InputPath"), s.InputPath)
	b.OutputPath = c.path(at.key("OutputPath"), s.OutputPath)
}

// firstOf returns the first value that is present.
func firstOf(values ...value.Value) value.Value {
	for _, v := range values {
		if !v.IsUndefined() {
			return v
		}
	}
	return value.Value{}
}
