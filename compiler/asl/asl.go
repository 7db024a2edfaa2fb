// Package asl is the Amazon States Language as a Go data model: [Decode] reads
// a definition with the position of everything in it, [Machine.Encode] writes
// one as an expert would, and [Validate] says of it what AWS would say, and
// more.
//
// Fields that may hold a literal, a path, a JSONata string, a placeholder or
// null are of type [value.Value]: Undefined is a field that is absent, which is
// not the same as one that is null.
//
// Spec: https://states-language.net/spec.html
package asl

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A QueryLanguage is the language of a state's expressions. The zero value
// means that the field is absent: the machine's language then holds, and at the
// machine [JSONPath].
type QueryLanguage string

// The two query languages.
const (
	JSONPath QueryLanguage = "JSONPath"
	JSONata  QueryLanguage = "JSONata"
)

// A Machine is one flow of states: a whole definition, a branch of a Parallel
// state or the processor of a Map state.
type Machine struct {
	Comment string
	// QueryLanguage, Version and TimeoutSeconds belong to a whole definition;
	// branches and processors have none of their own.
	QueryLanguage  QueryLanguage
	Version        string
	TimeoutSeconds value.Value
	// ProcessorConfig belongs to the processor of a Map state; nil is absent.
	ProcessorConfig *ProcessorConfig
	StartAt         string
	// States are in the order of the document. Their names are unique in a
	// Machine that is valid; Decode keeps the last of equal names.
	States []State
}

// State returns the state of the given name among the machine's own, without
// those nested in it, or nil. It takes time linear in the number of states.
func (m *Machine) State(name string) State {
	for _, s := range m.States {
		if s.Common().Name == name {
			return s
		}
	}
	return nil
}

// Language returns the query language of the machine with the default filled in.
func (m *Machine) Language() QueryLanguage {
	if m.QueryLanguage == "" {
		return JSONPath
	}
	return m.QueryLanguage
}

// A Type is the value of a state's "Type" field.
type Type string

// The eight types of states.
const (
	TypeTask     Type = "Task"
	TypePass     Type = "Pass"
	TypeWait     Type = "Wait"
	TypeChoice   Type = "Choice"
	TypeSucceed  Type = "Succeed"
	TypeFail     Type = "Fail"
	TypeParallel Type = "Parallel"
	TypeMap      Type = "Map"
)

// A State is *Task, *Pass, *Wait, *Choice, *Succeed, *Fail, *Parallel or *Map.
type State interface {
	// Type returns the value of the "Type" field.
	Type() Type
	// Common returns the fields that several types have, never nil.
	Common() *Base
	// Flows returns the flows nested in the state: the branches of a Parallel
	// state, the processor of a Map state. Other types have none.
	Flows() []*Machine
	sealed()
}

// Base holds the fields that several types of states have. Which type has
// which is the spec's table of fields; a field that the type does not have is
// left zero and not encoded.
type Base struct {
	// Name is the key of the state in "States".
	Name    string
	Comment string
	// QueryLanguage is empty when the state says nothing. See
	// [Base.Language].
	QueryLanguage QueryLanguage
	// Next is the name of the state that follows, empty where End is set and in
	// Choice, Succeed and Fail.
	Next string
	End  bool
	// InputPath and OutputPath belong to JSONPath. Null is the empty object.
	InputPath, OutputPath value.Value
	// Output belongs to JSONata.
	Output value.Value
	// Assign is an object of new values for variables. Succeed and Fail have
	// none.
	Assign value.Value
}

// Common returns b itself; it makes every state that embeds a Base a [State].
func (b *Base) Common() *Base { return b }

// Language returns the query language of the state in a definition whose
// top level has the language machine. The language of an enclosing Parallel or
// Map state plays no part.
func (b *Base) Language(machine QueryLanguage) QueryLanguage {
	switch {
	case b.QueryLanguage != "":
		return b.QueryLanguage
	case machine != "":
		return machine
	}
	return JSONPath
}

// Flows returns nil: most types of states hold no flows.
func (b *Base) Flows() []*Machine { return nil }

func (b *Base) sealed() {}

func (*Machine) fields() []field[Machine] {
	return []field[Machine]{
		{"Comment", both, func(m *Machine) any { return &m.Comment }, text},
		{"QueryLanguage", both, func(m *Machine) any { return &m.QueryLanguage }, oneOf("JSONPath", "JSONata")},
		{"Version", both, func(m *Machine) any { return &m.Version }, oneOf("1.0")},
		{"TimeoutSeconds", both, func(m *Machine) any { return &m.TimeoutSeconds }, machineSeconds},
		{"ProcessorConfig", both, func(m *Machine) any { return &m.ProcessorConfig }, processorConfig},
		{"StartAt", both, func(m *Machine) any { return &m.StartAt }, next},
		{"States", both, func(m *Machine) any { return &m.States }, states},
	}
}
