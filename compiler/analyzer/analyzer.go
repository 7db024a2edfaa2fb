// Package analyzer finds, in the source of workflows, what neither Go's types
// nor a trace can see: a workflow function runs once, when it is compiled, and
// Go code in it that would only make sense while the workflow runs is a mistake.
//
// [Analyzer] works in every driver of go/analysis. The stepsmith command is one:
//
//	go vet -vettool=$(go tool -n stepsmith) ./...
//
// and golangci-lint takes it as a module plugin:
//
//	func init() { register.Plugin("stepsmith", New) }
//
//	func New(any) (register.LinterPlugin, error) { return plugin{}, nil }
//
//	type plugin struct{}
//
//	func (plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
//		return []*analysis.Analyzer{analyzer.Analyzer}, nil
//	}
//
//	func (plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"
)

// The codes of what is found. Those that a trace finds too are the same there.
const (
	CapturedVariable  = "CAPTURED_VARIABLE"   // a function nested in a workflow assigns a variable of the code around it
	FlowEscapes       = "FLOW_ESCAPES"        // a Flow is kept where it outlives its function
	OuterFlow         = "OUTER_FLOW"          // a nested function uses the Flow of the one around it
	CompileTimeValue  = "COMPILE_TIME_VALUE"  // the time or a random number, taken when the workflow is compiled
	CompileTimeEffect = "COMPILE_TIME_EFFECT" // I/O when the workflow is compiled
	Goroutine         = "GOROUTINE"           // a go statement in a workflow function
	MapRange          = "MAP_RANGE"           // states in the random order of a Go map
	UnusedResult      = "UNUSED_RESULT"       // a call whose only effect is its result
	OpenSwitch        = "OPEN_SWITCH"         // a Switch that is not complete
	UnknownEnumValue  = "UNKNOWN_ENUM_VALUE"  // a literal that is none of the enum's constants
)

// Analyzer reports Go code in workflow functions that does not do what it seems
// to do. The category of a diagnostic is its code.
var Analyzer = &analysis.Analyzer{
	Name: "stepsmith",
	Doc: `report Go code in workflow functions that does not do what it seems to do

A workflow function runs once, when it is compiled. This finds Go variables
that are assigned in a branch, arm, loop, iteration or handler, the time and
random numbers taken at compile time, I/O, results that are not used, enum
literals outside the declared constants, states made in the order of a Go map,
and Flows that are used outside their function.`,
	Run: run,
}

func run(pass *analysis.Pass) (any, error) {
	c := newChecker(pass.Pkg, pass.TypesInfo, pass.Files)
	for _, f := range c.check() {
		message := f.message
		if f.fix != "" {
			message += "; " + f.fix
		}
		pass.Report(analysis.Diagnostic{Pos: f.node.Pos(), End: f.node.End(), Category: f.code, Message: message})
	}
	return nil, nil
}

// Check analyses the packages, which must have been loaded with syntax and
// types, and returns what was found in the order of the packages and files.
func Check(pkgs []*packages.Package) diag.List {
	var list diag.List
	for _, p := range pkgs {
		for _, f := range newChecker(p.Types, p.TypesInfo, p.Syntax).check() {
			list = append(list, diag.Diagnostic{
				Severity: f.severity, Code: f.code, Message: f.message, Fix: f.fix, Pos: position(p.Fset, f.node),
			})
		}
	}
	return list
}

func position(fset *token.FileSet, n ast.Node) diag.Position {
	start, end := fset.Position(n.Pos()), fset.Position(n.End())
	return diag.Position{
		File: start.Filename, Line: start.Line, Column: start.Column, Offset: start.Offset, Length: end.Offset - start.Offset,
	}
}

// A finding is a diagnostic at a node.
type finding struct {
	node               ast.Node
	severity           diag.Severity
	code, message, fix string
}

// A checker analyses one package.
type checker struct {
	pkg   *types.Package
	info  *types.Info
	files []*ast.File
	found []finding

	closures  map[types.Object]*ast.FuncLit     // the functions that local variables hold
	functions map[types.Object]*ast.FuncDecl    // of this package
	effects   map[*ast.FuncDecl]*compileTimeUse // what functions do, directly or not
}

func newChecker(pkg *types.Package, info *types.Info, files []*ast.File) *checker {
	return &checker{
		pkg: pkg, info: info, files: files, closures: make(map[types.Object]*ast.FuncLit),
		functions: make(map[types.Object]*ast.FuncDecl), effects: make(map[*ast.FuncDecl]*compileTimeUse),
	}
}

// check returns what is wrong in the package. One that does not import the DSL
// has no workflow functions, and the DSL itself has none of the user's.
func (c *checker) check() []finding {
	if c.pkg == nil || c.pkg.Path() == dslPath || !importsDSL(c.pkg) {
		return nil
	}
	for _, file := range c.files {
		ast.Inspect(file, c.index)
	}
	for _, file := range c.files {
		ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
			c.node(n, stack)
			return true
		})
	}
	return c.found
}

// index notes the functions that are declared or held by a variable.
func (c *checker) index(n ast.Node) bool {
	hold := func(name, value ast.Expr) {
		if lit, ok := value.(*ast.FuncLit); ok {
			if id, ok := name.(*ast.Ident); ok {
				c.closures[c.info.ObjectOf(id)] = lit
			}
		}
	}
	switch n := n.(type) {
	case *ast.FuncDecl:
		c.functions[c.info.Defs[n.Name]] = n
	case *ast.AssignStmt:
		for i := range min(len(n.Lhs), len(n.Rhs)) {
			hold(n.Lhs[i], n.Rhs[i])
		}
	case *ast.ValueSpec:
		for i := range min(len(n.Names), len(n.Values)) {
			hold(n.Names[i], n.Values[i])
		}
	}
	return true
}

// node checks one node; stack has what it is in, outermost first.
func (c *checker) node(n ast.Node, stack []ast.Node) {
	switch n := n.(type) {
	case *ast.ExprStmt:
		c.unused(n)
		return
	case *ast.CallExpr:
		c.enums(n)
	}
	b := c.border(stack)
	if b == nil {
		return
	}
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			c.assigned(b, n.Lhs...)
		}
	case *ast.IncDecStmt:
		c.assigned(b, n.X)
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			c.assigned(b, n.Key, n.Value)
		}
		c.ranged(n)
	case *ast.SendStmt:
		c.sent(n)
	case *ast.GoStmt:
		c.report(n, diag.Error, Goroutine, "a goroutine in a workflow function runs when the workflow is compiled, and a Flow is not safe for it",
			"use dsl.Parallel or dsl.Map for work at the same time")
	case *ast.CallExpr:
		c.compileTime(n)
		c.indirect(b, n)
	case *ast.Ident:
		c.outerFlow(b, n)
	}
}

func (c *checker) report(n ast.Node, s diag.Severity, code, message, fix string) {
	c.found = append(c.found, finding{n, s, code, message, fix})
}
