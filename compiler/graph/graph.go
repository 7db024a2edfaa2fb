// Package graph is the executable form of a state machine: every expression
// compiled, every transition resolved to the state it leads to, every literal
// parsed. A [Machine] is immutable and may run any number of executions at the
// same time.
package graph

import "github.com/stepsmith-dev/stepsmith/compiler/asl"

// A Machine is a compiled state machine.
type Machine struct {
	// Root is the flow of the execution itself.
	Root *Flow
	// TimeoutSeconds bounds the execution; 0 when the definition has no limit.
	TimeoutSeconds int64
	// Flows and States list everything in the machine, nested parts included.
	// Flow.Index and Base.Index are positions in these lists; they depend on
	// nothing but the definition and may be stored.
	Flows  []*Flow
	States []State
}

// A Flow is one "States" object with its start: the machine itself, a branch
// of a Parallel state or the processor of a Map state. It is the scope of the
// variables that its states assign.
type Flow struct {
	Index int
	Start State
	// Parent is the Parallel or Map state that contains the flow; nil for the
	// root.
	Parent State
	// Branch is the position among the branches of a Parallel parent.
	Branch int
}

// State is one compiled state: *Task, *Pass, *Wait, *Choice, *Succeed, *Fail,
// *Parallel or *Map.
type State interface {
	// Shared returns what all types of states have.
	Shared() *Base
	sealed()
}

// Base is what all types of states have.
type Base struct {
	// Index is the position in Machine.States.
	Index int
	Name  string
	Type  asl.Type
	// JSONata tells the query language of the state. Fields of the other
	// language are nil.
	JSONata bool
	// Flow is the flow that the state stands in.
	Flow *Flow
	// Next is nil where the state ends its flow, and in Choice, Succeed and
	// Fail states.
	Next State
	// InputPath and OutputPath belong to JSONPath; nil means the whole.
	InputPath, OutputPath *Path
	// Output belongs to JSONata; nil means the state's result or input.
	Output *Payload
	// Assign is nil when the state assigns nothing.
	Assign *Assign
}

// Shared returns b itself; it makes every state a [State].
func (b *Base) Shared() *Base { return b }

func (b *Base) sealed() {}
