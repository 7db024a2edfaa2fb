package dsl

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// JSONata is an expression in JSONata, for what this package has no function
// for. arguments are $1, $2 and so on in it; of other data it can refer to the
// context object only, as $states.context. Its type is yours to tell: only a List
// is made sure of, as an expression that gives one item, or nothing, means a list
// there.
//
//	words := dsl.JSONata[dsl.List[dsl.String]]("$match($1, /[a-z]+/).match", order.Note)
//
//go:noinline
func JSONata[T any](code string, arguments ...Symbol) T {
	pos := here()
	e := &spec.Expr{Op: spec.OpCode, Type: typeFor(goType[T]()), Text: code, Pos: pos}
	for _, a := range arguments {
		var arg *spec.Expr
		if a != nil {
			arg = a.expr()
		}
		e.Args = append(e.Args, args(arg)...)
	}
	return symbol[T](e)
}
