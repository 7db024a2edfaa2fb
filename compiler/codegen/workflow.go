package codegen

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

func (g *generator) renderWorkflows(f *jen.File) {
	for _, w := range g.workflows {
		f.Add(comment(g.workflowDoc(w)))
		in, out := g.borders(w)
		f.Var().Id(g.nameOf(g.variable(w))).Op("=").Qual(runPath, "Workflow").Types(g.document(in), g.document(out)).Add(g.definition(w))
		f.Line()
	}
	if !g.traced() || len(g.workflows) == 0 {
		return
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

// definition is the content of a runtime.Workflow.
func (g *generator) definition(w Workflow) jen.Code {
	name, kind, asl := w.Variable, "Standard", jen.Lit("")
	if w.Spec != nil {
		name, asl = w.Spec.Name, jen.Id(embeddedName(w))
		if w.Spec.Kind == spec.Express {
			kind = "Express"
		}
	}
	members := []jen.Code{jen.Id("Definition").Op(":").Qual(runPath, "Definition").Values(
		jen.Id("Name").Op(":").Lit(name), jen.Id("Type").Op(":").Qual(runPath, kind), jen.Id("ASL").Op(":").Add(asl),
	)}
	if len(g.errors) > 0 {
		members = append(members, jen.Id("Errors").Op(":").Id("declared"))
	}
	return braces(members)
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
