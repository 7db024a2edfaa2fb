package jsonata

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A function is a value that can be called: a built-in one, a lambda with its
// scope, or something made of these.
type function struct {
	name      string
	signature *signature
	arity     int
	value     value.Value // the function as a value

	// A native function.
	native func(native) (value.Value, *Error)
	higher int // its number among those that call functions, from 1

	// A lambda.
	lambda     *lambda
	parameters []string
	input      value.Value
	scope      *scope

	target *function // what this is another name of, without its call site
	site   site      // where it was last called, if it is not built in
	regex  *matcher
	plain  bool // a bare function of JavaScript in jsonata-js, which is not true
}

// A site is where a function was called, for errors that come out of it.
type site struct {
	token    string
	tokenSet bool
	position int
}

// A native is a call of a native function.
type native struct {
	ev    *evaluation
	args  []value.Value
	input value.Value
	scope *scope
}

func (n native) arg(i int) value.Value {
	if i < len(n.args) {
		return n.args[i]
	}
	return value.Value{}
}

func (f *function) asValue() value.Value {
	f.value = value.Opaque(f)
	return f.value
}

func functionOf(v value.Value) *function {
	if v.Kind() != value.KindOpaque {
		return nil
	}
	held, _ := v.Opaque()
	f, _ := held.(*function)
	return f
}

// A lambda is the definition of a function.
type lambda struct {
	parameters []string
	signature  *signature
	body       *unit
	captures   bool // functions are made inside, which keep its scope
}

func (op *lambda) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	f := &function{signature: op.signature, arity: len(op.parameters), lambda: op, parameters: op.parameters, input: in, scope: sc}
	return f.asValue(), ev.make(1, functionSize)
}

type regexOp struct{ program *matcher }

func (op *regexOp) eval(*evaluation, value.Value, *scope) (value.Value, *Error) {
	return op.program.function.value, nil
}

// A call is the call of a function.
type call struct {
	function  *unit
	arguments []*unit
	fresh     []bool // arguments that are lambdas, which nobody else can call
	position  int
	token     string
	tokenSet  bool
	missed    *function // the one that was meant, should a $ be missing
}

func (op *call) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	return op.invoke(ev, in, sc, nil)
}

// invoke calls the function, with one argument put before the others if there is
// one.
func (op *call) invoke(ev *evaluation, in value.Value, sc *scope, first *value.Value) (value.Value, *Error) {
	proc, err := op.function.eval(ev, in, sc)
	if err != nil {
		return value.Value{}, err
	}
	if proc.IsUndefined() && op.function.kind == pathUnit && op.meant(ev, sc) {
		return value.Value{}, failAt("T1005", op.position, op.token)
	}
	base := len(ev.args)
	if first != nil {
		ev.args = append(ev.args, *first)
	}
	for i, argument := range op.arguments {
		v, err := argument.eval(ev, in, sc)
		if err != nil {
			ev.args = ev.args[:base]
			return value.Value{}, err
		}
		if f := functionOf(v); f != nil && op.fresh[i] {
			f.plain = true
		} else if f != nil && f.target == nil {
			v = (&function{name: f.name, arity: f.arity, target: f, scope: sc, plain: true}).asValue()
		}
		ev.args = append(ev.args, v)
	}
	v, err := ev.apply(functionOf(proc), ev.args[base:], in, sc, &site{op.token, op.tokenSet, op.position})
	ev.args = ev.args[:base]
	if err != nil {
		if err.Position == 0 {
			err.Position = op.position
		}
		if err.Token == "" && op.tokenSet {
			err.Token, err.tokenSet = op.token, true
		}
	}
	return v, err
}

// meant reports whether a function is called without its dollar sign.
func (op *call) meant(ev *evaluation, sc *scope) bool {
	v := ev.variable(op.token, op.missed, sc)
	b, ok := v.Bool()
	return !v.IsUndefined() && !v.IsNull() && (!ok || b)
}

// A tailCall is a call that ends a function: what is returned is that it is to
// be made.
type tailCall struct{ call *call }

func (op *tailCall) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	ev.pending = pendingCall{op.call, in, sc}
	return thunk, nil
}

// apply calls a function, and the function that it ends with a call of, and so
// on. The arguments lie on top of the stack of arguments.
func (ev *evaluation) apply(f *function, args []value.Value, in value.Value, sc *scope, at *site) (value.Value, *Error) {
	if err := ev.spend(1); err != nil {
		return value.Value{}, err
	}
	v, err := ev.call(f, args, in, sc, at)
	if err == nil && isThunk(v) {
		return ev.resume(len(ev.args)-len(args), in, sc)
	}
	return v, err
}

// resume makes the call that a function ended with, and the one that this ends
// with, and so on. From base on the arguments are no longer needed.
func (ev *evaluation) resume(base int, in value.Value, sc *scope) (value.Value, *Error) {
	for {
		if err := ev.spend(1); err != nil {
			return value.Value{}, err
		}
		next := ev.pending
		ev.pending = pendingCall{}
		proc, err := next.call.function.eval(ev, next.in, next.sc)
		if err != nil {
			return value.Value{}, err
		}
		f := functionOf(proc)
		at := ev.tailSite(f, next.call)
		from := len(ev.args)
		for _, argument := range next.call.arguments {
			arg, err := argument.eval(ev, next.in, next.sc)
			if err != nil {
				return value.Value{}, err
			}
			ev.args = append(ev.args, arg)
		}
		n := copy(ev.args[base:], ev.args[from:])
		ev.args = ev.args[:base+n]
		v, err := ev.call(f, ev.args[base:], in, sc, at)
		if err != nil || !isThunk(v) {
			return v, err
		}
	}
}

// tailSite notes where a function is called at the end of another, which comes
// before its arguments are evaluated. It is returned for the built-in functions
// that have no place to keep it.
func (ev *evaluation) tailSite(f *function, c *call) *site {
	at := site{position: c.function.position}
	if c.function.kind == variableUnit {
		at.token, at.tokenSet = c.function.name, true
	}
	switch {
	case f == nil:
	case f.higher > 0:
		ev.sites[f.higher-1] = at
	case f.lambda != nil || f.target != nil:
		f.site = at
	default:
		return &at
	}
	return nil
}

// call calls a function once. An error that comes out of it gets the token of the
// function's last call, unless it has one, and its position.
func (ev *evaluation) call(f *function, args []value.Value, in value.Value, sc *scope, at *site) (value.Value, *Error) {
	if f == nil {
		return value.Value{}, &Error{Code: "T1006"}
	}
	if f.target != nil {
		v, err := ev.callback(f.target, args, value.Null(), f.scope)
		return v, f.site.place(err)
	}
	where := at
	switch {
	case f.lambda != nil:
		where = &f.site
	case f.higher > 0:
		where = &ev.sites[f.higher-1]
	}
	if at != nil && where != at {
		*where = *at
	}
	var err *Error
	var v value.Value
	if f.signature != nil {
		args, err = f.signature.validate(args, in)
	}
	switch {
	case err != nil:
	case f.lambda != nil:
		v, err = ev.callLambda(f, args)
	default:
		v, err = ev.callNative(f, native{ev, args, in, sc})
	}
	return v, where.place(err)
}

// place gives an error the token of the call that it came out of, unless it has
// one, and its position.
func (s *site) place(err *Error) *Error {
	if err == nil || s == nil {
		return err
	}
	if !err.tokenSet && s.tokenSet {
		err.Token, err.tokenSet = s.token, true
	}
	if s.position != 0 {
		err.Position = s.position
	}
	return err
}

// callback calls a function that was passed as an argument.
func (ev *evaluation) callback(f *function, args []value.Value, in value.Value, sc *scope) (value.Value, *Error) {
	base := len(ev.args)
	ev.args = append(ev.args, args...)
	v, err := ev.apply(f, ev.args[base:], in, sc, nil)
	ev.args = ev.args[:base]
	return v, err
}

// callNative calls a native function, which may call others: a level of depth.
func (ev *evaluation) callNative(f *function, n native) (value.Value, *Error) {
	if ev.depth >= ev.limits.Depth {
		return value.Value{}, overBudget(stackMessage)
	}
	ev.depth++
	v, err := f.native(n)
	ev.depth--
	return v, err
}

func (ev *evaluation) callLambda(f *function, args []value.Value) (value.Value, *Error) {
	n := len(f.parameters)
	sc := &scope{up: f.scope, names: f.parameters}
	if f.lambda.captures || len(args) < n {
		if err := ev.make(n, functionSize); err != nil {
			return value.Value{}, err
		}
		sc.values = make([]value.Value, n)
		copy(sc.values, args)
	} else {
		// They stay where they are for as long as the call takes.
		sc.values = args[:n:n]
	}
	return f.lambda.body.eval(ev, f.input, sc)
}
