package graph

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A Pass state produces data.
type Pass struct {
	Base
	// Literal is the Result field, nil when absent.
	Literal *value.Doc
	// Parameters is nil when absent. JSONPath only.
	Parameters *Payload
	// ResultPath is nil for the whole.
	ResultPath *Path
}
