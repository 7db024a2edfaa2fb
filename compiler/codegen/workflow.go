package codegen

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

func (g *generator) renderWorkflows(f *jen.File) {
	for _, w := range g.workflows {
		f.Add(comment(g.workflowDoc(w)))
		in, out := g.borders(w)
		f.Var().Id(g.nameOf(g.variable(w))).Op("=").Op("&").Qual(runPath, "Workflow").Types(g.document(in), g.document(out)).Add(g.content(w))
		f.Line()
	}
	if !g.traced() || len(g.workflows) == 0 {
		return
	}
	if g.nesting() { // in variables of their own, since workflows may call each other
		var definitions []jen.Code
		for _, w := range g.workflows {
			definitions = append(definitions, jen.Id(definitionName(w)).Op("=").Add(g.definition(w)))
		}
		f.Var().Defs(definitions...)
		f.Line()
	}
	f.Anon("embed")
	var embedded []jen.Code
	for i, w := range g.workflows {
		if i > 0 {
			embedded = append(embedded, jen.Line())
		}
		embedded = append(embedded, jen.Comment("//go:embed "+w.File), jen.Id(embeddedName(w)).String())
	}
	f.Add(comment(map[bool]string{true: "The definition in Amazon States Language.", false: "The definitions in Amazon States Language."}[len(g.workflows) == 1]))
	if len(g.workflows) == 1 {
		f.Add(embedded[0])
		f.Var().Add(embedded[1])
	} else {
		f.Var().Defs(embedded...)
	}
	f.Line()
}

// variable is the workflow's Go variable.
func (g *generator) variable(w Workflow) types.Object { return g.types.Scope().Lookup(w.Variable) }

func embeddedName(w Workflow) string { return unexported(exported(w.Variable)) + "ASL" }

// definition is a runtime.Definition.
func (g *generator) definition(w Workflow) jen.Code {
	name, kind, asl := w.Variable, "Standard", jen.Lit("")
	if w.Spec != nil {
		name, asl = w.Spec.Name, jen.Id(embeddedName(w))
		if w.Spec.Kind == spec.Express {
			kind = "Express"
		}
	}
	return jen.Qual(runPath, "Definition").Values(
		jen.Id("Name").Op(":").Lit(name), jen.Id("Type").Op(":").Qual(runPath, kind), jen.Id("ASL").Op(":").Add(asl),
	)
}

// content is that of a runtime.Workflow.
func (g *generator) content(w Workflow) jen.Code {
	definition, nested := g.definition(w), g.nested(w)
	if g.nesting() {
		definition = jen.Id(definitionName(w))
	}
	members := []jen.Code{jen.Id("Definition").Op(":").Add(definition)}
	if len(g.errors) > 0 {
		members = append(members, jen.Id("Errors").Op(":").Id("declared"))
	}
	if len(nested) > 0 {
		var names []jen.Code
		for _, n := range nested {
			names = append(names, jen.Id(definitionName(n)))
		}
		members = append(members, jen.Id("Nested").Op(":").Index().Qual(runPath, "Definition").Values(names...))
	}
	return braces(members)
}

func definitionName(w Workflow) string { return unexported(exported(w.Variable)) + "Definition" }

// nesting reports whether some workflow calls another one of the package.
func (g *generator) nesting() bool {
	return slices.ContainsFunc(g.workflows, func(w Workflow) bool { return len(g.nested(w)) > 0 })
}

// nested returns the workflows of the package that another one calls, directly or
// not; not itself.
func (g *generator) nested(w Workflow) []Workflow {
	called := make(map[string]bool) // by name
	var visit func(Workflow)
	visit = func(w Workflow) {
		if w.Spec == nil || called[w.Spec.Name] {
			return
		}
		called[w.Spec.Name] = true
		for _, t := range w.Spec.Tasks {
			for _, other := range g.workflows {
				if t.Resource == spec.Nested && other.Spec != nil && other.Spec.Name == t.Target {
					visit(other)
				}
			}
		}
	}
	visit(w)
	return slices.DeleteFunc(slices.Clone(g.workflows), func(other Workflow) bool {
		return other.Variable == w.Variable || other.Spec == nil || !called[other.Spec.Name]
	})
}

// renderAliases gives the names of the other package again.
func (g *generator) renderAliases(f *jen.File) {
	from := g.source.PkgPath + "/" + g.work
	aliases := []jen.Code{jen.Id("Tasks").Op("=").Qual(from, "Tasks")}
	for _, d := range g.declared {
		name := g.nameOf(d.object)
		alias, target := jen.Id(name), jen.Qual(from, name)
		if parameters := d.object.Type().(*types.Named).TypeParams(); parameters.Len() > 0 {
			alias.Types(g.parameters(parameters)...)
			var arguments []jen.Code
			for p := range parameters.TypeParams() {
				arguments = append(arguments, jen.Id(p.Obj().Name()))
			}
			target.Types(arguments...)
		}
		aliases = append(aliases, alias.Op("=").Add(target))
	}
	for _, e := range g.errors {
		aliases = append(aliases, jen.Id(e.typ).Op("=").Qual(from, e.typ))
	}
	f.Add(comment(fmt.Sprintf("What package %s declares.", g.work)))
	f.Type().Defs(aliases...)
	f.Line()
	var constants []jen.Code
	for _, d := range g.declared {
		for _, c := range g.values(d.object) {
			constants = append(constants, jen.Id(g.nameOf(c)).Op("=").Qual(from, g.nameOf(c)))
		}
	}
	if len(constants) > 0 {
		f.Add(comment(fmt.Sprintf("The constants of package %s.", g.work)))
		f.Const().Defs(constants...)
		f.Line()
	}
}

// borders returns what a workflow takes and gives; nil is none.
func (g *generator) borders(w Workflow) (in, out types.Type) {
	if arguments, ok := instance(g.variable(w).Type(), "Workflow"); ok && len(arguments) == 2 {
		return some(arguments[0]), some(arguments[1])
	}
	if w.Spec == nil { // a workflow behind an interface: its types are known when it is traced
		return nil, nil
	}
	return g.typeOf(w.Spec.Input), g.typeOf(w.Spec.Output)
}

// document is the type of what crosses a border.
func (g *generator) document(t types.Type) jen.Code {
	if t == nil {
		return jen.Qual(flowPath, "None")
	}
	return g.plain(t)
}

// workflowDoc adds to the user's comment what kind of workflow it is.
func (g *generator) workflowDoc(w Workflow) string {
	doc := renamed(g.comments.ofValue(g.variable(w)), w.Variable, g.nameOf(g.variable(w)))
	if w.Spec == nil {
		return doc
	}
	if doc == "" {
		doc = fmt.Sprintf("%s is the workflow %q.", exported(w.Variable), w.Spec.Name)
	}
	kind := map[spec.Kind]string{spec.Standard: "a Standard", spec.Express: "an Express"}[w.Spec.Kind]
	in, out := g.borders(w)
	return doc + "\n\n" + strings.Join([]string{"It is", kind, "workflow from", g.inWords(in), "to", g.inWords(out) + "."}, " ")
}
