// Package wftest tests workflows: an execution runs in memory and in virtual
// time, its tasks answer what the test says, and the test sees what was called
// and which states were visited.
//
//	flow := wftest.New(t, ordersflow.Fulfil)
//	flow.Task("check-stock").Returns(Stock{Available: 3})
//	charge := flow.Task("charge").Fails("Throttled", "busy").Returns(Receipt{Number: "R-1"})
//	run := flow.Run(Order{ID: "O-1"})
//	shipment := run.Succeeded()
//	run.Visited("Run checks", "charge")
//	run.Took(2 * time.Second) // the retry waited, in no time
//
// A check that fails shows the course of the execution.
//
// Executions run once here. Whether tasks can bear to run twice, as those of an
// asynchronous Express execution may, is seen with an engine and [runtime.Twice].
package wftest

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/flow"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A Flow is a workflow under test. Make one with [New]. It may run any number of
// executions, one after another.
type Flow[In, Out any] struct {
	t        testing.TB
	workflow *runtime.Workflow[In, Out]
	machine  *graph.Machine
	tasks    map[string]*Task
	handlers task.Handlers
	machines map[string]express.Machine
	objects  objects.Store
	start    time.Time
	answers  answers
}

// Start is the virtual time at which executions begin, unless [Flow.At] says
// otherwise.
var Start = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// New prepares a workflow to be tested. A definition that cannot be run ends the
// test.
func New[In, Out any](t testing.TB, w *runtime.Workflow[In, Out]) *Flow[In, Out] {
	t.Helper()
	m, err := w.Graph()
	if err != nil {
		t.Fatal(err)
	}
	f := &Flow[In, Out]{
		t: t, workflow: w, machine: m, start: Start,
		tasks: make(map[string]*Task), handlers: make(task.Handlers),
		machines: map[string]express.Machine{w.Definition.Name: {Graph: m, Standard: w.Definition.Type != runtime.Express}},
	}
	for _, nested := range w.Nested {
		f.Child(nested)
	}
	return f
}

// Definition prepares a definition in ASL. Inputs and outputs are JSON.
func Definition(t testing.TB, asl string) *Flow[json.RawMessage, json.RawMessage] {
	t.Helper()
	return New(t, &runtime.Workflow[json.RawMessage, json.RawMessage]{Definition: runtime.Definition{Name: "workflow", ASL: asl}})
}

// At has executions begin at another time.
func (f *Flow[In, Out]) At(start time.Time) *Flow[In, Out] {
	f.start = start
	return f
}

// Task returns the script of the task with this name: of a Lambda function, an
// activity, a state or a resource; see [task.Handlers].
func (f *Flow[In, Out]) Task(name string) *Task {
	script := f.tasks[name]
	if script == nil {
		script = &Task{t: f.t, name: name, answers: &f.answers}
		f.tasks[name] = script
		f.handlers[name] = script
	}
	return script
}

// Handle has a task done by a handler, such as the real one.
func (f *Flow[In, Out]) Handle(name string, h task.Handler) *Flow[In, Out] {
	f.handlers[name] = h
	return f
}

// HandleAll has tasks done by a worker: real handlers, or the Stub of generated
// code. Scripts made with [Flow.Task] come first. What the handler of a task that
// waits for its token returns is sent with the token.
func (f *Flow[In, Out]) HandleAll(w task.Worker) *Flow[In, Out] {
	for name, handler := range w.Handlers() {
		if f.tasks[name] == nil {
			f.handlers[name] = f.answering(handler)
		}
	}
	return f
}

// answering sends what the handler of a task that waits for its token returns.
func (f *Flow[In, Out]) answering(h task.Handler) task.Handler {
	return task.HandlerFunc(func(ctx context.Context, input json.RawMessage) (json.RawMessage, error) {
		output, err := h.Handle(ctx, input)
		if d := task.Info(ctx); strings.HasSuffix(d.Resource, ".waitForTaskToken") {
			return json.RawMessage("null"), f.answers.send(d.Token, output, err)
		}
		return output, err
	})
}

// Child makes a machine known that the workflow starts executions of, where the
// workflow itself does not know it. They use the same handlers and scripts.
func (f *Flow[In, Out]) Child(d runtime.Definition) *Flow[In, Out] {
	f.t.Helper()
	m, err := (&runtime.Workflow[any, any]{Definition: d}).Graph()
	if err != nil {
		f.t.Fatal(err)
	}
	f.machines[d.Name] = express.Machine{Graph: m, Standard: d.Type != runtime.Express}
	return f
}

// Objects is where distributed Map states read items and write results, for
// example an [objects.Memory] that the test fills.
func (f *Flow[In, Out]) Objects(store objects.Store) *Flow[In, Out] {
	f.objects = store
	return f
}

// patience is how long an execution may take in real time.
const patience = 30 * time.Second

// Run executes the workflow on an input and returns when it has ended, however
// it ended. It ends the test when the execution cannot end: because a handler
// does not return, or nobody answers a token.
func (f *Flow[In, Out]) Run(in In) *Run[Out] {
	f.t.Helper()
	input, err := flow.Encode(in)
	if err != nil {
		f.t.Fatalf("the input cannot be written as JSON: %v", err)
	}
	doc, err := value.ParseDoc(string(input))
	if err != nil {
		f.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(f.t.Context()), patience)
	defer cancel()
	d := f.workflow.Definition
	f.answers.begin()
	x, err := express.Start(ctx, f.machine, doc, express.Options{
		Handlers: f.handlers, Machines: f.machines, Objects: f.objects, Clock: clock.NewVirtual(f.start),
		Machine: d.Name, Name: "test", Seed: [2]uint64{1, 1}, Standard: d.Type != runtime.Express,
	})
	if err != nil {
		f.t.Fatal(err)
	}
	f.answers.running(x)
	result, err := x.Wait(context.Background())
	run := &Run[Out]{t: f.t, Result: result}
	if err != nil {
		f.t.Fatalf("the execution has not ended after %v: does a handler not return, or does nobody answer a task token?\n%s", patience, run.course())
	}
	return run
}
