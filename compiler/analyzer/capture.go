package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
)

const carry = "return the value from the function (Switch, Try, Repeat, Branch and Map give it back), or keep it in a dsl.Var"

// assigned checks what the code of a border assigns to: variables declared
// outside it keep what the last trace gave them, whichever way the workflow takes.
func (c *checker) assigned(b *border, targets ...ast.Expr) {
	for _, target := range targets {
		v := c.variable(target)
		if v == nil || inside(v, b) {
			continue
		}
		if isFlow(c.info.TypeOf(target)) {
			c.report(target, diag.Error, FlowEscapes, fmt.Sprintf("%s keeps a Flow that is of no use after its function has returned", types.ExprString(target)),
				"pass the Flow as an argument")
			continue
		}
		c.report(target, diag.Error, CapturedVariable, captured(v.Name()), carry)
	}
}

func captured(name string) string {
	return fmt.Sprintf("%s belongs to the code around this function: it is assigned once, when the workflow is compiled, whichever way an execution takes", name)
}

// variable returns the variable that an assignment to an expression changes, in
// whole or in part.
func (c *checker) variable(e ast.Expr) *types.Var {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			v, _ := c.info.ObjectOf(x).(*types.Var)
			return v
		case *ast.SelectorExpr:
			if v, ok := c.info.Uses[x.Sel].(*types.Var); ok && !v.IsField() {
				return v // of another package
			}
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// indirect checks the call of a closure that is declared outside the border: it
// may assign symbols to variables of the code around it. Other variables, such as
// a counter that makes state names unique, are what compile time is for.
func (c *checker) indirect(b *border, call *ast.CallExpr) {
	id, ok := call.Fun.(*ast.Ident)
	if !ok {
		return
	}
	lit := c.closures[c.info.Uses[id]]
	if lit == nil || b.Pos() <= lit.Pos() && lit.End() <= b.End() || takesFlow(c.info.TypeOf(lit)) {
		return
	}
	ast.Inspect(lit, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || a.Tok == token.DEFINE {
			return true
		}
		for _, target := range a.Lhs {
			v := c.variable(target)
			if v != nil && !inside(v, lit) && !inside(v, b) && symbolic(v.Type()) {
				c.report(call, diag.Error, CapturedVariable, fmt.Sprintf("%s assigns %s: %s", id.Name, v.Name(), captured(v.Name())), carry)
			}
		}
		return true
	})
}
