package codegen

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"golang.org/x/tools/go/packages"
)

// A generator makes one package.
type generator struct {
	source    *packages.Package
	types     *types.Package // of source
	workflows []Workflow
	work, run string // names of the generated packages
	comments  *comments
	list      diag.List

	imported   map[string]string // names of packages by their paths
	links      map[string]bool   // packages that link dsl, by path
	names      names
	pending    []types.Object // named types that are yet to be declared
	declared   []declaration
	tasks      []*work
	errors     []*failure
	plainTypes []*types.Package        // that the user has
	compared   map[types.Object]bool   // with the user's types
	madeOf     map[string]*types.Named // types that were made of their specs
}

func newGenerator(p Package) *generator {
	base := packageName(p.Source.Name, p.Source.PkgPath)
	g := &generator{
		source: p.Source, types: p.Source.Types, workflows: p.Workflows,
		work: base + "task", run: base + "flow", comments: newComments(p.Source.Fset, p.Source.Syntax),
		imported: map[string]string{flowPath: "flow", taskPath: "task", runPath: "runtime"}, links: make(map[string]bool), madeOf: make(map[string]*types.Named),
		plainTypes: p.Existing, compared: make(map[types.Object]bool),
	}
	g.imported[p.Source.PkgPath+"/"+g.work] = g.work
	g.names = names{of: make(map[types.Object]string), used: make(map[string]types.Object)}
	return g
}

// prepare finds all that is to be declared.
func (g *generator) prepare() {
	g.reserve()
	g.findTasks()
	g.findErrors()
	g.findTypes()
}

// variables returns the package-level constants and variables in the order of
// their declarations.
func variables(p *types.Package) []types.Object {
	var all []types.Object
	for _, name := range p.Scope().Names() {
		switch o := p.Scope().Lookup(name).(type) {
		case *types.Var, *types.Const:
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b types.Object) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return all
}

// mentioned returns the constants and variables of the package, in the order of
// their declarations, and behind them those of other packages, but for dsl, that
// it uses.
func (g *generator) mentioned() []types.Object {
	var others []types.Object
	for _, o := range g.source.TypesInfo.Uses {
		switch o.(type) {
		case *types.Var, *types.Const:
			if o.Pkg() != nil && o.Pkg() != g.types && o.Parent() == o.Pkg().Scope() && !isDSL(o) && !slices.Contains(others, o) {
				others = append(others, o)
			}
		}
	}
	slices.SortFunc(others, func(a, b types.Object) int {
		return cmp.Or(cmp.Compare(a.Pkg().Path(), b.Pkg().Path()), cmp.Compare(a.Pos(), b.Pos()))
	})
	return append(variables(g.types), others...)
}

// instance returns the type arguments of t if it is the type of package dsl of
// that name, and whether it is.
func instance(t types.Type, name string) ([]types.Type, bool) {
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Name() != name || !isDSL(named.Obj()) {
		return nil, false
	}
	return slices.Collect(named.TypeArgs().Types()), true
}

func isDSL(o types.Object) bool { return o.Pkg() != nil && o.Pkg().Path() == dslPath }

// complain adds a diagnostic, once.
func (g *generator) complain(d diag.Diagnostic) {
	if !slices.ContainsFunc(g.list, func(other diag.Diagnostic) bool { return other.Pos == d.Pos && other.Message == d.Message }) {
		g.list = append(g.list, d)
	}
}

func (g *generator) position(pos token.Pos) diag.Position {
	p := g.source.Fset.Position(pos)
	return diag.Position{File: p.Filename, Line: p.Line, Column: p.Column}
}

// innermost returns the innermost call of the chain of calls that gives a variable
// its value: dsl.Lambda[…]("charge") in dsl.Lambda[…]("charge").Idempotent().
func innermost(e ast.Expr) *ast.CallExpr {
	for {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok {
			return nil
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return call
		}
		if _, ok := ast.Unparen(method.X).(*ast.CallExpr); !ok {
			return call
		}
		e = method.X
	}
}
