package jsonata

import (
	"fmt"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// An Expr is a compiled expression. It is immutable and safe for concurrent use.
type Expr struct {
	source  string
	root    Node
	plan    *unit
	dialect *dialect
	binds   bool // something is bound, or keeps what is
}

// An Option chooses what [Compile] understands.
type Option func(*dialect) *dialect

// AWS is the dialect of AWS Step Functions: it has the functions $partition,
// $range, $hash, $uuid and $parse, $random takes a seed, and there is no $eval.
// What AWS refuses beyond that is for [Expr.Refusals] to say.
func AWS() Option { return func(*dialect) *dialect { return awsDialect } }

// Compile reads an expression. The error is an [*Error].
func Compile(text string, opts ...Option) (*Expr, error) {
	d := standardDialect
	for _, option := range opts {
		d = option(d)
	}
	e, err := compile(text, d)
	if err != nil {
		return nil, err.finish()
	}
	return e, nil
}

func compile(text string, d *dialect) (*Expr, *Error) {
	root, err := parse(text)
	if err != nil {
		return nil, err
	}
	// Planning changes nothing of the tree, but what is planned must not have
	// the end of the source in it.
	u, binds, err := plan(root, d)
	if err != nil {
		return nil, err
	}
	return &Expr{text, root, u, d, binds}, nil
}

// MustCompile is [Compile] for expressions that are known to be right; it panics
// where they are not.
func MustCompile(text string, opts ...Option) *Expr {
	e, err := Compile(text, opts...)
	if err != nil {
		panic("jsonata: Compile(" + quote(text) + "): " + err.Error())
	}
	return e
}

// Source returns the text as it was given.
func (e *Expr) Source() string { return e.source }

// String returns the canonical source of the expression.
func (e *Expr) String() string { return e.root.String() }

// Root returns the syntax tree.
func (e *Expr) Root() Node { return e.root }

// An Env is what an evaluation knows of the world. A nil Env knows nothing.
type Env struct {
	// Lookup returns the value of the variable $name. Nil means that there are no
	// variables but those of the expression. A variable hides the built-in
	// function of its name.
	Lookup func(name string) (value.Value, bool)
	// Now is the time that $now and $millis tell.
	Now time.Time
	// Random is where $random, $shuffle and $uuid get their numbers, all 64 bits
	// of which count. Nil makes these functions errors.
	Random func() uint64
	// Limits are the budgets of the evaluation.
	Limits Limits
}

// Limits are the budgets of one evaluation. A zero field means the default.
// When a budget is spent the evaluation ends with the error U1001.
type Limits struct {
	// Steps is how much work may be done: an operand, a call, an item gone
	// through, a character of a regular expression tried is a step.
	// The default is 10,000,000, about a second.
	Steps int
	// Depth is how deep evaluations may be nested, the default is 5,000. A call of
	// a function takes three levels or so; one that ends a function takes none.
	Depth int
	// Text is how many bytes one string may have, the default is 16 MiB.
	Text int
	// Memory is how many bytes of values may be made in all, those included that
	// are no longer used. The default is 256 MiB.
	Memory int
	// Result is how many bytes the result may have, about, when it is written as
	// JSON. The default is 16 MiB.
	Result int
}

const (
	defaultSteps  = 10_000_000
	defaultDepth  = 5000
	defaultText   = 16 << 20
	defaultMemory = 256 << 20
	defaultResult = 16 << 20
)

// Eval evaluates the expression for an input document, undefined where there is
// none. An undefined result means "nothing"; the result is otherwise JSON, but
// that functions are opaque values, which one evaluation may use at a time. The
// error is an [*Error].
func (e *Expr) Eval(input value.Value, env *Env) (result value.Value, failure error) {
	// Whoever evaluates what others wrote must not go down with a mistake of ours.
	defer func() {
		if reason := recover(); reason != nil {
			result, failure = value.Value{}, &Error{Code: "U1003", Message: fmt.Sprint("Internal error: ", reason)}
		}
	}()
	ev := begin(e, env, input)
	in := input
	if input.Kind() == value.KindList {
		// An array is one input, not many.
		in = value.List(input).WithMark(sequenceMark | outerMark)
	}
	var top *scope
	if e.binds {
		top = &scope{}
	}
	v, err := e.plan.eval(ev, in, top)
	if err == nil {
		v, err = ev.deliver(v)
	}
	ev.end()
	if err != nil {
		return value.Value{}, err.finish()
	}
	return v, nil
}
