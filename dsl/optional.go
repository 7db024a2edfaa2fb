package dsl

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// Some is an Optional that has the value x.
//
//go:noinline
func Some[T any](x T) Optional[T] {
	pos := here()
	e := exprOf(x, "the value of Some", pos)
	return Optional[T]{e: &spec.Expr{Op: spec.OpSome, Type: typeFor(goType[Optional[T]]()), Args: args(e), Pos: pos}}
}

// Absent is an Optional without a value: its key is left out of the document. It
// is the zero Optional.
//
//go:noinline
func Absent[T any]() Optional[T] {
	return Optional[T]{e: &spec.Expr{Op: spec.OpAbsent, Type: typeFor(goType[Optional[T]]()), Pos: here()}}
}

// Null is an Optional that is null in the document.
//
//go:noinline
func Null[T any]() Optional[T] {
	return Optional[T]{e: &spec.Expr{Op: spec.OpNull, Type: typeFor(goType[Optional[T]]()), Pos: here()}}
}

// Present tells whether the value is neither missing nor null.
//
//go:noinline
func (o Optional[T]) Present() Bool { return call1[bool](spec.OpPresent, o.e) }

// Or is the value, or x where it is missing or null.
//
//go:noinline
func (o Optional[T]) Or(x T) T {
	pos := here()
	list := args(o.e, exprOf(x, "the value of Or", pos))
	return symbol[T](&spec.Expr{Op: spec.OpOrElse, Type: typeFor(goType[T]()), Args: list, Pos: pos})
}

// Must is the value. A state that uses it while it is missing fails with
// States.QueryEvaluationError.
//
//go:noinline
func (o Optional[T]) Must() T {
	return symbol[T](&spec.Expr{Op: spec.OpMust, Type: typeFor(goType[T]()), Args: args(o.e), Pos: here()})
}
