package jsonata

import (
	"sync"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A partial is the partial application of a function.
type partial struct {
	call  *call
	holes []bool
}

func (op *partial) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	args := make([]value.Value, len(op.call.arguments))
	for i, argument := range op.call.arguments {
		if op.holes[i] {
			continue
		}
		var err *Error
		if args[i], err = argument.eval(ev, in, sc); err != nil {
			return value.Value{}, err
		}
	}
	proc, err := op.call.function.eval(ev, in, sc)
	if err != nil {
		return value.Value{}, err
	}
	if proc.IsUndefined() && op.call.function.kind == pathUnit && op.call.meant(ev, sc) {
		return value.Value{}, failAt("T1007", op.call.position, op.call.token)
	}
	f := functionOf(proc)
	if f == nil {
		err := &Error{Code: "T1008", Position: op.call.position}
		err.Token, err.tokenSet = op.call.token, op.call.tokenSet
		return value.Value{}, err
	}
	return op.bind(f, args), nil
}

// bind returns the function that takes the arguments for the holes.
func (op *partial) bind(f *function, args []value.Value) value.Value {
	for f.target != nil {
		f = f.target
	}
	if f.lambda == nil {
		return op.bindNative(f, args)
	}
	p := &function{lambda: f.lambda, input: f.input, scope: &scope{up: f.scope}}
	for i, parameter := range f.parameters {
		switch {
		case i < len(args) && op.holes[i]:
			p.parameters = append(p.parameters, parameter)
		case i < len(args):
			p.scope.bind(parameter, args[i])
		default:
			p.scope.bind(parameter, value.Value{})
		}
	}
	p.arity = len(p.parameters)
	return p.asValue()
}

// bindNative binds the arguments of a native function.
func (op *partial) bindNative(f *function, args []value.Value) value.Value {
	p := &function{}
	for i := range args {
		if op.holes[i] && i < f.arity {
			p.arity++
		}
	}
	p.native = func(n native) (value.Value, *Error) {
		all := make([]value.Value, len(args))
		copy(all, args)
		next := 0
		for i := range all {
			if op.holes[i] {
				all[i] = n.arg(next)
				next++
			}
		}
		if f.arity > 0 {
			all = all[:min(len(all), f.arity)]
		}
		if f.signature != nil {
			var err *Error
			if all, err = f.signature.validate(all, value.Value{}); err != nil {
				return value.Value{}, err
			}
		}
		return n.ev.callNative(f, native{n.ev, all, value.Value{}, n.scope})
	}
	return p.asValue()
}

// An apply is the operator ~>, which passes a value on to a function, or chains
// two functions.
type apply struct {
	left, right *unit
	call        *call
	position    int
}

func (op *apply) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	left, err := op.left.eval(ev, in, sc)
	if err != nil {
		return value.Value{}, err
	}
	if op.call != nil {
		return op.call.invoke(ev, in, sc, &left)
	}
	right, err := op.right.eval(ev, in, sc)
	if err != nil {
		return value.Value{}, err
	}
	f := functionOf(right)
	if f == nil {
		return value.Value{}, &Error{Code: "T2006", Position: op.position, Value: right}
	}
	if functionOf(left) != nil {
		return ev.chain(left, right, sc)
	}
	return ev.callback(f, []value.Value{left}, value.Null(), sc)
}

// chainExpr makes the function that two functions are chained to, as jsonata-js
// does, which shows in the tokens and positions of errors.
var chainExpr = sync.OnceValue(func() *Expr {
	return MustCompile("function($f, $g) { function($x){ $g($f($x)) } }")
})

func (ev *evaluation) chain(f, g value.Value, sc *scope) (value.Value, *Error) {
	compose, err := chainExpr().plan.eval(ev, value.Null(), sc)
	if err != nil {
		return value.Value{}, err
	}
	return ev.callback(functionOf(compose), []value.Value{f, g}, value.Null(), sc)
}
