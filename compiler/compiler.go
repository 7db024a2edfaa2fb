// Package compiler turns the record of a traced workflow into an Amazon States
// Language definition. It runs the phases one after the other: check, lower,
// encode, validate.
package compiler

import (
	"fmt"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/check"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/lower"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A Program is a compiled workflow.
type Program struct {
	// ASL is the definition as JSON, with a line end behind it.
	ASL []byte
	// SourceMap tells where the definition came from.
	SourceMap *SourceMap

	machine *asl.Machine
}

// Compile compiles a workflow. The list holds everything that was found, sorted
// by position; when there is an error among it, the Program is nil.
func Compile(w *spec.Workflow) (*Program, diag.List) {
	list := check.Workflow(w)
	if list.HasErrors() {
		return nil, list
	}
	result, found := lower.Machine(w)
	list = append(list, found...)
	if list.HasErrors() {
		list.Sort()
		return nil, list
	}
	p := &Program{machine: result.Machine, ASL: result.Machine.Encode()}
	p.SourceMap = newSourceMap(w, result.Positions)
	list = append(list, p.validate(w)...)
	list.Sort()
	if list.HasErrors() {
		return nil, list
	}
	return p, list
}

// validate has our own output judged as AWS would judge it. An error there is
// ours, not the user's. Warnings and hints are about how a definition is
// written, which is not the user's doing either.
func (p *Program) validate(w *spec.Workflow) diag.List {
	document, list := asl.Decode(p.ASL, "")
	if document != nil && !list.HasErrors() {
		list = append(list, asl.Validate(document, asl.Options{Type: asl.MachineType(w.Kind)})...)
	}
	var internal diag.List
	for _, d := range list.Only(diag.Error) {
		internal = append(internal, diag.Diagnostic{
			Code: "INTERNAL", Pos: position(w.Pos), Pointer: d.Pointer,
			Message: fmt.Sprintf("the definition made from %q is not valid at %s: %s [%s]", w.Name, d.Pointer, d.Message, d.Code),
			Fix:     "this is a fault of Stepsmith: please report it with the workflow",
		})
	}
	return internal
}

// Graph returns the executable form of the definition.
func (p *Program) Graph() (*graph.Machine, error) {
	machine, list := graph.Compile(p.machine)
	return machine, list.Err()
}

func position(p spec.Pos) diag.Position { return diag.Position{File: p.File, Line: p.Line} }
