package dsl

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// Like is what can be compared for equality with a Value[T]: another one, or a
// literal. A literal of the wrong kind is reported when the workflow is traced.
type Like[T any] interface {
	Value[T] | ~string | ~bool | ~int | ~float64
}

// Than is what can be compared in order with a Value[T], a number.
type Than[T any] interface {
	Value[T] | Int | Float | ~int | ~float64
}

// Num is what can be added to a Value[T], a number.
type Num[T any] interface {
	Value[T] | Int | ~int | ~float64
}

// Number is the Go types of numbers.
type Number interface{ ~int | ~float64 }

// Instant is a symbolic or literal point in time.
type Instant interface{ Time | time.Time }

// call2 makes an expression of two operands. It and its callers must keep here's
// frames: exported operators are not inlined.
func call2[R, A any](op spec.Op, a Value[A], b any) Value[R] {
	pos := here()
	first := given(a.e, typeFor(goType[Value[A]]()), "an operand", pos)
	second := operand(b, typeFor(goType[Value[A]]()), op, pos)
	return Value[R]{e: &spec.Expr{Op: op, Type: typeFor(goType[Value[R]]()), Args: []*spec.Expr{first, second}, Pos: pos}}
}

func call1[R any](op spec.Op, of ...*spec.Expr) Value[R] {
	return Value[R]{e: &spec.Expr{Op: op, Type: typeFor(goType[Value[R]]()), Args: args(of...), Pos: here()}}
}

// Eq is a = b. The first operand is symbolic.
//
//go:noinline
func Eq[T any, B Like[T]](a Value[T], b B) Bool { return call2[bool](spec.OpEq, a, b) }

// Ne is a ≠ b.
//
//go:noinline
func Ne[T any, B Like[T]](a Value[T], b B) Bool { return call2[bool](spec.OpNe, a, b) }

// In tells whether a is one of the literals.
//
//go:noinline
func In[T Literal](a Value[T], of ...T) Bool {
	pos := here()
	list := args(a.e)
	for _, x := range of {
		list = append(list, literal(x, pos))
	}
	return Bool{e: &spec.Expr{Op: spec.OpIn, Type: typeFor(goType[Bool]()), Args: list, Pos: pos}}
}

// Gt is a > b.
//
//go:noinline
func Gt[T Number, B Than[T]](a Value[T], b B) Bool { return call2[bool](spec.OpGt, a, b) }

// Ge is a ≥ b.
//
//go:noinline
func Ge[T Number, B Than[T]](a Value[T], b B) Bool { return call2[bool](spec.OpGe, a, b) }

// Lt is a < b.
//
//go:noinline
func Lt[T Number, B Than[T]](a Value[T], b B) Bool { return call2[bool](spec.OpLt, a, b) }

// Le is a ≤ b.
//
//go:noinline
func Le[T Number, B Than[T]](a Value[T], b B) Bool { return call2[bool](spec.OpLe, a, b) }

// Add is a + b, of a's type.
//
//go:noinline
func Add[T Number, B Num[T]](a Value[T], b B) Value[T] { return call2[T](spec.OpAdd, a, b) }

// Sub is a − b, of a's type.
//
//go:noinline
func Sub[T Number, B Num[T]](a Value[T], b B) Value[T] { return call2[T](spec.OpSub, a, b) }

// Mul is a × b, of a's type.
//
//go:noinline
func Mul[T Number, B Num[T]](a Value[T], b B) Value[T] { return call2[T](spec.OpMul, a, b) }

// Mod is the remainder of a ÷ b, with a's sign. By 0 it fails with
// States.QueryEvaluationError.
//
//go:noinline
func Mod[T Number, B Num[T]](a Value[T], b B) Value[T] { return call2[T](spec.OpMod, a, b) }

// Div is a ÷ b. A division by 0 gives no number: the state that uses it fails.
//
//go:noinline
func Div[T Number, B Than[T]](a Value[T], b B) Float { return call2[float64](spec.OpDiv, a, b) }

// ToFloat is an Int as a Float.
//
//go:noinline
func ToFloat(n Int) Float { return call1[float64](spec.OpFloat, n.e) }

// Round is the nearest whole number; a half goes to the even one, as in
// JSONata: Round of 2.5 is 2.
//
//go:noinline
func Round(x Float) Int { return call1[int](spec.OpRound, x.e) }

// Floor is the largest whole number not above x.
//
//go:noinline
func Floor(x Float) Int { return call1[int](spec.OpFloor, x.e) }

// Ceil is the smallest whole number not below x.
//
//go:noinline
func Ceil(x Float) Int { return call1[int](spec.OpCeil, x.e) }

// And is true when all conditions hold; the first that does not decides.
//
//go:noinline
func And(conditions ...Bool) Bool { return call1[bool](spec.OpAnd, exprs(conditions)...) }

// Or is true when one of the conditions holds.
//
//go:noinline
func Or(conditions ...Bool) Bool { return call1[bool](spec.OpOr, exprs(conditions)...) }

// Not is true when the condition does not hold.
//
//go:noinline
func Not(condition Bool) Bool { return call1[bool](spec.OpNot, condition.e) }

func exprs[T any](values []Value[T]) []*spec.Expr {
	var list []*spec.Expr
	for _, v := range values {
		list = append(list, v.e)
	}
	return list
}

// Cond is then where the condition holds, else otherwise: an expression, not a
// state. See [Switch] for a state.
//
//go:noinline
func Cond[T any](condition Bool, then, otherwise T) T {
	pos := here()
	list := args(condition.e, exprOf(then, "the value of Cond", pos), exprOf(otherwise, "the value of Cond", pos))
	return symbol[T](&spec.Expr{Op: spec.OpCond, Type: typeFor(goType[T]()), Args: list, Pos: pos})
}

// Before tells whether a is earlier than b, whatever their time zones.
//
//go:noinline
func Before[A, B Instant](a A, b B) Bool { return instants[bool](spec.OpBefore, a, b) }

// After tells whether a is later than b, whatever their time zones.
//
//go:noinline
func After[A, B Instant](a A, b B) Bool { return instants[bool](spec.OpAfter, a, b) }

// Between is the time from a to b in whole seconds, rounded down; negative when
// b is earlier.
//
//go:noinline
func Between[A, B Instant](a A, b B) Int { return instants[int](spec.OpBetween, a, b) }

func instants[R any](op spec.Op, a, b any) Value[R] {
	pos, t := here(), typeFor(goType[Time]())
	list := []*spec.Expr{operand(a, t, op, pos), operand(b, t, op, pos)}
	return Value[R]{e: &spec.Expr{Op: op, Type: typeFor(goType[Value[R]]()), Args: list, Pos: pos}}
}

// Later is t plus d, in UTC with milliseconds.
//
//go:noinline
func Later(t Time, d time.Duration) Time {
	pos := here()
	return Time{e: &spec.Expr{
		Op: spec.OpLater, Type: typeFor(goType[Time]()), Args: append(args(t.e), literal(int(d.Milliseconds()), pos)), Pos: pos,
	}}
}
