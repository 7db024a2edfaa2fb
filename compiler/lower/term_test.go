package lower

import (
	"strings"
	"testing"

	language "github.com/stepsmith-dev/stepsmith/compiler/jsonata"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

func TestQuote(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "plain", "it's", `"double"`, `it's "both"`, `back\slash`, "line\nbreak\ttab\r\x00", "\u2028", "größe 𝒳", "{% x %}", "`", "*/",
	} {
		e, err := language.Compile(quote(text))
		if err != nil {
			t.Errorf("%q is written as %s: %v", text, quote(text), err)
			continue
		}
		v, err := e.Eval(value.Value{}, nil)
		if got, _ := v.Str(); err != nil || got != text {
			t.Errorf("%q is written as %s, which is %q, %v", text, quote(text), got, err)
		}
	}
}

func TestFieldNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"id": "$o.id", "größe": "$o.größe", "_x1": "$o._x1", "1st": "$o.`1st`", "wait-time": "$o.`wait-time`", "null": "$o.`null`",
		"and": "$o.`and`", "in": "$o.`in`", "": "$o.``", "it's": "$o.`it's`", "a`b": "$lookup($o, 'a`b')",
	} {
		if got := variable("o").field(name).text; got != want {
			t.Errorf("the field %q is written as %s, want %s", name, got, want)
		}
	}
}

func TestParentheses(t *testing.T) {
	t.Parallel()
	a, b, c := variable("a"), variable("b"), variable("c")
	for want, got := range map[string]term{
		"$a - ($b - $c)":          infix("-", powerAdd, a, infix("-", powerAdd, b, c)),
		"$a - $b - $c":            infix("-", powerAdd, infix("-", powerAdd, a, b), c),
		"($a + $b) * $c":          infix("*", powerMul, infix("+", powerAdd, a, b), c),
		"($a or $b) and $c":       infix("and", powerAnd, infix("or", powerOr, a, b), c),
		"($a ? $b : $c).x":        cond(a, b, c).field("x"),
		"$a ? $b : $a ? $b : $c":  cond(a, b, cond(a, b, c)),
		"($a ? $b : $c) ? $b : 1": cond(cond(a, b, c), b, constant("1")),
		"$a.x[0]":                 a.field("x").index(constant("0")),
		"($a.x[0])[1]":            a.field("x").index(constant("0")).index(constant("1")),
		"($f($a))[0].x":           call("f", a).index(constant("0")).field("x"),
	} {
		if got.text != want {
			t.Errorf("%s, want %s", got.text, want)
		}
		if _, err := language.Compile(got.text); err != nil {
			t.Errorf("%s: %v", got.text, err)
		}
	}
}

func TestReplaceArguments(t *testing.T) {
	t.Parallel()
	args := []string{"$one", "$two"}
	for code, want := range map[string]string{
		"$1 + $2":                    "$one + $two",
		"$1.a[$2]":                   "$one.a[$two]",
		"$10 & $3 & $":               "$10 & $3 & $",
		`'$1' & "$2\"$1" & $1`:       `'$1' & "$2\"$1" & $one`,
		"$x.`$1`":                    "$x.`$1`",
		"/* $1 */ $1 /* $2":          "/* $1 */ $one /* $2",
		"$map($1, function($v){$v})": "$map($one, function($v){$v})",
		"$1a":                        "$1a",
		"'unfinished $1":             "'unfinished $1",
	} {
		if got := substitute(code, args); got != want {
			t.Errorf("%s becomes %s, want %s", code, got, want)
		}
	}
}

func substitute(code string, args []string) string {
	return replaceArguments(code, func(n int) string {
		if n < 1 || n > len(args) {
			return ""
		}
		return args[n-1]
	})
}

// FuzzReplaceArguments replaces each argument by itself, which must not change
// anything.
func FuzzReplaceArguments(f *testing.F) {
	f.Add(`$1 & '$2' & /* $1 */ "\"$1"`)
	f.Fuzz(func(t *testing.T, code string) {
		if strings.Contains(code, "$0") { // 01 is 1
			return
		}
		if got := substitute(code, []string{"$1", "$2"}); got != code {
			t.Errorf("%q becomes %q", code, got)
		}
	})
}

func TestNames(t *testing.T) {
	t.Parallel()
	n := newNamer()
	order := &spec.Type{Kind: spec.Struct, Name: "Order[int]"}
	for _, c := range []struct {
		source spec.Source
		want   string
	}{
		{spec.Source{Kind: spec.FromTask, Type: order, Name: "Get order"}, "order"},
		{spec.Source{Kind: spec.FromTask, Type: order, Name: "Get order"}, "getOrder"},
		{spec.Source{Kind: spec.FromTask, Type: order, Name: "Get order"}, "getOrderResult"},
		{spec.Source{Kind: spec.FromTask, Type: order, Name: "Get order"}, "value"},
		{spec.Source{Kind: spec.FromTask, Type: order, Name: "Get order"}, "value2"},
		{spec.Source{Kind: spec.FromVariable, Name: "attempt"}, "attempt"},
		{spec.Source{Kind: spec.FromVariable, Name: "states"}, "statesValue"},
		{spec.Source{Kind: spec.FromVariable, Name: "sum"}, "sumValue"},
		{spec.Source{Kind: spec.FromVariable, Name: "URLList 2nd-try"}, "urlList2ndTry"},
		{spec.Source{Kind: spec.FromVariable, Name: "42"}, "result"},
	} {
		if got := n.name(&c.source); got != c.want {
			t.Errorf("%s %q is named %q, want %q", c.source.Kind, c.source.Name, got, c.want)
		}
	}
}
