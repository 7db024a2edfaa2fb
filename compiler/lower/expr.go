package lower

import (
	"fmt"
	"maps"
	"strings"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

var compares = map[spec.Op]string{
	spec.OpEq: "=", spec.OpNe: "!=", spec.OpGt: ">", spec.OpGe: ">=", spec.OpLt: "<", spec.OpLe: "<=",
}

var arithmetic = map[spec.Op]struct {
	operator string
	power    int
}{
	spec.OpAdd: {"+", powerAdd}, spec.OpSub: {"-", powerAdd},
	spec.OpMul: {"*", powerMul}, spec.OpDiv: {"/", powerMul}, spec.OpMod: {"%", powerMul},
}

// plainCalls are the operations that a function of JSONata does as they are.
var plainCalls = map[spec.Op]string{
	spec.OpNot: "not", spec.OpRound: "round", spec.OpFloor: "floor", spec.OpCeil: "ceil", spec.OpUpper: "uppercase",
	spec.OpLower: "lowercase", spec.OpTrim: "trim", spec.OpSplit: "split", spec.OpJoin: "join", spec.OpContains: "contains",
	spec.OpSum: "sum", spec.OpMax: "max", spec.OpMin: "min", spec.OpNow: "now", spec.OpUUID: "uuid", spec.OpRandom: "random",
	spec.OpEncode: "string", opNumber: "number",
}

// expr writes an expression. What it writes keeps the type that the DSL gives
// it, as long as the data does: a List is an array whatever its length. An
// Optional that is absent gives nothing; see [writer.nullable].
func (w writer) expr(x *spec.Expr) term {
	w, x = w.resolve(x)
	t := w.operation(x)
	w.note(x, t)
	return t
}

func (w writer) operation(x *spec.Expr) term {
	if compares[x.Op] != "" || arithmetic[x.Op].operator != "" {
		x = w.computed(x)
	}
	if op, ok := compares[x.Op]; ok {
		return w.compare(op, x)
	}
	if op, ok := arithmetic[x.Op]; ok {
		return infix(op.operator, op.power, w.expr(x.Args[0]), w.expr(x.Args[1]))
	}
	if function, ok := plainCalls[x.Op]; ok {
		return call(function, w.exprs(x.Args)...)
	}
	switch x.Op {
	case spec.OpLiteral:
		return literal(x)
	case spec.OpNull, spec.OpAbsent:
		return constant("null")
	case spec.OpRef:
		return w.source(x.Source)
	case spec.OpField:
		return w.expr(x.Args[0]).field(x.Names[0])
	case spec.OpAs, spec.OpFloat:
		return w.expr(x.Args[0])
	case spec.OpExecution:
		return variable("states.context.Execution." + x.Names[0])
	case spec.OpContext:
		return variable("states.context." + strings.Join(x.Names, "."))
	case spec.OpCode:
		return w.code(x)
	case opCause:
		return w.cause(x)
	case spec.OpStruct, spec.OpDict:
		return w.object(x)
	case spec.OpList, spec.OpAppend, spec.OpConcat, spec.OpSelect, spec.OpFilter, spec.OpKeys, spec.OpAt, spec.OpHas, spec.OpLen:
		return w.list(x)
	case spec.OpPresent, spec.OpOrElse, spec.OpMust, spec.OpLookup, spec.OpPut:
		return w.optional(x)
	case spec.OpIn, spec.OpAnd, spec.OpOr, spec.OpCond:
		return w.logic(x)
	case spec.OpBefore, spec.OpAfter, spec.OpLater, spec.OpBetween:
		return w.time(x)
	case spec.OpFormat:
		return w.format(x)
	default:
		panic(fmt.Sprintf("lower: no rule for the operation %q", x.Op))
	}
}

// cause reads the document in a caught error's cause. Of a Lambda function that
// failed, AWS makes the cause: {"errorMessage": …, "errorType": …}, with the
// document in the message, behind the error's name where Go wrote it.
func (w writer) cause(x *spec.Expr) term {
	document := call("parse", w.expr(x.Args[0]).field("Cause"))
	if x.Text == "" {
		return document
	}
	return w.once(document, func(t term) term {
		said := call("substringAfter", t.field("errorMessage"), constant(quote(x.Text+": ")))
		return cond(call("exists", t.field("errorType")), call("parse", said), t)
	})
}

// computed works out an operation whose operands are bound to literals.
func (w writer) computed(x *spec.Expr) *spec.Expr {
	_, a := w.resolve(x.Args[0])
	_, b := w.resolve(x.Args[1])
	if a.Op != spec.OpLiteral || b.Op != spec.OpLiteral {
		return x
	}
	return compute(with(x, a, b))
}

func (w writer) exprs(list []*spec.Expr) []term {
	terms := make([]term, len(list))
	for i, x := range list {
		terms[i] = w.expr(x)
	}
	return terms
}

func literal(x *spec.Expr) term {
	if s, ok := textOf(x); ok {
		return constant(quote(s))
	}
	t := constant(string(x.Value))
	if strings.HasPrefix(t.text, "-") {
		t.power = powerMul
	}
	return t
}

// compare writes a comparison. Times are compared as moments: their texts may
// name time zones.
func (w writer) compare(operator string, x *spec.Expr) term {
	left, right := w.expr(x.Args[0]), w.expr(x.Args[1])
	if isKind(x.Args[0], spec.Time) || isKind(x.Args[1], spec.Time) {
		left, right = w.millis(x.Args[0]), w.millis(x.Args[1])
	}
	return infix(operator, powerCompare, raised(left, powerCompare), right)
}

// raised puts a term of the same power into parentheses, for operators that
// people do not chain.
func raised(t term, power int) term {
	if t.power == power {
		t.text, t.power = t.within(power+1), powerAtom
	}
	return t
}

func (w writer) logic(x *spec.Expr) term {
	args := x.Args
	switch x.Op {
	case spec.OpIn:
		if len(args) == 2 {
			return w.compare("=", x)
		}
		return infix("in", powerCompare, w.expr(args[0]), array(w.exprs(args[1:])...))
	case spec.OpAnd:
		return w.chain("and", powerAnd, "true", args)
	case spec.OpOr:
		return w.chain("or", powerOr, "false", args)
	default:
		return cond(w.expr(args[0]), w.maybe(args[1]), w.maybe(args[2]))
	}
}

func (w writer) chain(operator string, power int, empty string, args []*spec.Expr) term {
	if len(args) == 0 {
		return constant(empty)
	}
	t := w.expr(args[0])
	for _, x := range args[1:] {
		t = infix(operator, power, t, w.expr(x))
	}
	return t
}

// time writes an operation on points in time, which are texts.
func (w writer) time(x *spec.Expr) term {
	a := w.millis(x.Args[0])
	switch x.Op {
	case spec.OpBefore:
		return infix("<", powerCompare, a, w.millis(x.Args[1]))
	case spec.OpAfter:
		return infix(">", powerCompare, a, w.millis(x.Args[1]))
	case spec.OpLater:
		return call("fromMillis", infix("+", powerAdd, a, w.expr(x.Args[1])))
	default: // spec.OpBetween
		difference := infix("-", powerAdd, w.millis(x.Args[1]), a)
		return call("floor", infix("/", powerMul, difference, constant("1000")))
	}
}

// millis writes a point in time as a number.
func (w writer) millis(x *spec.Expr) term {
	in, of := w.resolve(x)
	switch of.Op {
	case spec.OpNow:
		return call("millis")
	case spec.OpLater:
		return infix("+", powerAdd, in.millis(of.Args[0]), in.expr(of.Args[1]))
	}
	return call("toMillis", in.expr(of))
}

// format writes a text with values in it. Literal parts that meet become one.
func (w writer) format(x *spec.Expr) term {
	var parts []term
	literal := ""
	isText := false // joining makes a text of anything, but a single part is not joined
	flush := func() {
		if literal != "" {
			parts, literal, isText = append(parts, constant(quote(literal))), "", true
		}
	}
	for i, part := range strings.Split(x.Text, "{}") {
		literal += part
		if i >= len(x.Args) {
			continue
		}
		in, of := w.resolve(x.Args[i])
		if s, ok := textOf(of); ok {
			literal += s
			continue
		}
		flush()
		parts = append(parts, in.expr(of))
		isText = isKind(of, spec.String) || isKind(of, spec.Time)
	}
	flush()
	switch {
	case len(parts) == 0:
		return constant("''")
	case len(parts) == 1 && !isText:
		return call("string", parts[0])
	}
	t := parts[0]
	for _, part := range parts[1:] {
		t = infix("&", powerAdd, t, part)
	}
	return t
}

// object writes an object constructor, which leaves out what is absent.
func (w writer) object(x *spec.Expr) term {
	var members []string
	for i, arg := range x.Args {
		in, of := w.resolve(arg)
		if of.Op == spec.OpAbsent {
			continue
		}
		members = append(members, quote(x.Names[i])+": "+in.expr(of).text)
	}
	return atom("{%s}", strings.Join(members, ", "))
}

// lambda writes a function of one item; body writes what it gives.
func (w writer) lambda(x *spec.Expr, body func(inner writer, item term) term) term {
	param := x.Params[0]
	inner, name := w.with(param)
	return atom("function($%s) { %s }", name, body(inner, variable(name)).text)
}

// with returns a writer that knows the parameter of a lambda, and the name that
// it has there.
func (w writer) with(param *spec.Source) (writer, string) {
	name := w.names.param(param, w.params)
	inner := make(map[*spec.Source]string, len(w.params)+1)
	maps.Copy(inner, w.params)
	inner[param] = name
	w.params = inner
	return w, name
}

// once makes what use makes of t, and evaluates t only once.
func (w writer) once(t term, use func(term) term) term {
	if t.simple {
		return use(t)
	}
	_, name := w.with(&spec.Source{Kind: spec.FromParam, Name: "value"})
	return atom("($%s := %s; %s)", name, t.text, use(variable(name)).text)
}

func isKind(x *spec.Expr, kind spec.TypeKind) bool { return x.Type != nil && x.Type.Kind == kind }
