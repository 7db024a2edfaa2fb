package jsonpath

import (
	"errors"
	"fmt"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A Kind says what went wrong with a path.
type Kind uint8

// The kinds of errors.
const (
	Malformed  Kind = iota // the text is not a path
	NotFound               // the path leads to nothing in the document
	Impossible             // the path cannot be applied to the document
	Mismatch               // a value cannot be written at the path
)

// An Error says why a path does not compile, or leads to nothing in a document.
type Error struct {
	Kind Kind
	// Path is the text of the path; for the errors of evaluation with its root
	// written "$", as AWS has it.
	Path string
	// Offset is the byte of the text at which an error of compilation was found,
	// counted from 0. It is 0 for other errors.
	Offset  int
	Message string
}

// Error returns the text that AWS gives: Invalid path '$.x' : No results for
// path: $['x'].
func (e *Error) Error() string {
	if e.Kind == Mismatch {
		return e.Message
	}
	return "Invalid path '" + e.Path + "' : " + e.Message
}

// A FieldError is what AWS reports when the path of a field leads to nothing in
// the input.
type FieldError struct {
	Path  string
	Field string // its name, such as "value.$" or "CausePath"
	Input value.Value
	Err   *Error
}

// Error returns AWS's text, with the whole input.
func (e *FieldError) Error() string {
	return fmt.Sprintf("The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'", e.Path, e.Field, e.Input)
}

// Unwrap returns the path's own error.
func (e *FieldError) Unwrap() error { return e.Err }

// EvalField evaluates what a field holds that AWS reports by its name: those of
// payload templates, ErrorPath and CausePath. There a path that leads to nothing
// is a [*FieldError]; InputPath, OutputPath and others have the path's own
// error, which is [Path.Eval]'s.
func EvalField(field string, e Evaluator, s *Scope) (value.Value, error) {
	v, err := e.Eval(s)
	if err == nil {
		return v, nil
	}
	p, isPath := e.(*Path)
	var pathError *Error
	if isPath && errors.As(err, &pathError) && pathError.Kind == NotFound {
		return value.Value{}, &FieldError{p.source, field, s.Input, pathError}
	}
	return value.Value{}, err
}
