package jsonata

import (
	"math"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// operands are the two sides of a binary operator.
type operands struct {
	left, right *unit
	operator    string
	position    int
}

func operator(n *Binary, left, right *unit) operation {
	o := operands{left, right, n.Operator, n.Position()}
	switch n.Operator {
	case "=", "!=":
		return &equality{o}
	case "<", "<=", ">", ">=":
		return &comparison{o}
	case "and", "or":
		return &logic{o}
	case "&":
		return newConcatenation(o)
	case "in":
		return &inclusion{o}
	case "..":
		return &rangeOp{o}
	}
	return &arithmetic{o}
}

func (o *operands) eval(ev *evaluation, in value.Value, sc *scope) (l, r value.Value, err *Error) {
	if l, err = o.left.eval(ev, in, sc); err == nil {
		r, err = o.right.eval(ev, in, sc)
	}
	return l, r, err
}

func (o *operands) symbol() string { return o.operator }

// fail places an error at the operator.
func (o *operands) fail(err *Error) *Error {
	err.Position, err.Token, err.tokenSet = o.position, o.operator, true
	return err
}

type arithmetic struct{ operands }

func (op *arithmetic) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	l, r, err := op.operands.eval(ev, in, sc)
	if err != nil {
		return value.Value{}, err
	}
	a, okA, err := number(l)
	if err == nil && !okA && !l.IsUndefined() {
		err = fail("T2001", l)
	}
	if err != nil {
		return value.Value{}, op.fail(err)
	}
	b, okB, err := number(r)
	if err == nil && !okB && !r.IsUndefined() {
		err = fail("T2002", r)
	}
	if err != nil {
		return value.Value{}, op.fail(err)
	}
	if !okA || !okB {
		return value.Value{}, nil
	}
	switch op.operator {
	case "+":
		a += b
	case "-":
		a -= b
	case "*":
		a *= b
	case "/":
		a /= b
	case "%":
		a = math.Mod(a, b)
	}
	return value.Float(a), nil
}

type negation struct {
	operand  *unit
	position int
}

func (op *negation) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	v, err := op.operand.eval(ev, in, sc)
	if err != nil || v.IsUndefined() {
		return v, err
	}
	f, ok, err := number(v)
	if err == nil && !ok {
		err = failAt("D1002", op.position, "-")
		err.Value = v
	}
	return value.Float(-f), err
}

type equality struct{ operands }

func (op *equality) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	l, r, err := op.operands.eval(ev, in, sc)
	if err != nil {
		return value.Value{}, err
	}
	if l.IsUndefined() || r.IsUndefined() {
		return value.Bool(false), nil
	}
	same, err := ev.equal(l, r)
	if err != nil {
		return value.Value{}, op.fail(err)
	}
	return value.Bool(same == (op.operator == "=")), nil
}

type comparison struct{ operands }

func (op *comparison) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	l, r, err := op.operands.eval(ev, in, sc)
	if err != nil {
		return value.Value{}, err
	}
	if a, ok := l.Float(); ok {
		if b, ok := r.Float(); ok {
			return value.Bool(op.holds(a < b, a == b, a > b)), nil
		}
	}
	kl, kr := l.Kind(), r.Kind()
	for _, v := range [2]value.Value{l, r} {
		if k := v.Kind(); k != value.KindUndefined && k != value.KindString && k != value.KindNumber {
			if kl == value.KindUndefined { // jsonata-js shows the left side then
				v = l
			}
			return value.Value{}, op.fail(fail("T2010", v))
		}
	}
	if kl == value.KindUndefined || kr == value.KindUndefined {
		return value.Value{}, nil
	}
	if kl != kr {
		err := fail("T2009", l)
		err.other = r
		return value.Value{}, op.fail(err)
	}
	a, _ := l.Str()
	b, _ := r.Str()
	if err := ev.spend(min(len(a), len(b)) / 64); err != nil {
		return value.Value{}, op.fail(err)
	}
	order := compareText(a, b)
	return value.Bool(op.holds(order < 0, order == 0, order > 0)), nil
}

func (op *comparison) holds(less, same, more bool) bool {
	switch op.operator {
	case "<":
		return less
	case "<=":
		return less || same
	case ">":
		return more
	}
	return more || same
}

// compareText orders strings by their UTF-16 units, as JavaScript does.
func compareText(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n == len(a) || n == len(b) {
		return len(a) - len(b)
	}
	x, y := a[n], b[n]
	// Four bytes are a pair of surrogates, which come before U+E000.
	if astral := x >= 0xF0; astral != (y >= 0xF0) && min(x, y) >= 0xEE {
		if astral {
			return -1
		}
		return 1
	}
	return int(x) - int(y)
}

type logic struct{ operands }

func (op *logic) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	l, err := op.left.eval(ev, in, sc)
	if err != nil {
		return value.Value{}, err
	}
	truth, err := ev.truthy(l)
	if err == nil && truth == (op.operator == "and") {
		var r value.Value
		if r, err = op.right.eval(ev, in, sc); err == nil {
			truth, err = ev.truthy(r)
		}
	}
	if err != nil {
		return value.Value{}, op.fail(err)
	}
	return value.Bool(truth), nil
}

// A concatenation is operands joined by &. A chain of them is one, so that no
// text is copied twice.
type concatenation struct {
	operands
	parts []*unit
	marks []operands // the operators, by part
}

func newConcatenation(o operands) *concatenation {
	op := &concatenation{operands: o}
	if left, ok := o.left.op.(*concatenation); ok && !o.left.finishing {
		op.parts = append(op.parts, left.parts...)
		op.marks = append(op.marks, left.marks...)
	} else {
		op.parts = append(op.parts, o.left)
		op.marks = append(op.marks, o)
	}
	op.parts = append(op.parts, o.right)
	op.marks = append(op.marks, o)
	return op
}

func (op *concatenation) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	var values [8]value.Value
	parts := values[:0]
	size := 0
	for i, part := range op.parts {
		v, err := part.eval(ev, in, sc)
		if err != nil {
			return value.Value{}, err
		}
		if v.Kind() != value.KindString && !v.IsUndefined() {
			s, err := ev.stringify(v, false)
			if err != nil {
				return value.Value{}, op.marks[i].fail(err)
			}
			v = value.String(s)
		}
		s, _ := v.Str()
		size += len(s)
		parts = append(parts, v)
	}
	if err := ev.makeText(size); err != nil {
		return value.Value{}, op.fail(err)
	}
	var b strings.Builder
	b.Grow(size)
	for _, v := range parts {
		s, _ := v.Str()
		b.WriteString(s)
	}
	return value.String(b.String()), nil
}

type inclusion struct{ operands }

func (op *inclusion) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	l, r, err := op.operands.eval(ev, in, sc)
	if err != nil {
		return value.Value{}, err
	}
	if l.IsUndefined() || r.IsUndefined() {
		return value.Bool(false), nil
	}
	var buf [1]value.Value
	items := itemsOf(r, &buf)
	s, _ := l.Str()
	if err := ev.spend(len(items) * (1 + len(s)/512)); err != nil {
		return value.Value{}, op.fail(err)
	}
	for i := range items {
		if identical(l, items[i]) {
			return value.Bool(true), nil
		}
	}
	return value.Bool(false), nil
}

// identical is JavaScript's ===: lists and objects are identical only when they
// are the same one.
func identical(a, b value.Value) bool {
	if a.Kind() != b.Kind() {
		return false
	}
	switch a.Kind() {
	case value.KindList:
		x, y := a.Items(), b.Items()
		return len(x) == len(y) && len(x) > 0 && &x[0] == &y[0]
	case value.KindObject:
		x, y := a.Members(), b.Members()
		return len(x) == len(y) && len(x) > 0 && &x[0] == &y[0]
	}
	return value.Equal(a, b)
}

type rangeOp struct{ operands }

const maxRange = 10_000_000

func (op *rangeOp) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	l, r, err := op.operands.eval(ev, in, sc)
	if err != nil {
		return value.Value{}, err
	}
	a, okA := integer(l)
	if !okA && !l.IsUndefined() {
		return value.Value{}, op.fail(fail("T2003", l))
	}
	b, okB := integer(r)
	if !okB && !r.IsUndefined() {
		return value.Value{}, op.fail(fail("T2004", r))
	}
	if !okA || !okB || a > b {
		return value.Value{}, nil
	}
	size := b - a + 1
	if size > maxRange {
		return value.Value{}, op.fail(fail("D2014", value.Float(size)))
	}
	if err := ev.make(int(size), itemSize); err != nil {
		return value.Value{}, op.fail(err)
	}
	if err := ev.spend(int(size) / 16); err != nil {
		return value.Value{}, op.fail(err)
	}
	items := make([]value.Value, int(size))
	for i := range items {
		items[i] = value.Float(a + float64(i))
	}
	return sequenceOf(items), nil
}

// integer returns a number that is whole.
func integer(v value.Value) (float64, bool) {
	f, ok := v.Float()
	return f, ok && f == math.Trunc(f) && !math.IsInf(f, 0)
}

// An arrayOp is an array constructor.
type arrayOp struct {
	items []*unit
	unit  *unit
}

func (op *arrayOp) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	b := builder{}
	for _, item := range op.items {
		v, err := item.eval(ev, in, sc)
		if err != nil {
			return v, err
		}
		switch {
		case v.IsUndefined():
		case isList(v) && item.kind != arrayUnit:
			if err := b.concat(ev, v.Items()); err != nil {
				return v, err
			}
		default:
			if b.items == nil {
				b.items = make([]value.Value, 0, len(op.items))
			}
			b.push(v)
		}
	}
	list := value.List(b.items...)
	if op.unit.consArray {
		list = list.WithMark(consMark)
	}
	if b.shared {
		return list, nil
	}
	return list, ev.make(len(b.items), itemSize)
}
