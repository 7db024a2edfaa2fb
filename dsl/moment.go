package dsl

import (
	"reflect"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// Now is the time at this place of the workflow, taken once, in UTC with
// milliseconds.
//
//go:noinline
func Now(f *Flow) Time {
	return Time{e: f.bind(spec.OpNow, "now", typeFor(goType[Time]()))}
}

// UUID is a new random identifier, made once.
//
//go:noinline
func UUID(f *Flow) String {
	return String{e: f.bind(spec.OpUUID, "uuid", typeFor(goType[String]()))}
}

// Random is a random number from 0 up to, not including, 1, drawn once.
//
//go:noinline
func Random(f *Flow) Float {
	return Float{e: f.bind(spec.OpRandom, "random", typeFor(goType[Float]()))}
}

// bind takes a value that would be another one at the next evaluation.
func (f *Flow) bind(op spec.Op, name string, t *spec.Type) *spec.Expr {
	b := &spec.Bind{Header: f.header("")}
	b.Value = &spec.Expr{Op: op, Type: t, Pos: b.Pos}
	b.Result = f.source(spec.FromMoment, t, name, b.Pos)
	f.record(b)
	return ref(b.Result)
}

// Info is what a workflow knows of the execution that it runs in.
type Info struct {
	ID        String // the execution's ARN
	Name      String
	StartTime Time
}

// RetryCount is how often the task that gets it in its input was tried again: 0
// at its first attempt. Nothing else than a task's input can have it.
//
//go:noinline
func RetryCount(f *Flow) Int {
	return Int{e: f.context(goType[Int](), "State", "RetryCount")}
}

// ItemIndex is the position of the iteration's item in the list of the [Map]
// around, from 0.
//
//go:noinline
func ItemIndex(f *Flow) Int {
	e := f.context(goType[Int](), "Map", "Item", "Index")
	for g := f; g != nil; g = g.outer {
		if g.iteration {
			return Int{e: e}
		}
	}
	e.Problem = &spec.Problem{
		Code: "CROSSES_BORDER", Message: "ItemIndex is used outside an iteration", Pos: e.Pos, Fix: "use it in the function given to dsl.Map",
	}
	return Int{e: e}
}

// StateMachine tells about the state machine that is running.
//
//go:noinline
func StateMachine(f *Flow) Machine {
	return Machine{
		ID:   String{e: f.context(goType[String](), "StateMachine", "Id")},
		Name: String{e: f.context(goType[String](), "StateMachine", "Name")},
	}
}

// A Machine is a deployed workflow.
type Machine struct {
	ID   String // its ARN
	Name String
}

func (f *Flow) context(t reflect.Type, path ...string) *spec.Expr {
	return &spec.Expr{Op: spec.OpContext, Type: typeFor(t), Names: path, Pos: here()}
}

// Execution tells about the running execution.
//
//go:noinline
func Execution(f *Flow) Info {
	pos := here()
	member := func(name string, t *spec.Type) *spec.Expr {
		return &spec.Expr{Op: spec.OpExecution, Type: t, Names: []string{name}, Pos: pos}
	}
	text := typeFor(goType[String]())
	return Info{
		ID:        String{e: member("Id", text)},
		Name:      String{e: member("Name", text)},
		StartTime: Time{e: member("StartTime", typeFor(goType[Time]()))},
	}
}
