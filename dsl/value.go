package dsl

import (
	"errors"
	"fmt"
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A Value is a T that is known only while the workflow runs: in the workflow
// function it stands for an expression. Values cannot be compared, converted or
// computed with in Go; use the functions of this package ([Eq], [Add], …).
// Hovering over a field shows its alias: Value[float64] is [Float].
//
// A Value in a payload must be set: its zero Value is reported. Use [Optional]
// for what may be missing.
type Value[T any] struct {
	_ [0]func(T) T // makes values incomparable and values of different T inconvertible
	e *spec.Expr
}

// The scalar types of workflow data. In JSON they are what their names say; a
// Time is an RFC 3339 text.
type (
	String = Value[string]
	Int    = Value[int] // exact up to 2^53, as all numbers of JSONata
	Float  = Value[float64]
	Bool   = Value[bool]
	Time   = Value[time.Time]
	JSON   = Value[any] // any document; see As
)

// Enum is a text that takes the values of the Go string type T.
type Enum[T ~string] = Value[T]

// A List is an ordered sequence of T, a type of this package or a struct of
// them. Its zero value is not the empty list but unset: write ListOf[T]() for an
// empty one.
type List[T any] struct {
	_ [0]func(T) T
	e *spec.Expr
}

// A Dict is an object with keys that are data, and values of one type T. Its
// zero value is unset; see [DictOf].
type Dict[T any] struct {
	_ [0]func(T) T
	e *spec.Expr
}

// An Optional is a T that may be missing or null. Reading does not tell the two
// apart; writing keeps what was given. The zero Optional is absent: it is the
// one type that may be left unset in a payload.
type Optional[T any] struct {
	_ [0]func(T) T
	e *spec.Expr
}

// None is the type of no input and of no result.
type None struct{}

// A Symbol is any value of this package that stands for run-time data: Value,
// List, Dict or Optional. No other type implements it.
type Symbol interface {
	expr() *spec.Expr
}

func (v Value[T]) expr() *spec.Expr    { return v.e }
func (l List[T]) expr() *spec.Expr     { return l.e }
func (d Dict[T]) expr() *spec.Expr     { return d.e }
func (o Optional[T]) expr() *spec.Expr { return o.e }

func (v *Value[T]) set(e *spec.Expr)    { v.e = e }
func (l *List[T]) set(e *spec.Expr)     { l.e = e }
func (d *Dict[T]) set(e *spec.Expr)     { d.e = e }
func (o *Optional[T]) set(e *spec.Expr) { o.e = e }

// mark begins the text of a symbol that was formatted by mistake, so that
// whatever the text ends up in can be reported.
const mark = "‹symbol "

func marked(e *spec.Expr) string { return mark + describe(e) + "›" }

var errNotData = errors.New("dsl: a symbolic value has no JSON while the workflow is traced: it stands for data that exists only at run time")

// String returns a text that says that the value is not data. Formatting a
// symbol is a mistake; a state name, literal or cause made of such a text is
// reported. Use [Format].
func (v Value[T]) String() string { return marked(v.e) }

// String is a mistake to call; see [Value.String].
func (l List[T]) String() string { return marked(l.e) }

// String is a mistake to call; see [Value.String].
func (d Dict[T]) String() string { return marked(d.e) }

// String is a mistake to call; see [Value.String].
func (o Optional[T]) String() string { return marked(o.e) }

// MarshalJSON always fails: a symbol is not data.
func (v Value[T]) MarshalJSON() ([]byte, error) { return nil, errNotData }

// MarshalJSON always fails: a symbol is not data.
func (l List[T]) MarshalJSON() ([]byte, error) { return nil, errNotData }

// MarshalJSON always fails: a symbol is not data.
func (d Dict[T]) MarshalJSON() ([]byte, error) { return nil, errNotData }

// MarshalJSON always fails: a symbol is not data.
func (o Optional[T]) MarshalJSON() ([]byte, error) { return nil, errNotData }

// A Literal is a Go type whose values can be written into a workflow.
type Literal interface {
	~string | ~bool | ~int | ~float64 | time.Time
}

// V is a literal: V("EUR") is a String, V(3) an Int, V(3.0) a Float, V(Paid) an
// Enum of Paid's type.
//
//go:noinline
func V[T Literal](x T) Value[T] {
	return Value[T]{e: literal(x, here())}
}

// As gives a document a type. Nothing is checked: a field that is not there
// fails where it is read, with States.QueryEvaluationError.
//
//go:noinline
func As[T any](document JSON) T {
	return symbol[T](&spec.Expr{Op: spec.OpAs, Type: typeFor(goType[T]()), Args: args(document.e), Pos: here()})
}

// describe names an expression in a message: "order.total".
func describe(e *spec.Expr) string {
	switch {
	case e == nil || e.Op == spec.OpUnset:
		return "without a value"
	case e.Op == spec.OpRef:
		return e.Source.Name
	case e.Op == spec.OpField:
		return describe(e.Args[0]) + "." + e.Names[0]
	case e.Op == spec.OpLiteral:
		return string(e.Value)
	default:
		return fmt.Sprintf("%s(…)", e.Op)
	}
}
