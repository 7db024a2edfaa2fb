package jsonpath

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A Template is a compiled payload template: what stands in Parameters,
// ItemSelector, ResultSelector and, in JSONPath states, Assign. It is immutable.
type Template struct {
	constant value.Value // of a template without anything to evaluate
	members  []field     // of an object, in the order of the result
	items    []*Template // of a list
}

// A field is a member of an object in a template.
type field struct {
	key     string
	part    *Template
	name    string    // the key as written, for messages
	dynamic Evaluator // of a key that ends in ".$"
}

// A TemplateError is one fault of a template.
type TemplateError struct {
	// Pointer is the JSON pointer, from the template, to the member at fault.
	Pointer string
	Field   string // its key
	Err     error
}

// Error returns the message with its place.
func (e *TemplateError) Error() string { return e.Pointer + ": " + e.Err.Error() }

// Unwrap returns what is wrong.
func (e *TemplateError) Unwrap() error { return e.Err }

// CompileTemplate compiles a payload template. Every string behind a key that
// ends in ".$" goes to dynamic, which returns what evaluates it. The error joins
// a [*TemplateError] for each fault.
//
// The result of an object has the literal members first, as they are written,
// then the ".$" members in the order of a java.util.HashMap of their names
// without the ".$". So AWS has it.
func CompileTemplate(v value.Value, dynamic func(text string) (Evaluator, error)) (*Template, error) {
	c := &templateCompiler{dynamic: dynamic}
	t := c.compile(v, "")
	if err := errors.Join(c.errs...); err != nil {
		return nil, err
	}
	return t, nil
}

type templateCompiler struct {
	dynamic func(text string) (Evaluator, error)
	errs    []error
}

func (c *templateCompiler) compile(v value.Value, pointer string) *Template {
	switch v.Kind() {
	case value.KindList:
		return c.list(v, pointer)
	case value.KindObject:
		return c.object(v, pointer)
	}
	return &Template{constant: v}
}

func (c *templateCompiler) list(v value.Value, pointer string) *Template {
	items := make([]*Template, v.Len())
	constant := true
	for i, item := range v.Items() {
		items[i] = c.compile(item, pointer+"/"+strconv.Itoa(i))
		constant = constant && items[i].Constant()
	}
	if constant {
		return &Template{constant: v}
	}
	return &Template{items: items}
}

func (c *templateCompiler) object(v value.Value, pointer string) *Template {
	var fixed, dynamic []field
	constant := true
	for _, m := range v.Members() {
		at := pointer + "/" + escapePointer(m.Key)
		key, isDynamic := strings.CutSuffix(m.Key, ".$")
		if !isDynamic {
			part := c.compile(m.Value, at)
			constant = constant && part.Constant()
			fixed = append(fixed, field{key: m.Key, part: part})
			continue
		}
		constant = false
		if v.Has(key) {
			c.fail(at, m.Key, fmt.Errorf("the object has both %q and %q, which are one field", key, m.Key))
		}
		if e := c.evaluator(m, at); e != nil {
			dynamic = append(dynamic, field{key: key, name: m.Key, dynamic: e})
		}
	}
	if constant {
		return &Template{constant: v}
	}
	value.HashOrder(dynamic, func(f field) string { return f.key })
	return &Template{members: append(fixed, dynamic...)}
}

func (c *templateCompiler) evaluator(m value.Member, at string) Evaluator {
	text, ok := m.Value.Str()
	if !ok {
		c.fail(at, m.Key, fmt.Errorf("a field whose name ends in .$ must hold a string, not %s", m.Value.Kind()))
		return nil
	}
	e, err := c.dynamic(text)
	if err != nil {
		c.fail(at, m.Key, err)
		return nil
	}
	return e
}

func (c *templateCompiler) fail(pointer, field string, err error) {
	c.errs = append(c.errs, &TemplateError{pointer, field, err})
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func escapePointer(key string) string { return pointerEscapes.Replace(key) }

// Constant reports whether the template evaluates nothing.
func (t *Template) Constant() bool { return t.members == nil && t.items == nil }

// Eval returns the template with every ".$" field evaluated. The error is that
// of the first one that fails; see [EvalField].
func (t *Template) Eval(s *Scope) (value.Value, error) {
	if t.Constant() {
		return t.constant, nil
	}
	return t.eval(s.Limited())
}

func (t *Template) eval(s *Scope) (value.Value, error) {
	switch {
	case t.members != nil:
		return t.object(s)
	case t.items != nil:
		return t.list(s)
	}
	return t.constant, nil
}

func (t *Template) object(s *Scope) (value.Value, error) {
	members := make([]value.Member, len(t.members))
	for i := range t.members {
		f := &t.members[i]
		v, err := f.eval(s)
		if err != nil {
			return value.Value{}, err
		}
		members[i] = value.Member{Key: f.key, Value: v}
	}
	return value.Object(members...), nil
}

func (t *Template) list(s *Scope) (value.Value, error) {
	items := make([]value.Value, len(t.items))
	for i, part := range t.items {
		v, err := part.eval(s)
		if err != nil {
			return value.Value{}, err
		}
		items[i] = v
	}
	return value.List(items...), nil
}

func (f *field) eval(s *Scope) (value.Value, error) {
	if f.dynamic == nil {
		return f.part.eval(s)
	}
	return EvalField(f.name, f.dynamic, s)
}

// Evaluators returns everything that the template evaluates, with the JSON
// pointers of the fields, in the order of evaluation.
func (t *Template) Evaluators(visit func(pointer string, e Evaluator)) { t.visit("", visit) }

func (t *Template) visit(pointer string, visit func(string, Evaluator)) {
	for i, part := range t.items {
		part.visit(pointer+"/"+strconv.Itoa(i), visit)
	}
	for i := range t.members {
		f := &t.members[i]
		if f.dynamic != nil {
			visit(pointer+"/"+escapePointer(f.name), f.dynamic)
			continue
		}
		f.part.visit(pointer+"/"+escapePointer(f.key), visit)
	}
}
