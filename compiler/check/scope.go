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
		_, task := step.(*spec.Call)
		spec.EveryExpr(step, func(x *spec.Expr) {
			c.parametersOf(x, nil, step.Head().Pos)
			if !task {
				c.attempts(x)
			}
		})
		spec.EveryBlock(step, func(inner *spec.Block) {
			c.parametersOf(inner.Result, nil, inner.Pos)
			c.attempts(inner.Result)
		})
	})
	c.parametersOf(b.Result, nil, b.Pos)
	c.attempts(b.Result)
}

// attempts reports the use of the number of attempts, which only the states of
// tasks have.
func (c *checker) attempts(x *spec.Expr) {
	x.Walk(func(x *spec.Expr) bool {
		if x.Op == spec.OpContext && x.Names[len(x.Names)-1] == "RetryCount" {
			c.report("CROSSES_BORDER", &spec.Header{Pos: x.Pos}, "put it into the input of the task that is tried again", "RetryCount is used outside the input of a task")
		}
		return true
	})
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
