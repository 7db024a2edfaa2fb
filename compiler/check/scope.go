package check

import (
	"maps"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// parameters checks that the parameter of an expression's function, such as
// Select's, is used only within that function.
func (c *checker) parameters() {
	c.blockParameters(c.workflow.Body)
}

func (c *checker) blockParameters(b *spec.Block) {
	b.Walk(func(step spec.Step) {
		spec.EveryExpr(step, func(x *spec.Expr) { c.parametersOf(x, nil, step.Head().Pos) })
		spec.EveryBlock(step, func(inner *spec.Block) { c.parametersOf(inner.Result, nil, inner.Pos) })
	})
	c.parametersOf(b.Result, nil, b.Pos)
}

func (c *checker) parametersOf(x *spec.Expr, known map[*spec.Source]bool, at spec.Pos) {
	switch {
	case x == nil:
		return
	case x.Op == spec.OpRef && x.Source.Kind == spec.FromParam && !known[x.Source]:
		c.add(diag.Diagnostic{
			Code: "OUT_OF_SCOPE", Pos: position(at), Message: "the item of a Select or Filter is used outside the function that it was given to",
			Fix:     "return what you need from that function: Select makes a list of it",
			Related: []diag.Related{{Message: "the value comes from here", Pos: position(x.Source.Pos)}},
		})
	case x.Op == spec.OpLambda:
		known = maps.Clone(known)
		if known == nil {
			known = make(map[*spec.Source]bool)
		}
		for _, p := range x.Params {
			known[p] = true
		}
	}
	for _, arg := range x.Args {
		c.parametersOf(arg, known, at)
	}
}
