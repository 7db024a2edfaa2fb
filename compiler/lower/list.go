package lower

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// JSONata has sequences: what a function gives for many items is one, and it
// loses its brackets when it has one item, and vanishes when it has none; what is
// put into one loses its own. A List of the DSL must stay an array, so the
// functions here put the brackets back, where the value's consumer would notice.

func (w writer) list(x *spec.Expr) term {
	switch x.Op {
	case spec.OpList:
		return w.items(x.Args)
	case spec.OpAppend:
		return call("append", w.expr(x.Args[0]), w.items(x.Args[1:]))
	case spec.OpConcat:
		return w.concat(x.Args)
	case spec.OpAt:
		return w.expr(x.Args[0]).index(w.expr(x.Args[1]))
	case spec.OpHas:
		return infix("in", powerCompare, w.expr(x.Args[1]), w.expr(x.Args[0]))
	case spec.OpLen:
		return call("count", w.loose(x.Args[0]))
	default:
		return bracketed(w.loose(x))
	}
}

func bracketed(t term) term {
	if t.array || t.list {
		return t
	}
	return array(t)
}

// loose writes a list for a function that takes one item for a list of one, and
// nothing for an empty one.
func (w writer) loose(x *spec.Expr) term {
	w, x = w.resolve(x)
	t := w.sequence(x)
	w.note(x, t)
	return t
}

func (w writer) sequence(x *spec.Expr) term {
	switch x.Op {
	case spec.OpKeys:
		return call("keys", w.expr(x.Args[0]))
	case spec.OpSelect:
		body := x.Args[1].Args[0]
		if flattens(body.Type) {
			return w.reduce(x, func(w writer, so, item term) term { return call("append", so, w.items([]*spec.Expr{body})) })
		}
		return call("map", w.loose(x.Args[0]), w.lambda(x.Args[1], func(w writer, _ term) term { return w.nullable(body) }))
	case spec.OpFilter:
		keep := x.Args[1].Args[0]
		if flattens(x.Args[1].Params[0].Type) {
			return w.reduce(x, func(w writer, so, item term) term {
				whole := &spec.Expr{Op: spec.OpRef, Type: x.Args[1].Params[0].Type, Source: x.Args[1].Params[0]}
				return cond(w.expr(keep), call("append", so, w.items([]*spec.Expr{whole})), so)
			})
		}
		return call("filter", w.loose(x.Args[0]), w.lambda(x.Args[1], func(w writer, _ term) term { return w.expr(keep) }))
	}
	return w.expr(x)
}

// reduce goes through a list item by item where a sequence would flatten them.
// Its result is an array of any length.
func (w writer) reduce(x *spec.Expr, step func(w writer, so, item term) term) term {
	inner, name := w.with(x.Args[1].Params[0])
	inner, soFar := inner.with(&spec.Source{Kind: spec.FromParam, Name: "list"})
	body := step(inner, variable(soFar), variable(name))
	t := atom("$reduce(%s, function($%s, $%s) { %s }, [])", w.expr(x.Args[0]).text, soFar, name, body.text)
	t.list = true
	return t
}

// flattens reports whether a value of the type may be an array, which a sequence
// would take apart.
func flattens(t *spec.Type) bool {
	if t == nil {
		return true
	}
	switch t.Kind {
	case spec.List, spec.JSON:
		return true
	case spec.Optional:
		return flattens(t.Elem)
	}
	return false
}

// items writes an array constructor.
func (w writer) items(list []*spec.Expr) term {
	terms := make([]term, len(list))
	for i, x := range list {
		terms[i] = w.item(x)
	}
	return array(terms...)
}

// item writes an item of an array constructor, which takes arrays apart unless
// they are constructors themselves, and leaves out what is nothing.
func (w writer) item(x *spec.Expr) term {
	in, of := w.resolve(x)
	t := in.expr(of)
	switch {
	case of.Op == spec.OpAbsent:
		return constant("null")
	case !flattens(of.Type):
		return in.nullable(of)
	case isKind(of, spec.List):
		return bracketed(term{text: t.text, array: t.array})
	}
	return w.once(t, func(t term) term {
		kept := cond(infix("=", powerCompare, call("type", t), constant("'array'")), array(array(t)), t)
		if isKind(of, spec.Optional) {
			return term{text: cond(t.present(), kept, constant("null")).text, power: powerCond}
		}
		return kept
	})
}

func (w writer) concat(lists []*spec.Expr) term {
	if len(lists) == 0 {
		return array()
	}
	t := w.expr(lists[0])
	for _, l := range lists[1:] {
		t = call("append", t, w.expr(l))
	}
	return t
}
