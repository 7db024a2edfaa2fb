// Package compiler turns the record of a traced workflow into an Amazon States
// Language definition. It runs the phases one after the other: check, lower,
// encode, validate.
package compiler

import (
	"fmt"
	"strings"

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
	if len(p.ASL) > maxDefinition {
		list = append(list, diag.Diagnostic{
			Code: "TOO_LARGE", Pos: position(w.Pos),
			Message: fmt.Sprintf("the definition of %q has %d bytes; AWS takes up to %d", w.Name, len(p.ASL), maxDefinition),
			Fix:     "make parts of it workflows of their own, and call them",
		})
	} else {
		list = append(list, p.validate(w, result.Foreign)...)
	}
	list.Sort()
	if list.HasErrors() {
		return nil, list
	}
	return p, list
}

// maxDefinition is the size of the largest definition, in bytes.
const maxDefinition = 1 << 20

// validate has our own output judged as AWS would judge it. An error in text that
// the user wrote in the language itself is the user's; any other is ours.
// Warnings and hints are about how a definition is written, which is not the
// user's doing.
func (p *Program) validate(w *spec.Workflow, foreign map[string]spec.Pos) diag.List {
	document, list := asl.Decode(p.ASL, "")
	if document != nil && !list.HasErrors() {
		list = append(list, asl.Validate(document, asl.Options{Type: asl.MachineType(w.Kind), ErrorsOnly: true})...)
	}
	var found diag.List
	for _, d := range list.Only(diag.Error) {
		state := stateAt(d.Pointer)
		if pos, ok := foreign[state]; ok {
			d.Pos, d.Related = position(pos), nil
			d.Message = fmt.Sprintf("%q: %s", state, d.Message)
			found = append(found, d)
			continue
		}
		found = append(found, diag.Diagnostic{
			Code: "INTERNAL", Pos: position(w.Pos), Pointer: d.Pointer,
			Message: fmt.Sprintf("the definition made from %q is not valid at %s: %s [%s]", w.Name, d.Pointer, d.Message, d.Code),
			Fix:     "this is a fault of Stepsmith: please report it with the workflow",
		})
	}
	return found
}

// stateAt returns the name of the innermost state that a pointer leads into.
func stateAt(pointer string) string {
	i := strings.LastIndex(pointer, "/States/")
	if i < 0 {
		return ""
	}
	name, _, _ := strings.Cut(pointer[i+len("/States/"):], "/")
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(name)
}

// Graph returns the executable form of the definition.
func (p *Program) Graph() (*graph.Machine, error) {
	machine, list := graph.Compile(p.machine)
	return machine, list.Err()
}

func position(p spec.Pos) diag.Position { return diag.Position{File: p.File, Line: p.Line} }
