package dsl

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// ListOf is a list of the given items.
//
//go:noinline
func ListOf[T any](items ...T) List[T] {
	return List[T]{e: listExpr[T](spec.OpList, nil, items)}
}

// Append is the list with more items at its end.
//
//go:noinline
func Append[T any](list List[T], items ...T) List[T] {
	return List[T]{e: listExpr[T](spec.OpAppend, args(list.e), items)}
}

func listExpr[T any](op spec.Op, first []*spec.Expr, items []T) *spec.Expr {
	pos := here()
	e := &spec.Expr{Op: op, Type: typeFor(goType[List[T]]()), Args: first, Pos: pos}
	for _, x := range items {
		e.Args = append(e.Args, args(exprOf(x, "an item of the list", pos))...)
	}
	return e
}

// Concat is the lists one after the other.
//
//go:noinline
func Concat[T any](lists ...List[T]) List[T] {
	e := &spec.Expr{Op: spec.OpConcat, Type: typeFor(goType[List[T]]()), Pos: here()}
	for _, l := range lists {
		e.Args = append(e.Args, args(l.e)...)
	}
	return List[T]{e: e}
}

// At is the item at index i, from 0; a negative index counts from the end. A
// state that uses an item that is not there fails with
// States.QueryEvaluationError.
//
//go:noinline
func At[T any, I int | Int](list List[T], i I) T {
	pos := here()
	index := operand(i, typeFor(goType[Int]()), spec.OpAt, pos)
	return symbol[T](&spec.Expr{Op: spec.OpAt, Type: typeFor(goType[T]()), Args: append(args(list.e), index), Pos: pos})
}

// Len is the number of items.
//
//go:noinline
func Len[T any](list List[T]) Int { return call1[int](spec.OpLen, list.e) }

// Has tells whether x is in the list.
//
//go:noinline
func Has[T any, B Like[T]](list List[Value[T]], x B) Bool {
	pos := here()
	return Bool{e: &spec.Expr{
		Op: spec.OpHas, Type: typeFor(goType[Bool]()), Args: append(args(list.e), operand(x, typeFor(goType[Value[T]]()), spec.OpEq, pos)), Pos: pos,
	}}
}

// Select is the list of what the function makes of each item: an expression,
// which holds no states. See [Map] for states.
//
//go:noinline
func Select[A, B any](list List[A], each func(A) B) List[B] {
	return List[B]{e: overItems(spec.OpSelect, list, typeFor(goType[List[B]]()), each)}
}

// Filter is the list of the items for which the function's condition holds.
//
//go:noinline
func Filter[A any](list List[A], keep func(A) Bool) List[A] {
	return List[A]{e: overItems(spec.OpFilter, list, typeFor(goType[List[A]]()), keep)}
}

func overItems[A, B any](op spec.Op, list List[A], t *spec.Type, each func(A) B) *spec.Expr {
	pos := here()
	e := &spec.Expr{Op: op, Type: t, Args: args(list.e), Pos: pos}
	if each == nil {
		e.Problem = &spec.Problem{Code: "NIL_FUNCTION", Message: "the function is nil", Fix: "pass a function", Pos: pos}
		return e
	}
	param := &spec.Source{Kind: spec.FromParam, Type: typeFor(goType[A]()), Name: "item", Pos: pos}
	done := quiet(list.e)
	defer done()
	body := exprOf(each(symbol[A](ref(param))), "the function's result", pos)
	e.Args = append(e.Args, &spec.Expr{Op: spec.OpLambda, Type: typeFor(goType[B]()), Params: []*spec.Source{param}, Args: args(body), Pos: pos})
	return e
}

// quiet makes the flow that a list belongs to refuse states until done is
// called: the function of an expression cannot hold any.
func quiet(list *spec.Expr) (done func()) {
	var flow *Flow
	list.Walk(func(e *spec.Expr) bool {
		if e.Op == spec.OpRef && flow == nil {
			if owner, ok := e.Source.Owner.(*Flow); ok {
				flow = owner.trace.current
			}
		}
		return flow == nil
	})
	if flow == nil {
		return func() {}
	}
	flow.busy++
	return func() { flow.busy-- }
}

// Sum is the sum of the numbers; 0 for none.
//
//go:noinline
func Sum[T Number](list List[Value[T]]) Value[T] { return call1[T](spec.OpSum, list.e) }

// Max is the largest number; absent for an empty list.
//
//go:noinline
func Max[T Number](list List[Value[T]]) Optional[Value[T]] {
	return Optional[Value[T]]{e: &spec.Expr{Op: spec.OpMax, Type: typeFor(goType[Optional[Value[T]]]()), Args: args(list.e), Pos: here()}}
}

// Min is the smallest number; absent for an empty list.
//
//go:noinline
func Min[T Number](list List[Value[T]]) Optional[Value[T]] {
	return Optional[Value[T]]{e: &spec.Expr{Op: spec.OpMin, Type: typeFor(goType[Optional[Value[T]]]()), Args: args(list.e), Pos: here()}}
}
