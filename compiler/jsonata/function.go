package jsonata

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A dialect is what names there are.
type dialect struct {
	functions map[string]*function
}

// A definition is a row of the tables of built-in functions. The arity is how
// many arguments the function is passed at most where it is itself an argument.
type definition struct {
	name      string
	signature string
	arity     int
	native    func(native) (value.Value, *Error)
}

// numHigher is how many built-in functions call functions. Their call sites have
// to be known while they do.
const numHigher = 13

var standardDialect, awsDialect = dialects()

func dialects() (standard, aws *dialect) {
	standard = &dialect{functions: map[string]*function{}}
	for _, table := range [][]definition{
		aggregateFunctions, textFunctions, matchFunctions, urlFunctions, numberFunctions,
		listFunctions, objectFunctions, timeFunctions, generalFunctions,
	} {
		for _, d := range table {
			standard.functions[d.name] = d.function()
		}
	}
	higher := []string{
		"map", "filter", "single", "reduce", "sift", "each", "sort", "match", "contains", "replace", "split", "eval", "clone",
	}
	for i, name := range higher {
		standard.functions[name].higher = i + 1
	}
	aws = &dialect{functions: map[string]*function{}}
	for name, f := range standard.functions {
		aws.functions[name] = f
	}
	delete(aws.functions, "eval")
	for _, d := range awsFunctions {
		aws.functions[d.name] = d.function()
	}
	return standard, aws
}

func (d *definition) function() *function {
	f := &function{name: d.name, arity: d.arity, native: d.native}
	if d.signature != "" {
		f.signature = mustSignature(d.signature)
	}
	f.asValue()
	return f
}

// defined makes a function give nothing where its first argument is nothing.
func defined(f func(native) (value.Value, *Error)) func(native) (value.Value, *Error) {
	return func(n native) (value.Value, *Error) {
		if n.arg(0).IsUndefined() {
			return value.Value{}, nil
		}
		return f(n)
	}
}

// ofText makes a function of one on strings.
func ofText(f func(s string) string) func(native) (value.Value, *Error) {
	return defined(func(n native) (value.Value, *Error) {
		s, _ := n.arg(0).Str()
		if err := n.ev.spend(len(s) / 64); err != nil {
			return value.Value{}, err
		}
		return n.ev.text(f(s))
	})
}

// ofNumber makes a function of one on numbers.
func ofNumber(f func(x float64) float64) func(native) (value.Value, *Error) {
	return defined(func(n native) (value.Value, *Error) {
		x, _ := n.arg(0).Float()
		return value.Float(f(x)), nil
	})
}

var generalFunctions = []definition{
	{"boolean", "<x-:b>", 1, func(n native) (value.Value, *Error) {
		truth, ok, err := n.ev.boolean(n.arg(0))
		if !ok || err != nil {
			return value.Value{}, err
		}
		return value.Bool(truth), nil
	}},
	{"not", "<x-:b>", 1, func(n native) (value.Value, *Error) {
		truth, ok, err := n.ev.boolean(n.arg(0))
		if !ok || err != nil {
			return value.Value{}, err
		}
		return value.Bool(!truth), nil
	}},
	{"exists", "<x:b>", 1, func(n native) (value.Value, *Error) {
		return value.Bool(!n.arg(0).IsUndefined()), nil
	}},
	{"type", "<x:s>", 1, typeOf},
	{"error", "<s?:x>", 1, func(n native) (value.Value, *Error) {
		return value.Value{}, raise("D3137", n.arg(0), "$error() function evaluated")
	}},
	{"assert", "<bs?:x>", 2, func(n native) (value.Value, *Error) {
		if truth, _ := n.arg(0).Bool(); truth {
			return value.Value{}, nil
		}
		return value.Value{}, raise("D3141", n.arg(1), "$assert() statement failed")
	}},
	{"eval", "<sx?:x>", 2, evalText},
	{"clone", "<(oa)-:o>", 1, defined(func(n native) (value.Value, *Error) {
		return n.ev.clone(n.arg(0), 0)
	})},
}

func raise(code string, message value.Value, fallback string) *Error {
	s, _ := message.Str()
	if s == "" {
		s = fallback
	}
	return &Error{Code: code, detail: s}
}

func typeOf(n native) (value.Value, *Error) {
	v := n.arg(0)
	switch v.Kind() {
	case value.KindUndefined:
		return v, nil
	case value.KindNumber:
		_, ok, err := number(v)
		if err != nil || !ok {
			return value.String("object"), err // NaN, for jsonata-js
		}
		return value.String("number"), nil
	case value.KindOpaque:
		return value.String("function"), nil
	}
	return value.String(v.Kind().String()), nil
}

// evalText is $eval.
func evalText(n native) (value.Value, *Error) {
	source, ok := n.arg(0).Str()
	if !ok {
		return value.Value{}, nil
	}
	in := n.input
	if focus := n.arg(1); !focus.IsUndefined() {
		in = focus
		if isList(in) && !isSequence(in) {
			in = value.List(in).WithMark(sequenceMark | outerMark)
		}
	}
	if err := n.ev.spend(8 * len(source)); err != nil {
		return value.Value{}, err
	}
	sc := n.scope
	if sc == nil {
		sc = &scope{}
	}
	e, err := compile(source, n.ev.dialect)
	if err != nil {
		return value.Value{}, evalError("D3120", err)
	}
	v, err := e.plan.eval(n.ev, in, sc)
	if err != nil {
		return value.Value{}, evalError("D3121", err)
	}
	return v, nil
}

// evalError wraps an error in the text given to $eval. That a budget is spent
// stays what it is.
func evalError(code string, err *Error) *Error {
	if err.Code == "U1001" {
		return err
	}
	return fail(code, value.String(err.finish().Message))
}
