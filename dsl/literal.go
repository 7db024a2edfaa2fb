package dsl

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// maxInt is the largest whole number that JSON's readers agree on.
const maxInt = 1 << 53

// literal returns the expression for a Go value of a Literal type.
func literal[T Literal](x T, pos spec.Pos) *spec.Expr {
	e := literalOf(x, pos)
	e.Type = typeFor(goType[Value[T]]())
	return e
}

// literalOf returns the expression for a Go value whose symbolic type does not
// matter or is told by the other operand.
func literalOf(x any, pos spec.Pos) *spec.Expr {
	e := &spec.Expr{Op: spec.OpLiteral, Pos: pos}
	if t, ok := x.(time.Time); ok {
		e.Type, e.Value = typeFor(goType[Time]()), encode(t.UTC().Format(time.RFC3339Nano))
		return e
	}
	v := reflect.ValueOf(x)
	switch v.Kind() {
	case reflect.String:
		e.Type, e.Value = typeFor(goType[String]()), encode(v.String())
		if strings.Contains(v.String(), mark) {
			p := symbolInText("the text", pos)
			e.Problem = &p
		}
	case reflect.Bool:
		e.Type, e.Value = typeFor(goType[Bool]()), encode(v.Bool())
	case reflect.Int:
		e.Type, e.Value = typeFor(goType[Int]()), encode(v.Int())
		if v.Int() > maxInt || v.Int() < -maxInt {
			e.Problem = &spec.Problem{
				Code: "BAD_NUMBER", Message: string(e.Value) + " is beyond 2^53, up to which JSON numbers are exact", Pos: pos,
				Fix: "keep large identifiers as text",
			}
		}
	case reflect.Float64:
		e.Type, e.Value = typeFor(goType[Float]()), json.RawMessage("0")
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			e.Problem = &spec.Problem{Code: "BAD_NUMBER", Message: "the number is not finite, which JSON cannot write", Fix: "use a finite number", Pos: pos}
		} else {
			e.Value = encode(f)
		}
	}
	return e
}

func encode(x any) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(x) // strings, numbers and booleans cannot fail
	return bytes.TrimSpace(b.Bytes())
}

// operand returns the expression for the second operand of an operator: a symbol
// or a literal. Go cannot demand that a literal's kind fits, so that is checked
// here.
func operand(x any, first *spec.Type, op spec.Op, pos spec.Pos) *spec.Expr {
	if s, ok := x.(shaped); ok {
		return given(s.expr(), typeFor(reflect.TypeOf(x)), "an operand", pos)
	}
	e := literalOf(x, pos)
	if first.Kind != e.Type.Kind && !(first.Kind == spec.Float && e.Type.Kind == spec.Int) && first.Kind != spec.JSON {
		e.Problem = &spec.Problem{
			Code: "WRONG_LITERAL", Message: first.String() + " and the literal " + string(e.Value) + " have no common type", Pos: pos,
			Fix: "use a literal of the first operand's type" + hint(first.Kind, e.Type.Kind, op),
		}
	}
	return e
}

func hint(first, second spec.TypeKind, op spec.Op) string {
	if first == spec.Int && second == spec.Float && op != spec.OpEq && op != spec.OpNe {
		return ", or make the first a Float with dsl.ToFloat"
	}
	return ""
}

// args returns the arguments of an operator; a nil one has no value.
func args(list ...*spec.Expr) []*spec.Expr {
	for i, e := range list {
		if e == nil {
			list[i] = unset(nil, "an operand", here())
		}
	}
	return list
}
