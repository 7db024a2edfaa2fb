package spec

import "encoding/json"

// An Op says what an expression computes from its arguments.
type Op string

// Values and their parts.
const (
	OpLiteral Op = "literal" // Value
	OpRef     Op = "ref"     // Source
	OpField   Op = "field"   // Args[0].Names[0]
	OpStruct  Op = "struct"  // Names[i]: Args[i], in the order of the struct's fields
	OpList    Op = "list"    // the items
	OpDict    Op = "dict"    // Names[i]: Args[i], sorted
	OpAbsent  Op = "absent"  // an Optional without a value: the key is left out
	OpNull    Op = "null"    // an Optional that is null
	OpLambda  Op = "lambda"  // Params, Args[0] is the body
	OpUnset   Op = "unset"   // a value nobody gave; reported where it is used
)

// Comparison and logic.
const (
	OpEq     Op = "eq"
	OpNe     Op = "ne"
	OpIn     Op = "in" // Args[0] is one of Args[1:]
	OpGt     Op = "gt"
	OpGe     Op = "ge"
	OpLt     Op = "lt"
	OpLe     Op = "le"
	OpBefore Op = "before"
	OpAfter  Op = "after"
	OpAnd    Op = "and"
	OpOr     Op = "or"
	OpNot    Op = "not"
	OpCond   Op = "cond" // Args[0] ? Args[1] : Args[2]
)

// Numbers and times.
const (
	OpAdd     Op = "add"
	OpSub     Op = "sub"
	OpMul     Op = "mul"
	OpDiv     Op = "div"
	OpMod     Op = "mod"
	OpFloat   Op = "float" // Int to Float
	OpRound   Op = "round"
	OpFloor   Op = "floor"
	OpCeil    Op = "ceil"
	OpLater   Op = "later"   // Args[0] plus Args[1] milliseconds
	OpBetween Op = "between" // seconds from Args[0] to Args[1]
)

// Text.
const (
	OpFormat   Op = "format" // Text has a {} for each argument
	OpUpper    Op = "upper"
	OpLower    Op = "lower"
	OpTrim     Op = "trim"
	OpSplit    Op = "split"
	OpJoin     Op = "join"
	OpContains Op = "contains"
	OpEncode   Op = "encode" // a value as the text of its JSON
)

// Lists, dicts and optional values.
const (
	OpAt      Op = "at"
	OpLen     Op = "len"
	OpAppend  Op = "append" // Args[0] and the items Args[1:]
	OpConcat  Op = "concat"
	OpHas     Op = "has"
	OpSelect  Op = "select" // Args[0] through the lambda Args[1]
	OpFilter  Op = "filter"
	OpSum     Op = "sum"
	OpMax     Op = "max"
	OpMin     Op = "min"
	OpLookup  Op = "lookup"
	OpKeys    Op = "keys"
	OpPut     Op = "put"
	OpPresent Op = "present"
	OpOrElse  Op = "or else"
	OpMust    Op = "must"
	OpSome    Op = "some"
	OpAs      Op = "as" // an untyped document, given a type
)

// What changes from one evaluation to the next, or depends on the execution.
const (
	OpNow       Op = "now"
	OpUUID      Op = "uuid"
	OpRandom    Op = "random"
	OpExecution Op = "execution" // Names[0] is the member of the context object's Execution
	OpContext   Op = "context"   // Names is the path in the context object
	OpCode      Op = "code"      // Text is JSONata of the user's, with Args as $1, $2 …
)

// An Expr is a typed expression. Expressions are immutable once made and may be
// shared.
type Expr struct {
	Op     Op              `json:"op"`
	Type   *Type           `json:"type,omitempty"`
	Source *Source         `json:"source,omitempty"` // OpRef
	Get    int             `json:"get,omitempty"`    // OpRef to a variable: which reading of it (see Get)
	Value  json.RawMessage `json:"value,omitempty"`  // OpLiteral
	Text   string          `json:"text,omitempty"`   // OpFormat, OpCode
	Names  []string        `json:"names,omitempty"`
	Params []*Source       `json:"params,omitempty"` // OpLambda
	Args   []*Expr         `json:"args,omitempty"`
	Pos    Pos             `json:"pos,omitzero"`

	// Problem is misuse that making the expression found. Tracing reports it
	// when the expression is used.
	Problem *Problem `json:"-"`
}

// Walk calls visit for e and, while visit returns true, for its arguments,
// outermost first. A nil e is skipped.
func (e *Expr) Walk(visit func(*Expr) bool) {
	if e == nil || !visit(e) {
		return
	}
	for _, arg := range e.Args {
		arg.Walk(visit)
	}
}
