package runtime

import (
	"fmt"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
)

// Type is the kind of executions that a machine has. It cannot be changed once
// the machine is deployed.
type Type string

// The two types, spelled as AWS spells them.
const (
	Standard Type = "STANDARD"
	Express  Type = "EXPRESS"
)

// A Definition is a state machine: what stepsmith build writes, or a definition
// written by hand.
type Definition struct {
	// Name is the name of the machine, 1 to 80 characters.
	Name string
	// Type is [Standard] when empty.
	Type Type
	// ASL is the definition's JSON.
	ASL string
}

// compile makes the definition executable.
func (d *Definition) compile() (*graph.Machine, error) {
	doc, diagnostics := asl.Decode([]byte(d.ASL), d.Name+".asl.json")
	if doc == nil || diagnostics.HasErrors() {
		return nil, fmt.Errorf("runtime: the definition of %q is not valid: %w", d.Name, diagnostics.Err())
	}
	m, diagnostics := graph.Compile(&doc.Machine)
	if diagnostics.HasErrors() {
		return nil, fmt.Errorf("runtime: the definition of %q cannot be run: %w", d.Name, diagnostics.Err())
	}
	return m, nil
}
