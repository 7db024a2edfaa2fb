package graph

import (
	"errors"
	"fmt"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonata"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// An Expression is a JSONata string of a definition, "{% … %}".
type Expression struct {
	// Field is where it stands in its state, such as "Arguments/FunctionName".
	Field string
	// Source is the text between the delimiters, without white space around.
	Source string

	expr            *jsonata.Expr
	states, context bool // what it mentions
}

// A QueryError says that a JSONata string did not give what it should: AWS
// records it as EvaluationFailed.
type QueryError struct {
	Expression *Expression
	// Reason completes the sentence "The JSONata expression … ".
	Reason string
}

// Error returns AWS's sentence.
func (e *QueryError) Error() string {
	return fmt.Sprintf("The JSONata expression '%s' specified for the field '%s' %s",
		e.Expression.Source, e.Expression.Field, e.Reason)
}

// Location is the field that the expression stands in.
func (e *QueryError) Location() string { return e.Expression.Field }

// Eval returns the value of the expression, which is not undefined. The error
// is a [*QueryError].
func (x *Expression) Eval(e *Env) (value.Value, error) {
	v, err := x.expr.Eval(value.Value{}, e.queries(x))
	switch {
	case err != nil:
		return value.Value{}, &QueryError{x, "threw an error during evaluation. " + describe(err)}
	case v.IsUndefined():
		return value.Value{}, &QueryError{x, "returned nothing (undefined)."}
	case v.Kind() == value.KindOpaque:
		return value.Value{}, &QueryError{x, "returned an unsupported result type."}
	}
	return v, nil
}

// describe writes an error as AWS does: code and text.
func describe(err error) string {
	var e *jsonata.Error
	if errors.As(err, &e) && e.Code != "" {
		return e.Code + ": " + e.Message
	}
	return err.Error()
}

// Expect evaluates like Eval and refuses a result of another kind.
func (x *Expression) Expect(e *Env, want value.Kind) (value.Value, error) {
	v, err := x.Eval(e)
	if err == nil && v.Kind() != want {
		return value.Value{}, x.Unexpected(v, want.String())
	}
	return v, err
}

// Unexpected is the error of a result that is not what the field needs; want
// names that in JSON's words.
func (x *Expression) Unexpected(v value.Value, want string) error {
	return &QueryError{x, fmt.Sprintf("returned an unexpected result type. Expected '%s', but was '%s' for value: %s",
		want, v.Kind(), v)}
}

// isExpression reports whether a string is a JSONata string, and returns the
// text between the delimiters. They must be the first and the last of it.
func isExpression(v value.Value) (source string, ok bool) {
	text, ok := v.Str()
	if !ok || len(text) < 4 || !strings.HasPrefix(text, "{%") || !strings.HasSuffix(text, "%}") {
		return "", false
	}
	return strings.TrimSpace(text[2 : len(text)-2]), true
}

// expression compiles the text of a JSONata string.
func (c *compiler) expression(at pointer, field, source string) *Expression {
	expr, err := jsonata.Compile(source, jsonata.AWS())
	if err != nil {
		c.fail(at, "The JSONata expression '%s' cannot be read: %v", source, err)
		return nil
	}
	x := &Expression{Field: field, Source: source, expr: expr}
	for _, v := range expr.Variables() {
		if v.Name == "states" {
			x.states = true
			x.context = x.context || len(v.Path) == 0 || v.Path[0] == "context"
		}
	}
	return x
}
