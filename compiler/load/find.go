package load

import (
	"cmp"
	"go/types"
	"slices"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// Where the types that we look for are declared.
const (
	module  = "github.com/stepsmith-dev/stepsmith"
	specPkg = module + "/dsl/spec"
	taskPkg = module + "/runtime/task"
)

// find fills in the package's workflows and handlers.
func (p *Package) find() {
	scope := p.Source.Types.Scope()
	var vars []*types.Var
	for _, name := range scope.Names() {
		if v, ok := scope.Lookup(name).(*types.Var); ok {
			vars = append(vars, v)
		}
	}
	slices.SortFunc(vars, func(a, b *types.Var) int { return cmp.Compare(a.Pos(), b.Pos()) })
	docs := docsOf(p.Source.Fset, p.Source.Syntax)
	for _, v := range vars {
		position := p.Source.Fset.Position(v.Pos())
		variable := Variable{Name: v.Name(), Pos: spec.Pos{File: position.Filename, Line: position.Line}, Doc: docs.variable(v.Pos())}
		switch {
		case isTracer(v):
			p.Workflows = append(p.Workflows, &Workflow{Variable: variable})
		case isWorker(v.Type()) || isWorker(types.NewPointer(v.Type())):
			p.Handlers = append(p.Handlers, variable)
		}
	}
}

// isTracer reports whether the variable's type implements dsl.Tracer. It does
// not need package dsl itself, which a package that gets its workflows from a
// helper does not import.
func isTracer(v *types.Var) bool {
	method, _, _ := types.LookupFieldOrMethod(v.Type(), true, v.Pkg(), "Trace")
	f, ok := method.(*types.Func)
	if !ok {
		return false
	}
	signature := f.Signature()
	if signature.Params().Len() != 0 || signature.Results().Len() != 1 {
		return false
	}
	result, ok := types.Unalias(signature.Results().At(0).Type()).(*types.Pointer)
	return ok && isNamed(result.Elem(), specPkg, "Workflow")
}

// isWorker reports whether the type implements task.Worker: it is task.Handlers,
// or the struct of functions that generated code has.
func isWorker(t types.Type) bool {
	method := types.NewMethodSet(t).Lookup(nil, "Handlers")
	if method == nil {
		return false
	}
	s := method.Type().(*types.Signature)
	return s.Params().Len() == 0 && s.Results().Len() == 1 && isNamed(s.Results().At(0).Type(), taskPkg, "Handlers")
}

// isNamed reports whether t is the named type pkg.name.
func isNamed(t types.Type, pkg, name string) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == name && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == pkg
}
