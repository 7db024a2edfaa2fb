package analyzer

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"
)

const dslPath = "github.com/stepsmith-dev/stepsmith/dsl"

func importsDSL(pkg *types.Package) bool {
	return slices.ContainsFunc(pkg.Imports(), func(p *types.Package) bool { return p.Path() == dslPath })
}

// A border is a workflow function: its code runs when the workflow is compiled,
// at a place of its own in the workflow.
type border struct {
	ast.Node
	// payload says that the function makes the input of a state, as a callback's
	// does: it may use the Flow that the state is recorded on.
	payload bool
}

// border returns the innermost border that the stack is in, nil for ordinary Go
// code. Borders are functions with a Flow or Fork parameter, and functions passed
// to the DSL, such as Select's. A closure without a Flow is none: it belongs to
// where it is called. Nor is the function of a Group, which has no effect but on
// names.
func (c *checker) border(stack []ast.Node) *border {
	for i, n := range slices.Backward(stack) {
		switch n := n.(type) {
		case *ast.FuncLit:
			if b := c.literal(n, stack[i-1]); b != nil {
				return b
			}
		case *ast.FuncDecl:
			if takesFlow(c.info.Defs[n.Name].Type()) {
				return &border{Node: n}
			}
		}
	}
	return nil
}

func (c *checker) literal(lit *ast.FuncLit, parent ast.Node) *border {
	own := takesFlow(c.info.TypeOf(lit))
	if call, ok := parent.(*ast.CallExpr); ok && call.Fun != ast.Expr(lit) {
		if f := c.dslFunc(call); f != nil {
			if f.Name() == "Group" {
				return nil
			}
			return &border{lit, !own && takesFlow(f.Type())}
		}
	}
	if !own {
		return nil
	}
	return &border{Node: lit}
}

// takesFlow reports whether t is a function with a Flow or Fork parameter.
func takesFlow(t types.Type) bool {
	s, ok := t.(*types.Signature)
	if !ok {
		return false
	}
	for v := range s.Params().Variables() {
		if isFlow(v.Type()) {
			return true
		}
	}
	return false
}

// isFlow reports whether t is *dsl.Flow or *dsl.Fork.
func isFlow(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	return ok && (isDSL(p.Elem(), "Flow") || isDSL(p.Elem(), "Fork"))
}

// isDSL reports whether t is the type of the DSL with that name.
func isDSL(t types.Type, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == dslPath
}

// dslFunc returns the function or method of the DSL that is called, or nil.
func (c *checker) dslFunc(call *ast.CallExpr) *types.Func {
	f, ok := typeutil.Callee(c.info, call).(*types.Func)
	if !ok || f.Pkg() == nil || f.Pkg().Path() != dslPath {
		return nil
	}
	return f
}

// inside reports whether an object is declared in a node.
func inside(obj types.Object, n ast.Node) bool { return n.Pos() <= obj.Pos() && obj.Pos() < n.End() }

// symbolic reports whether values of the type hold symbols of the DSL.
func symbolic(t types.Type) bool { return holdsSymbols(t, make(map[types.Type]bool)) }

func holdsSymbols(t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if seen[t] {
		return false
	}
	seen[t] = true
	for _, name := range [...]string{"Value", "List", "Dict", "Optional"} {
		if isDSL(t, name) {
			return true
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if holdsSymbols(f.Type(), seen) {
				return true
			}
		}
		return false
	case interface{ Elem() types.Type }: // pointer, slice, array, map, channel
		return holdsSymbols(u.Elem(), seen)
	}
	return false
}
