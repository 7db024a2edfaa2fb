package dsl

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A Flow is where states are recorded: the body of a workflow, a branch, an arm,
// an iteration. A workflow function gets one, and so does each function nested
// in it; each must record on its own. A Flow is of no use after its function
// returned, and not safe for concurrent use.
type Flow struct {
	trace     *trace
	block     *spec.Block
	outer     *Flow
	out       *spec.Type // what Succeed gives here
	fence     bool       // the body of a workflow, branch or iteration: transitions do not leave it
	join      bool       // where a Parallel's value is made of its branches' results; it holds no states
	busy      int        // nested functions running
	iteration bool       // the body of a Map
	holds     string     // what transitions must not leave because a cleanup follows; "" for nothing
	closed    bool       // the function has returned
	group     string     // prefix of state names
}

// trace is one run of a workflow function.
type trace struct {
	w       *spec.Workflow
	current *Flow
	tasks   map[*contract]*spec.Task
	seen    map[string]bool // problems already recorded
	typed   map[reflect.Type]bool
	loops   int
	gets    int
}

func newTrace(name string, kind spec.Kind, pos spec.Pos) *trace {
	return &trace{
		w:     &spec.Workflow{Name: name, Kind: kind, Pos: pos, Body: &spec.Block{Pos: pos}},
		tasks: make(map[*contract]*spec.Task),
		seen:  make(map[string]bool),
		typed: make(map[reflect.Type]bool),
	}
}

// run traces the workflow function. Each nested function gives its result as a
// symbol or a struct of symbols.
func (t *trace) run(in, out reflect.Type, body func(*Flow, *spec.Expr) any) {
	t.w.Input, t.w.Output = t.typeOf(in, "the workflow's input", t.w.Pos), t.typeOf(out, "the workflow's output", t.w.Pos)
	if body == nil {
		t.nilBody(t.w.Pos)
		return
	}
	root := &Flow{trace: t, block: t.w.Body, out: t.w.Output, fence: true}
	input := root.source(spec.FromInput, t.w.Input, "input", t.w.Pos)
	root.fill(func(f *Flow) any { return body(f, ref(input)) }, "the workflow's result")
}

// fill runs the user's function for the flow's block.
func (f *Flow) fill(body func(*Flow) any, what string) {
	previous := f.trace.current
	f.trace.current = f
	defer func() {
		f.trace.current, f.closed = previous, true
		if r := recover(); r != nil {
			f.block.Ended = true
			f.trace.report(panicProblem(r, panicked()))
		}
	}()
	result := body(f)
	if !f.block.Ended {
		f.block.Result = f.use(exprOf(result, what, f.block.Pos), f.block.Pos)
	}
}

func panicProblem(r any, pos spec.Pos) spec.Problem {
	p := spec.Problem{
		Code: "PANIC", Message: fmt.Sprintf("the workflow function panicked: %v", r), Pos: pos,
		Fix: "the function runs at compile time with symbolic input; it must not fail",
	}
	if err, ok := r.(error); ok && errors.Is(err, errNotData) {
		p.Fix = "hand the value itself to the task that needs it"
	}
	return p
}

// nested runs a function of the user's in a flow within f.
func (f *Flow) nested(body func(*Flow) any, what string, pos spec.Pos, shape func(*Flow)) *spec.Block {
	g := &Flow{trace: f.trace, block: &spec.Block{Pos: pos}, outer: f, out: f.out, group: f.group}
	if shape != nil {
		shape(g)
	}
	if body == nil {
		f.trace.nilBody(pos)
		return g.block
	}
	f.busy++
	defer func() { f.busy-- }()
	g.fill(body, what)
	return g.block
}

func (t *trace) nilBody(pos spec.Pos) {
	t.report(spec.Problem{Code: "NIL_FUNCTION", Message: "the function is nil", Fix: "pass a function", Pos: pos})
}

// record appends a step to the flow, unless it has no business there.
func (f *Flow) record(step spec.Step) bool {
	head := step.Head()
	switch {
	case f.closed:
		f.trace.report(spec.Problem{
			Code: "FLOW_ESCAPES", Message: what(head) + " is recorded on a flow whose function has returned", Pos: head.Pos, Related: head.Stack,
			Fix: "use the *dsl.Flow that the running function was given",
		})
		return false
	case f.busy > 0:
		f.trace.report(spec.Problem{
			Code: "OUTER_FLOW", Message: what(head) + " is recorded on the flow of an enclosing function", Pos: head.Pos, Related: head.Stack,
			Fix: "use the *dsl.Flow that the innermost function was given; an expression (Select, Filter) cannot hold states",
		})
		return false
	case f.block.Ended:
		f.trace.report(spec.Problem{
			Code: "DEAD_CODE", Message: what(head) + " can never run: the flow has ended before it", Pos: head.Pos, Related: head.Stack,
			Fix: "remove it, or move what ends the flow into an If",
		})
		return false
	}
	f.block.Steps = append(f.block.Steps, step)
	return true
}

func what(head *spec.Header) string {
	if head.Name == "" {
		return "this"
	}
	return fmt.Sprintf("%q", head.Name)
}

// header begins the record of a state; skip no frames of the user's.
func (f *Flow) header(name string) spec.Header {
	stack := callers(4)
	h := spec.Header{Name: name}
	if name != "" && f.group != "" {
		h.Name = f.group + " - " + name
	}
	if len(stack) > 0 {
		h.Pos, h.Stack = stack[0], stack[1:]
	}
	if strings.Contains(name, mark) {
		f.trace.report(symbolInText("the state's name", h.Pos))
	}
	return h
}

func symbolInText(where string, pos spec.Pos) spec.Problem {
	return spec.Problem{
		Code: "SYMBOL_IN_TEXT", Message: where + " was made from a symbolic value, which is no text while the workflow is traced",
		Fix: "use dsl.Format for a text that holds run-time data", Pos: pos,
	}
}

// source makes a new value that belongs to the flow.
func (f *Flow) source(kind spec.SourceKind, t *spec.Type, name string, pos spec.Pos) *spec.Source {
	return &spec.Source{Kind: kind, Type: t, Name: name, Pos: pos, Owner: f}
}

// result makes the source of a state's result; nil when there is none.
func (f *Flow) result(kind spec.SourceKind, t *spec.Type, head spec.Header) *spec.Source {
	if t.Kind == spec.None {
		return nil
	}
	return f.source(kind, t, head.Name, head.Pos)
}

func ref(s *spec.Source) *spec.Expr {
	if s == nil {
		return nil
	}
	return &spec.Expr{Op: spec.OpRef, Type: s.Type, Source: s, Pos: s.Pos}
}

// use checks an expression that is used in the flow, and returns it. pos is the
// place of the use, for expressions that have none of their own.
func (f *Flow) use(e *spec.Expr, pos spec.Pos) *spec.Expr {
	e.Walk(func(e *spec.Expr) bool {
		if e.Problem != nil {
			f.trace.report(*e.Problem)
		}
		if e.Op == spec.OpRef {
			f.visible(e, pos)
		}
		return true
	})
	return e
}

// visible reports a value used where it does not exist.
func (f *Flow) visible(e *spec.Expr, pos spec.Pos) {
	if e.Source.Kind == spec.FromParam {
		return // the compiler checks parameters against their lambdas
	}
	for g := f; g != nil; g = g.outer {
		if g == e.Source.Owner {
			return
		}
	}
	owner, _ := e.Source.Owner.(*Flow)
	message := fmt.Sprintf("the value of %q is used outside the function that it belongs to", e.Source.Name)
	fix := "return it from that function (the value of a Switch, Try, Repeat, Branch or Map), or keep it in a dsl.Var"
	if owner == nil || owner.trace != f.trace {
		message = fmt.Sprintf("the value of %q belongs to another workflow", e.Source.Name)
		fix = "give each workflow what it needs as its input"
	}
	if e.Source.Kind == spec.FromToken {
		fix = "put the token into the task's input in that function"
	}
	if e.Pos != e.Source.Pos {
		pos = e.Pos
	}
	f.trace.report(spec.Problem{
		Code: "OUT_OF_SCOPE", Message: message, Pos: pos, Related: []spec.Pos{e.Source.Pos},
		Fix: fix,
	})
}

func (t *trace) report(p spec.Problem) {
	key := p.Code + "|" + p.Pos.String() + "|" + p.Message
	if t.seen[key] {
		return
	}
	t.seen[key] = true
	t.w.Problems = append(t.w.Problems, p)
}

// typeOf describes a Go type that crosses a border of the workflow, and reports
// what a workflow cannot have.
func (t *trace) typeOf(goType reflect.Type, what string, pos spec.Pos) *spec.Type {
	s := shapeFor(goType)
	if !t.typed[goType] {
		t.typed[goType] = true
		for _, f := range s.faults {
			name := goType.String()
			if f.where != "" {
				name += "." + f.where
			}
			t.report(spec.Problem{
				Code: "BAD_TYPE", Message: fmt.Sprintf("%s cannot be in %s: %s", name, what, f.why), Fix: f.fix, Pos: pos,
			})
		}
	}
	return s.typ
}

// finish numbers what the trace made and fills the workflow's tables.
func (t *trace) finish() *spec.Workflow {
	n := numberer{w: t.w, types: make(map[*spec.Type]bool), sources: make(map[*spec.Source]bool), tasks: make(map[*spec.Task]bool)}
	n.typ(t.w.Input)
	n.typ(t.w.Output)
	n.block(t.w.Body)
	return t.w
}
