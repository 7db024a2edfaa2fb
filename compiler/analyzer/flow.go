package analyzer

import (
	"fmt"
	"go/ast"
	"go/types"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
)

// outerFlow checks the use of a Flow: it must be that of the innermost function.
func (c *checker) outerFlow(b *border, id *ast.Ident) {
	v, ok := c.info.Uses[id].(*types.Var)
	if !ok || v.IsField() || !isFlow(v.Type()) || v.Parent() == c.pkg.Scope() || b.payload || inside(v, b) {
		return
	}
	c.report(id, diag.Error, OuterFlow, fmt.Sprintf("%s is the Flow of an enclosing function", id.Name),
		"use the *dsl.Flow that the innermost function was given; an expression (Select, Filter) cannot hold states")
}

// sent checks what is sent on a channel.
func (c *checker) sent(n *ast.SendStmt) {
	if isFlow(c.info.TypeOf(n.Value)) {
		c.report(n, diag.Error, FlowEscapes, "a channel carries a Flow out of its function", "pass the Flow as an argument")
	}
}
