package lower

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// absence says whether a value may be missing.
type absence uint8

const (
	never absence = iota
	perhaps
	always
)

// absent tells what is known of an expression that [writer.resolve] gave.
func (w writer) absent(x *spec.Expr) absence {
	in, of := w.resolve(x)
	switch {
	case of.Op == spec.OpAbsent:
		return always
	case of.Op == spec.OpNull || !isKind(of, spec.Optional):
		return never
	case of.Op == spec.OpCond:
		a, b := in.absent(of.Args[1]), in.absent(of.Args[2])
		if a == b {
			return a
		}
	}
	return perhaps
}

// nullable writes a value that must not be nothing: what is missing becomes
// null, which reads the same.
func (w writer) nullable(x *spec.Expr) term {
	in, of := w.resolve(x)
	t := in.expr(of)
	if w.absent(x) != perhaps {
		return t
	}
	return w.once(t, func(t term) term { return cond(t.present(), t, constant("null")) })
}

// maybe writes a value that may be nothing.
func (w writer) maybe(x *spec.Expr) term {
	if w.absent(x) == always {
		return constant("null")
	}
	return w.expr(x)
}

func (w writer) optional(x *spec.Expr) term {
	switch x.Op {
	case spec.OpPresent:
		return w.expr(x.Args[0]).present()
	case spec.OpOrElse:
		switch _, of := w.resolve(x.Args[0]); {
		case of.Op == spec.OpNull || of.Op == spec.OpAbsent:
			return w.expr(x.Args[1])
		case !isKind(of, spec.Optional):
			return w.expr(x.Args[0])
		}
		return w.once(w.expr(x.Args[0]), func(t term) term { return cond(t.present(), t, w.expr(x.Args[1])) })
	case spec.OpMust:
		return w.once(w.expr(x.Args[0]), func(t term) term {
			return cond(t.present(), t, call("error", constant(quote(nameOf(x.Args[0])+" is missing"))))
		})
	case spec.OpLookup:
		if key, ok := textOf(x.Args[1]); ok {
			return w.expr(x.Args[0]).field(key)
		}
		return call("lookup", w.expr(x.Args[0]), w.expr(x.Args[1]))
	default: // spec.OpPut
		return call("merge", array(w.expr(x.Args[0]), atom("{%s: %s}", w.expr(x.Args[1]).text, w.nullable(x.Args[2]).text)))
	}
}

// nameOf names a value in an error message.
func nameOf(x *spec.Expr) string {
	switch x.Op {
	case spec.OpField, spec.OpLookup:
		if len(x.Names) > 0 {
			return x.Names[0]
		}
	case spec.OpRef:
		return x.Source.Name
	}
	return "a value"
}
