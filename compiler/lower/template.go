package lower

import (
	"encoding/json"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// jsonata is the JSON string of an expression.
func jsonata(t term) string { return "{% " + t.text + " %}" }

// value writes a value as a payload template: objects and lists are JSON, with
// an expression for each part, so that AWS raises an error where one gives
// nothing. An object of which a part may be missing is one expression, in which
// such a part vanishes.
func (w writer) value(x *spec.Expr) value.Value {
	in, of := w.resolve(x)
	if arithmetic[of.Op].operator != "" {
		of = in.computed(of)
	}
	switch of.Op {
	case spec.OpLiteral:
		return literalValue(of)
	case spec.OpNull, spec.OpAbsent:
		return value.Null()
	case spec.OpStruct, spec.OpDict:
		return in.objectValue(of)
	case spec.OpList:
		items := make([]value.Value, len(of.Args))
		for i, item := range of.Args {
			items[i] = in.value(item)
		}
		return value.List(items...)
	}
	return value.String(in.whole(func(w writer) term { return w.nullable(of) }))
}

func (w writer) objectValue(x *spec.Expr) value.Value {
	var members []value.Member
	for i, arg := range x.Args {
		switch w.absent(arg) {
		case perhaps:
			return value.String(w.whole(func(w writer) term { return w.object(x) }))
		case never:
			members = append(members, value.Member{Key: x.Names[i], Value: w.value(arg)})
		}
	}
	return value.Object(members...)
}

// scalar writes a value that the state's field takes as a literal or as an
// expression; nil is undefined.
func (w writer) scalar(x *spec.Expr) value.Value {
	if x == nil {
		return value.Value{}
	}
	return w.value(x)
}

func literalValue(x *spec.Expr) value.Value {
	if s, ok := textOf(x); ok {
		// A text that looks like an expression must be one.
		if strings.HasPrefix(s, "{%") || strings.HasSuffix(s, "%}") {
			return value.String(jsonata(constant(quote(s))))
		}
		return value.String(s)
	}
	v, err := value.Parse(string(x.Value))
	if err != nil {
		panic("lower: a literal is no JSON: " + err.Error())
	}
	return v
}

// textOf returns the text of a literal that is one.
func textOf(x *spec.Expr) (string, bool) {
	if x.Op != spec.OpLiteral || len(x.Value) == 0 || x.Value[0] != '"' {
		return "", false
	}
	var s string
	err := json.Unmarshal(x.Value, &s)
	return s, err == nil
}
