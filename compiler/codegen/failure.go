package codegen

import (
	"encoding/json"
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A failure is an error that the package declares, or that one of its tasks or
// workflows fails with.
type failure struct {
	name   string // in the workflow
	typ    string // Go's
	object types.Object
	cause  types.Type // of a fault; nil is text
	by     []string   // the tasks and workflows that fail with it
}

// findErrors collects the errors.
func (g *generator) findErrors() {
	for _, o := range g.mentioned() {
		if _, ok := instance(o.Type(), "ErrorName"); ok {
			g.addError(g.errorName(o), o, nil)
		} else if cause, ok := instance(o.Type(), "Fault"); ok && len(cause) == 1 {
			g.addError(g.errorName(o), o, cause[0])
		}
	}
	for _, t := range g.tasks {
		for _, name := range t.throws {
			if e := g.addError(name, nil, nil); e != nil {
				e.by = append(e.by, t.field)
			}
		}
	}
	for _, w := range g.workflows {
		if w.Spec == nil {
			continue
		}
		w.Spec.Body.Walk(func(s spec.Step) {
			if fail, ok := s.(*spec.Fail); ok && fail.Error != nil {
				if e := g.addError(text(fail.Error), nil, nil); e != nil {
					e.by = merged(e.by, []string{exported(w.Variable)})
				}
			}
		})
	}
	for _, e := range g.errors {
		g.nameError(e)
	}
}

// errorName is the name that a constant or variable declares. That of a variable
// is known only when it is written where the variable is declared.
func (g *generator) errorName(o types.Object) string {
	if c, ok := o.(*types.Const); ok && c.Val().Kind() == constant.String {
		return constant.StringVal(c.Val())
	}
	return g.literal(innermost(g.comments.initial(o)))
}

// text is the value of a literal text, or "".
func text(e *spec.Expr) string {
	if e.Op != spec.OpLiteral {
		return ""
	}
	var s string
	if json.Unmarshal(e.Value, &s) != nil {
		return ""
	}
	return s
}

// addError adds an error unless it is there, or is one of AWS's own.
func (g *generator) addError(name string, o types.Object, cause types.Type) *failure {
	if name == "" || g.predefined(name) {
		return nil
	}
	if e := g.errorNamed(name); e != nil {
		return e
	}
	e := &failure{name: name, object: o, cause: cause}
	if cause != nil {
		e.cause = some(cause)
	}
	g.errors = append(g.errors, e)
	return e
}

func (g *generator) errorNamed(name string) *failure {
	i := slices.IndexFunc(g.errors, func(e *failure) bool { return e.name == name })
	if i < 0 {
		return nil
	}
	return g.errors[i]
}

// predefined reports whether AWS defines the error.
func (g *generator) predefined(name string) bool {
	if strings.HasPrefix(name, "States.") {
		return true
	}
	p := g.packageAt(dslPath)
	return p != nil && slices.ContainsFunc(variables(p), func(o types.Object) bool {
		c, ok := o.(*types.Const)
		return ok && c.Val().Kind() == constant.String && constant.StringVal(c.Val()) == name
	})
}

// nameError gives an error its Go type. It is named after the error itself where
// that can be: the Go runtime of Lambda reports an error under its type's name.
func (g *generator) nameError(e *failure) {
	if token.IsIdentifier(e.name) && token.IsExported(e.name) {
		if o, taken := g.names.used[e.name]; !taken || e.object != nil && o == e.object {
			e.typ = e.name
		}
	}
	switch {
	case e.typ != "":
	case e.object != nil:
		e.typ = g.nameOf(e.object)
	default:
		e.typ = g.free(camel(e.name), camel(e.name)+"Error")
	}
	g.names.used[e.typ] = e.object
}

// renderDeclared lists the errors for the engine.
func (g *generator) renderDeclared(f *jen.File) {
	if len(g.errors) == 0 {
		return
	}
	var all []jen.Code
	for _, e := range g.errors {
		cause := jen.String()
		if e.cause != nil {
			cause = jen.Add(g.plain(e.cause))
		}
		maker := jen.Func().Params(jen.Id("cause").Add(cause)).Error().Add(line(jen.Id(e.typ).Values(jen.Id("Cause").Op(":").Id("cause"))))
		if e.cause != nil {
			maker = jen.Qual(flowPath, "Fault").Call(maker)
		}
		all = append(all, jen.Lit(e.name).Op(":").Add(maker))
	}
	f.Add(comment("The errors that the workflows and their tasks declare, by their names there."))
	f.Var().Id("declared").Op("=").Qual(flowPath, "Errors").Add(braces(all))
	f.Line()
}

// line is the body of a function that returns something, in one line.
func line(result jen.Code) jen.Code {
	return jen.Custom(jen.Options{Open: "{ ", Close: " }"}, jen.Return(result))
}

func (g *generator) renderErrors(f *jen.File) {
	for _, e := range g.errors {
		g.renderError(f, e)
	}
}

func (g *generator) renderError(f *jen.File, e *failure) {
	field, text := jen.Id("Cause").String().Comment("why, for people"), jen.Id("e").Dot("Cause")
	if e.cause != nil {
		field, text = jen.Id("Cause").Add(g.plain(e.cause)), jen.Qual(flowPath, "Cause").Call(jen.Id("e").Dot("Cause"))
	}
	method := func(receiver, name string) *jen.Statement {
		return jen.Func().Params(jen.Id(receiver).Id(e.typ)).Id(name)
	}
	f.Add(comment(g.errorDoc(e)))
	f.Type().Id(e.typ).Struct(field)
	f.Line()
	f.Add(method("e", "Error").Params().String().Add(line(jen.Qual(flowPath, "Text").Call(jen.Id("e")))))
	f.Add(method("", "ErrorName").Params().String().Add(line(jen.Lit(e.name))))
	f.Add(method("e", "ErrorCause").Params().String().Add(line(text)))
	f.Add(method("", "Is").Params(jen.Err().Error()).Bool().Add(line(jen.Qual(flowPath, "Same").Types(jen.Id(e.typ)).Call(jen.Err()))))
	f.Line()
}

// errorDoc says what the error is, who fails with it, and the user's words.
func (g *generator) errorDoc(e *failure) string {
	doc := fmt.Sprintf("%s is the error %q", e.typ, e.name)
	if len(e.by) > 0 {
		doc += " of " + list(e.by)
	}
	if e.object == nil {
		return wrap(doc + ".")
	}
	group, v, _ := g.comments.value(e.object)
	switch {
	case v == nil:
	case v.Doc != nil || len(group.Specs) == 1 && group.Doc != nil:
		return renamed(g.comments.ofValue(e.object), e.object.Name(), e.typ)
	case v.Comment != nil:
		return wrap(doc + ": " + strings.TrimSpace(v.Comment.Text()) + ".")
	}
	return wrap(doc + ".")
}
