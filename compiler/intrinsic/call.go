// Package intrinsic compiles and evaluates calls of the intrinsic functions of
// Amazon States Language, the 18 States.* functions that may stand behind a key
// ending in ".$" in JSONPath states.
//
// A [Call] is parsed once, with the number and, where they are known, the types
// of its arguments checked; it is immutable and any number of goroutines may
// evaluate it. The functions have no clock and no randomness of their own.
package intrinsic

import (
	"errors"
	"fmt"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A Call is a compiled call of an intrinsic function.
type Call struct {
	source string // its own text, without blanks around it
	offset int    // of that text in the whole
	fn     *function
	args   []argument
	pieces []string // of States.Format: the template between its {}
}

// An argument is a literal, a path or a call.
type argument struct {
	literal value.Value
	quoted  string // a string as it was written, with its quotes
	braces  []int  // where in the string there are braces that were escaped
	path    *jsonpath.Path
	call    *Call
	offset  int
}

// A SyntaxError says why a text is no call of an intrinsic function.
type SyntaxError struct {
	Text string // the whole text
	// Offset is the byte of the text at which the fault is, counted from 0.
	Offset  int
	Message string
}

// Error returns the message.
func (e *SyntaxError) Error() string { return e.Message }

// An Error is a function that failed while it was evaluated.
type Error struct {
	Function string // the text of the call that failed
	Message  string
	// Path is the error of a path among the arguments, or nil.
	Path *jsonpath.Error
}

// Error returns the text that AWS gives.
func (e *Error) Error() string {
	return "The function '" + e.Function + "' had the following error: " + e.Message
}

// Unwrap returns the error of a path, if that is what failed.
func (e *Error) Unwrap() error {
	if e.Path == nil {
		return nil
	}
	return e.Path
}

// Compile parses a call. The error is a [*SyntaxError].
func Compile(text string) (*Call, error) {
	p := &parser{text: text}
	p.blanks()
	call, err := p.call(1)
	if err != nil {
		return nil, err
	}
	if p.blanks(); p.i < len(text) {
		return nil, p.fail(p.i, "text after the call")
	}
	return call, nil
}

// CompileDynamic compiles what may stand behind a key ending in ".$": a path
// when it begins with "$", else a call. The error is a [*SyntaxError] or a
// [*jsonpath.Error].
func CompileDynamic(text string) (jsonpath.Evaluator, error) {
	if strings.HasPrefix(text, "$") {
		path, err := jsonpath.Compile(text)
		if err != nil {
			return nil, err
		}
		return path, nil
	}
	call, err := Compile(text)
	if err != nil {
		return nil, err
	}
	return call, nil
}

// Source returns the text of the call.
func (c *Call) Source() string { return c.source }

// Function returns the function's name, such as "States.Format".
func (c *Call) Function() string { return c.fn.name }

// Paths calls visit for every path among the arguments, also of nested calls,
// with its offset in the text that was compiled.
func (c *Call) Paths(visit func(p *jsonpath.Path, offset int)) {
	for i := range c.args {
		switch a := &c.args[i]; {
		case a.path != nil:
			visit(a.path, a.offset)
		case a.call != nil:
			a.call.Paths(visit)
		}
	}
}

// String returns the call in its canonical form: one space after each comma.
func (c *Call) String() string { return string(c.append(nil)) }

func (c *Call) append(b []byte) []byte {
	b = append(append(b, c.fn.name...), '(')
	for i := range c.args {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = c.args[i].append(b)
	}
	return append(b, ')')
}

func (a *argument) append(b []byte) []byte {
	switch {
	case a.path != nil:
		return append(b, a.path.String()...)
	case a.call != nil:
		return a.call.append(b)
	case a.quoted != "":
		return append(b, a.quoted...)
	}
	return a.literal.AppendJSON(b)
}

// Eval evaluates the call. The error is an [*Error].
func (c *Call) Eval(s *jsonpath.Scope) (value.Value, error) {
	s = s.Limited()
	var few [4]value.Value
	args := few[:0]
	for i := range c.args {
		v, err := c.args[i].eval(c, s)
		if err != nil {
			return value.Value{}, err
		}
		args = append(args, v)
	}
	if message := c.check(args); message != "" {
		return value.Value{}, &Error{Function: c.source, Message: message}
	}
	v, err := c.fn.eval(c, s, args)
	if err != nil {
		return value.Value{}, &Error{Function: c.source, Message: err.Error()}
	}
	return v, nil
}

func (a *argument) eval(c *Call, s *jsonpath.Scope) (value.Value, error) {
	switch {
	case a.call != nil:
		return a.call.Eval(s)
	case a.path == nil:
		return a.literal, nil
	}
	v, err := a.path.Eval(s)
	if err == nil {
		return v, nil
	}
	failed := &Error{Function: c.source, Message: err.Error()}
	if errors.As(err, &failed.Path) && failed.Path.Kind == jsonpath.NotFound {
		failed.Message = "The JsonPath argument for the field '" + a.path.Source() +
			"' could not be found in the input '" + s.Input.String() + "'"
	}
	return value.Value{}, failed
}

// check returns what is wrong with the types and sizes of the arguments.
func (c *Call) check(args []value.Value) string {
	left := MaxSize
	for i, v := range args {
		if want := c.fn.param(i); !want.has(v.Kind()) {
			return c.fn.mistake(i, v.Kind().String())
		}
		if c.fn.walks {
			size, ok := v.Measure(left)
			if left -= size; !ok {
				return fmt.Sprintf("the arguments of %s have more than %d bytes, or are nested too deep", c.fn.name, MaxSize)
			}
		}
	}
	return ""
}
