package lower

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A folder makes expressions simpler: it computes what is constant, and leaves
// out the guards of an Optional where a condition already made sure of it.
type folder struct {
	keys  *interner
	facts []int // keys of the expressions that are known to be present here

	// captured says, by the keys of expressions, what stands for values of the
	// workflow around in an execution of a distributed Map.
	captured map[int]*spec.Expr

	// shared says what stands for values that are computed ahead.
	shared map[int]*spec.Expr
}

// assume adds what holds where a condition has the given outcome.
func (f *folder) assume(condition *spec.Expr, outcome bool) {
	switch {
	case condition.Op == spec.OpPresent && outcome:
		f.facts = append(f.facts, f.keys.key(condition.Args[0]))
	case condition.Op == spec.OpNot:
		f.assume(condition.Args[0], !outcome)
	case condition.Op == spec.OpAnd && outcome, condition.Op == spec.OpOr && !outcome:
		for _, part := range condition.Args {
			f.assume(part, outcome)
		}
	}
}

// assuming folds x where the condition has the given outcome.
func (f *folder) assuming(condition *spec.Expr, outcome bool, x *spec.Expr) *spec.Expr {
	known := len(f.facts)
	f.assume(condition, outcome)
	x = f.fold(x)
	f.facts = f.facts[:known]
	return x
}

func (f *folder) fold(x *spec.Expr) *spec.Expr {
	switch x.Op {
	case spec.OpRef, spec.OpField:
		if len(f.captured) > 0 {
			if to := f.captured[f.keys.key(x)]; to != nil {
				return to
			}
		}
	default:
		if len(f.shared) > 0 && shareable[x.Op] != "" {
			if to := f.shared[f.keys.key(x)]; to != nil {
				return to
			}
		}
	}
	switch x.Op {
	case spec.OpCond:
		condition := f.fold(x.Args[0])
		if truth, ok := boolean(condition); ok {
			return f.fold(x.Args[map[bool]int{true: 1, false: 2}[truth]])
		}
		return with(x, condition, f.assuming(condition, true, x.Args[1]), f.assuming(condition, false, x.Args[2]))
	case spec.OpAnd, spec.OpOr:
		return f.chain(x)
	}
	args := x.Args
	for i, arg := range x.Args {
		if folded := f.fold(arg); folded != arg {
			if &args[0] == &x.Args[0] {
				args = slices.Clone(x.Args)
			}
			args[i] = folded
		}
	}
	x = with(x, args...)
	switch x.Op {
	case spec.OpNot:
		return not(x)
	case spec.OpPresent, spec.OpOrElse, spec.OpMust:
		return f.presence(x)
	case spec.OpFormat:
		return format(x)
	}
	if compares[x.Op] != "" || arithmetic[x.Op].operator != "" {
		return compute(x)
	}
	return x
}

// with is x with other arguments; x itself when they are the same.
func with(x *spec.Expr, args ...*spec.Expr) *spec.Expr {
	if slices.Equal(args, x.Args) {
		return x
	}
	c := *x
	c.Args = args
	return &c
}

// chain folds And and Or: parts that are known are left out, or decide.
func (f *folder) chain(x *spec.Expr) *spec.Expr {
	known := len(f.facts)
	defer func() { f.facts = f.facts[:known] }()
	decides := x.Op == spec.OpOr
	var parts []*spec.Expr
	for _, arg := range x.Args {
		part := f.fold(arg)
		if truth, ok := boolean(part); ok {
			if truth == decides {
				return truthOf(x, decides)
			}
			continue
		}
		f.assume(part, !decides) // the next is asked only then
		if part.Op == x.Op {
			parts = append(parts, part.Args...)
		} else {
			parts = append(parts, part)
		}
	}
	switch len(parts) {
	case 0:
		return truthOf(x, !decides)
	case 1:
		return parts[0]
	}
	return with(x, parts...)
}

var negations = map[spec.Op]spec.Op{
	spec.OpEq: spec.OpNe, spec.OpNe: spec.OpEq, spec.OpGt: spec.OpLe, spec.OpLe: spec.OpGt, spec.OpLt: spec.OpGe, spec.OpGe: spec.OpLt,
}

func not(x *spec.Expr) *spec.Expr {
	of := x.Args[0]
	if truth, ok := boolean(of); ok {
		return truthOf(x, !truth)
	}
	if of.Op == spec.OpNot {
		return of.Args[0]
	}
	if op, ok := negations[of.Op]; ok {
		c := *of
		c.Op = op
		return &c
	}
	return x
}

func (f *folder) presence(x *spec.Expr) *spec.Expr {
	of := x.Args[0]
	known := of.Op == spec.OpSome || slices.Contains(f.facts, f.keys.key(of))
	missing := of.Op == spec.OpAbsent || of.Op == spec.OpNull
	switch {
	case x.Op == spec.OpPresent && (known || missing):
		return truthOf(x, known)
	case x.Op == spec.OpOrElse && missing:
		return x.Args[1]
	case known:
		if of.Op == spec.OpSome {
			return of.Args[0]
		}
		c := *of
		c.Type = x.Type
		return &c
	}
	return x
}

func truthOf(x *spec.Expr, truth bool) *spec.Expr {
	return &spec.Expr{Op: spec.OpLiteral, Type: x.Type, Value: json.RawMessage(strconv.FormatBool(truth)), Pos: x.Pos}
}

func boolean(x *spec.Expr) (truth, ok bool) {
	if x.Op != spec.OpLiteral {
		return false, false
	}
	return string(x.Value) == "true", string(x.Value) == "true" || string(x.Value) == "false"
}

// compute works out an operation on two literals. Numbers are float64, as they
// are in JSONata.
func compute(x *spec.Expr) *spec.Expr {
	a, b := x.Args[0], x.Args[1]
	if a.Op != spec.OpLiteral || b.Op != spec.OpLiteral {
		return x
	}
	left, err := strconv.ParseFloat(string(a.Value), 64)
	right, err2 := strconv.ParseFloat(string(b.Value), 64)
	if err != nil || err2 != nil {
		switch x.Op {
		case spec.OpEq:
			return truthOf(x, string(a.Value) == string(b.Value))
		case spec.OpNe:
			return truthOf(x, string(a.Value) != string(b.Value))
		}
		return x
	}
	switch x.Op {
	case spec.OpEq:
		return truthOf(x, left == right)
	case spec.OpNe:
		return truthOf(x, left != right)
	case spec.OpGt:
		return truthOf(x, left > right)
	case spec.OpGe:
		return truthOf(x, left >= right)
	case spec.OpLt:
		return truthOf(x, left < right)
	case spec.OpLe:
		return truthOf(x, left <= right)
	case spec.OpAdd:
		return numberOf(x, left+right)
	case spec.OpSub:
		return numberOf(x, left-right)
	case spec.OpMul:
		return numberOf(x, left*right)
	}
	return x // a division by zero is for the execution to find
}

// numberOf is a computed number, unless JSON would not keep it.
func numberOf(x *spec.Expr, n float64) *spec.Expr {
	if math.IsInf(n, 0) || math.IsNaN(n) || math.Abs(n) > 1<<53 {
		return x
	}
	text, err := json.Marshal(n)
	if err != nil {
		return x
	}
	return &spec.Expr{Op: spec.OpLiteral, Type: x.Type, Value: text, Pos: x.Pos}
}

// format puts literal texts into the format itself.
func format(x *spec.Expr) *spec.Expr {
	parts := strings.Split(x.Text, "{}")
	if len(parts) != len(x.Args)+1 {
		return x
	}
	text := parts[0]
	var args []*spec.Expr
	for i, arg := range x.Args {
		if s, ok := textOf(arg); ok && !strings.ContainsAny(s, "{}") {
			text += s
		} else {
			text += "{}"
			args = append(args, arg)
		}
		text += parts[i+1]
	}
	if len(args) == len(x.Args) {
		return x
	}
	c := *x
	c.Text, c.Args = text, args
	return &c
}
