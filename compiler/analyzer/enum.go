package analyzer

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
)

// enums checks the literals that a call of the DSL gets for an enum: Go lets any
// untyped text be one.
func (c *checker) enums(call *ast.CallExpr) {
	if c.dslFunc(call) == nil {
		return
	}
	var compared types.Type // the enum of the first operand
	for i, arg := range call.Args {
		t := c.info.Types[arg]
		if i == 0 {
			compared = element(t.Type)
		}
		if t.Value == nil || t.Value.Kind() != constant.String {
			continue
		}
		enum := t.Type
		if b, ok := types.Unalias(enum).(*types.Basic); ok && b.Info()&types.IsString != 0 && compared != nil {
			enum = compared
		}
		c.literalOf(arg, enum, constant.StringVal(t.Value))
	}
}

// element returns T of a Value[T], or of a List of them.
func element(t types.Type) types.Type {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.TypeArgs().Len() != 1 {
		return nil
	}
	switch {
	case isDSL(n, "Value"):
		return n.TypeArgs().At(0)
	case isDSL(n, "List"):
		return element(n.TypeArgs().At(0))
	}
	return nil
}

// literalOf checks a literal against the constants that are declared with the
// enum's type. A type without any is no enum.
func (c *checker) literalOf(arg ast.Expr, enum types.Type, literal string) {
	n, ok := types.Unalias(enum).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() == dslPath {
		return
	}
	var names []string
	scope := n.Obj().Pkg().Scope()
	for _, name := range scope.Names() {
		k, ok := scope.Lookup(name).(*types.Const)
		if !ok || !types.Identical(k.Type(), n) || k.Val().Kind() != constant.String {
			continue
		}
		if constant.StringVal(k.Val()) == literal {
			return
		}
		if k.Exported() || k.Pkg() == c.pkg {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return
	}
	c.report(arg, diag.Error, UnknownEnumValue, fmt.Sprintf("%q is none of the constants of type %s", literal, n.Obj().Name()),
		"use one of "+strings.Join(names, ", "))
}
