package codegen

import "github.com/dave/jennifer/jen"

func (g *generator) renderStub(f *jen.File) {
	var fields, functions []jen.Code
	for _, t := range g.tasks {
		fields = append(fields, jen.Id(t.field).Qual(flowPath, "Script").Types(g.document(t.in), g.document(t.out)))
		functions = append(functions, jen.Id(t.field).Op(":").Id("s").Dot(t.field).Dot(t.form()))
	}
	f.Add(comment("Stub stands in for the tasks in tests: each answers as its script says and\nremembers its calls. The zero Stub is ready."))
	f.Type().Id("Stub").Struct(fields...)
	f.Line()
	f.Add(comment("Tasks returns the scripts as the functions that they stand for."))
	f.Func().Params(jen.Id("s").Op("*").Id("Stub")).Id("Tasks").Params().Id("Tasks").Block(
		jen.Return(jen.Id("Tasks").Add(braces(functions))),
	)
	f.Line()
	f.Add(comment("Handlers returns the scripts as an engine takes them."))
	f.Func().Params(jen.Id("s").Op("*").Id("Stub")).Id("Handlers").Params().Qual(taskPath, "Handlers").Block(
		jen.Return(jen.Id("s").Dot("Tasks").Call().Dot("Handlers").Call()),
	)
}
