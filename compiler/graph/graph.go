// Package graph is the executable form of a state machine: every expression
// compiled, every transition resolved to the state it leads to, every literal
// parsed. A [Machine] is immutable and may run any number of executions at the
// same time.
package graph

import (
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
)

// Compile makes a machine executable. It reports what keeps the machine from
// running: unknown states, expressions that do not compile, fields that no
// interpreter of this library supports. The Machine is nil when the list has
// errors.
func Compile(m *asl.Machine) (*Machine, diag.List) { panic("not yet") }

// A Machine is a compiled state machine.
type Machine struct {
	// Name-independent content only: the machine's name is the execution's
	// business.
	Comment string
}
