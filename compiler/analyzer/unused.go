package analyzer

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
)

// unused checks a call that is a statement: calls of the DSL that record nothing
// have no effect but their result.
func (c *checker) unused(n *ast.ExprStmt) {
	call, ok := ast.Unparen(n.X).(*ast.CallExpr)
	if !ok {
		return
	}
	f := c.dslFunc(call)
	if f == nil || f.Signature().Results().Len() == 0 {
		return
	}
	result := f.Signature().Results().At(0).Type()
	name := f.Name()
	switch {
	case name == "Switch" || isDSL(pointed(result), "Switching"):
		c.report(n, diag.Error, OpenSwitch, "this Switch has no Default, so it has no value when no case holds", "end it with Default; use dsl.If for a choice without a value")
	case slices.ContainsFunc(copied[:], func(name string) bool { return isDSL(result, name) }):
		c.report(n, diag.Error, UnusedResult, fmt.Sprintf("%s changes nothing: it returns a changed copy", name), "use what it returns")
	case !records(f):
		c.report(n, diag.Warning, UnusedResult, fmt.Sprintf("the result of %s is not used, and it has no other effect", name), "use it or remove it")
	}
}

// copied are the types whose methods return changed copies.
var copied = [...]string{"Task", "Callback", "Nested", "Raw", "Reader", "Retrier"}

// records reports whether a function of the DSL that returns something does more
// than that.
func records(f *types.Func) bool {
	switch f.Name() {
	case "Now", "UUID", "Random", "Execution", "StateMachine", "ItemIndex", "RetryCount", "Var":
		return false
	case "Default", "ElseIf", "Trace":
		return true
	}
	return takesFlow(f.Type())
}

// pointed returns what a pointer points to.
func pointed(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
