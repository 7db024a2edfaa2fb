package graph

import (
	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A Path selects data: InputPath, OutputPath and ItemsPath.
type Path struct {
	text  string
	null  bool // selects the empty object, as null does
	expr  jsonpath.Evaluator
	needs needs
}

// String returns the path as written.
func (p *Path) String() string { return p.text }

// Eval returns what the path selects. The error's text is AWS's.
func (p *Path) Eval(e *Env) (value.Value, error) {
	if p.null {
		return value.Object(), nil
	}
	return p.expr.Eval(e.paths(p.needs))
}

// path compiles the value of a path field. Absent and "$" are nil.
func (c *compiler) path(at pointer, v value.Value) *Path {
	switch text, isText := v.Str(); {
	case v.IsUndefined() || isText && text == "$":
		return nil
	case v.IsNull():
		return &Path{text: "null", null: true}
	case !isText:
		c.fail(at, "The value must be a JSONPath or null")
	default:
		expr, err := jsonpath.Compile(text)
		if err == nil {
			return &Path{text: text, expr: expr, needs: needsOf(text)}
		}
		c.fail(at, "The value must be a valid JSONPath: %v", err)
	}
	return nil
}

// A Target says where a result goes in a state's input: ResultPath.
type Target struct {
	path *jsonpath.Path // nil discards the result
}

// Apply returns the input with the result in its place. A nil Target replaces
// the input.
func (t *Target) Apply(input, result *value.Doc) (*value.Doc, error) {
	switch {
	case t == nil:
		return result, nil
	case t.path == nil:
		return input, nil
	}
	v, err := t.path.Set(input.Value(), result.Value())
	if err != nil {
		return nil, err
	}
	return value.DocOf(v), nil
}

// target compiles a ResultPath. Absent and "$" are nil.
func (c *compiler) target(at pointer, v value.Value) *Target {
	switch text, isText := v.Str(); {
	case v.IsUndefined() || isText && text == "$":
		return nil
	case v.IsNull():
		return &Target{}
	case !isText:
		c.fail(at, "The value must be a reference path or null")
	default:
		path, err := jsonpath.Compile(text)
		switch {
		case err != nil:
			c.fail(at, "The value must be a valid reference path: %v", err)
		case !path.Reference() || path.Root() != jsonpath.InputRoot:
			c.fail(at, "The value must be a reference path that begins with '$.' or '$['")
		default:
			return &Target{path: path}
		}
	}
	return nil
}
