package graph

import (
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/intrinsic"
	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A Scalar is a field that holds one number or one string: literal, by a path,
// or by a JSONata string.
type Scalar struct {
	// Field is the field's name as written, such as "SecondsPath".
	Field string
	// Path is the text of the path; empty where the field has none.
	Path string

	literal    value.Value
	expr       jsonpath.Evaluator
	needs      needs
	expression *Expression
}

// Literal returns the value of a field that is not evaluated; otherwise it is
// undefined.
func (s *Scalar) Literal() value.Value { return s.literal }

// Expression returns the JSONata string of the field, nil when it has none.
func (s *Scalar) Expression() *Expression { return s.expression }

// Eval returns the value of the field, whatever its kind. In JSONata the error
// is a [*QueryError], in JSONPath its text is AWS's.
func (s *Scalar) Eval(e *Env) (value.Value, error) {
	switch {
	case s.expr != nil:
		return s.expr.Eval(e.paths(s.needs))
	case s.expression != nil:
		return s.expression.Eval(e)
	}
	return s.literal, nil
}

// Name is the field's name without "Path".
func (s *Scalar) Name() string { return strings.TrimSuffix(s.Field, "Path") }

// EvalField is Eval with AWS's text for fields whose path leads to nothing.
func (s *Scalar) EvalField(e *Env) (value.Value, error) {
	if s.expr != nil {
		return jsonpath.EvalField(s.Field, s.expr, e.paths(s.needs))
	}
	return s.Eval(e)
}

// scalar compiles a field and its twin that ends in "Path". It is nil when both
// are absent.
func (c *compiler) scalar(at pointer, field string, literal, path value.Value, jsonata bool) *Scalar {
	if !path.IsUndefined() {
		return c.scalarPath(at, field+"Path", path)
	}
	if literal.IsUndefined() {
		return nil
	}
	s := &Scalar{Field: field, literal: literal}
	if source, ok := isExpression(literal); ok && jsonata {
		s.literal = value.Value{}
		s.expression = c.expression(at.key(field), field, source)
	}
	return s
}

func (c *compiler) scalarPath(at pointer, field string, path value.Value) *Scalar {
	text, ok := path.Str()
	if !ok {
		c.fail(at.key(field), "The value must be a JSONPath")
		return nil
	}
	expr, err := intrinsic.CompileDynamic(text)
	if err != nil {
		c.fail(at.key(field), "The value must be a valid JSONPath: %v", err)
		return nil
	}
	return &Scalar{Field: field, Path: text, expr: expr, needs: needsOf(text)}
}
