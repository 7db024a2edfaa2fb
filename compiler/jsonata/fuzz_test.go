package jsonata

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// seeds are expressions with something of everything.
var seeds = []string{
	`$`, `$$`, `a.b[0].c`, "`a b`.'c d'.\"e\"", `a[]`, `a[1][].b`, `$x[b > 1 and c in [1, 2]]`, `a.*.**`, `a.b.%.c`,
	`a@$x#$i[$x = $i].{"k": $x}`, `a{b: $sum(c)}`, `a^(<b, >c)[0]`, `[1..3, "x", [true, false, null]]`, `-(-1) + - 2 * 3 / 4 % 5`,
	`"\"\\\u00e9\ud83d\ude00\ud800" & 'it''s' & "\n"`, `a ? b : c ? d`, `($x := 1; $y := $x + 1; $y)`, `function($a, $b)<n-n?(sb)a<n>+:n>{ $a + $b }`,
	`λ($x){$f($x)}(1)`, `$map(a, $f(?, 2))`, `a ~> $f() ~> $g`, `a ~> |b|{"c": 1}, ["d"]|`, `/a[/]b\/c/im`, `/* c */ a /* d */`,
	`and.or.in`, `a.and and in`, `1e3 .. 2`, `{"a": 1, "b": {"c": [2]}}`, `!`, `a[`, `"`, `$f(`, "`", `/`, `<>`, `$eval("1+1")`,
	`$formatNumber(1, "#,##0.00;(0)")`, `$toMillis("2020", "[Y]")`, `$match("ab", /(a)(b)?/)`, `$replace("a", /a/, "$1$0$$")`,
	`function($a, $b)<n?s-a<n>f?(sb)x+:n>{ $a }("x", 1, [1], $sum, true)`, `function($a)<n?ss>{ $a }("x", "y")`,
	`$map(a, function($v, $i)<on:x>{ $v })`, `(a)[]`, `$x[] := 1`, `function(){}`, `{a: b}.c`, `a.(b; c)[0]`, `a . 5`, `--a`, `a[-1]`, `"a".b`, `5[0]`,
}

// FuzzCompile checks that every source is either refused or compiles to a tree
// whose canonical source compiles to the same tree.
func FuzzCompile(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	for _, source := range suiteSources(f) {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) { roundTrip(t, source) })
}

func roundTrip(t *testing.T, source string) {
	t.Helper()
	e, err := Compile(source)
	if err != nil {
		var failure *Error
		if !errors.As(err, &failure) || failure.Message == "" || failure.Code == "" {
			t.Fatalf("%q: an error without a code or text: %#v", source, err)
		}
		return
	}
	e.Refusals()
	e.Variables()
	canonical := e.String()
	again, err := Compile(canonical)
	if err != nil {
		t.Fatalf("%q: the canonical source %q does not compile: %v", source, canonical, err)
	}
	if got := again.String(); got != canonical {
		t.Fatalf("%q: the canonical source changes from\n%q to\n%q", source, canonical, got)
	}
	if shape(again.Root()) != shape(e.Root()) {
		t.Fatalf("%q: the canonical source %q has another tree", source, canonical)
	}
}

// shape shows the kinds of the nodes of a tree.
func shape(n Node) string {
	type typed struct {
		Kind  string
		Parts []json.RawMessage
	}
	s := typed{Kind: kindName(n)}
	for _, part := range Children(n) {
		s.Parts = append(s.Parts, json.RawMessage(shape(part)))
	}
	text, _ := json.Marshal(s)
	return string(text)
}

func kindName(n Node) string {
	switch n := n.(type) {
	case *Binary:
		return n.Operator
	case *Name:
		return "name " + n.Value
	case *Variable:
		return "$" + n.Name
	case *Literal:
		return n.String()
	case *Keep:
		return "keep"
	case *Block:
		return "block"
	case *Array:
		return "array"
	case *Object:
		return "object"
	case *Group:
		return "group"
	case *Filter:
		return "filter"
	case *Call:
		return "call"
	case *Lambda:
		return "lambda " + n.Signature
	}
	return "other"
}

// TestRoundTrip is the fuzz test for all expressions of the suite.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, source := range append(suiteSources(t), seeds...) {
		roundTrip(t, source)
	}
}

func suiteSources(t testing.TB) (sources []string) {
	text, err := os.ReadFile("../../" + suitePath)
	if err != nil {
		t.Logf("without the expressions of the suite: %v", err)
		return nil
	}
	var suite struct{ Cases []suiteCase }
	if err := json.Unmarshal(text, &suite); err != nil {
		t.Fatal(err)
	}
	for i := range suite.Cases {
		sources = append(sources, suite.Cases[i].source())
	}
	return sources
}

// FuzzEval checks that whatever compiles can be evaluated, within its budgets,
// always with the same outcome, and that the canonical source means the same.
func FuzzEval(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed, `{"a": [{"b": 1, "c": "x"}, {"b": 2}], "d": null}`)
	}
	for _, source := range suiteSources(f) {
		f.Add(source, `{"Account": {"Order": [{"Product": [{"Price": 1, "Quantity": 2}]}]}, "foo": {"bar": [1, 2]}}`)
	}
	f.Fuzz(func(t *testing.T, source, document string) {
		input, err := value.Parse(document)
		if err != nil {
			return
		}
		e, err := Compile(source, AWS())
		if err != nil {
			return
		}
		first := outcome(e, input)
		if again := outcome(e, input); again != first {
			t.Fatalf("%q: first %s, then %s", source, first, again)
		}
		canonical, err := Compile(e.String(), AWS())
		if err != nil {
			t.Fatalf("%q: the canonical source %q does not compile: %v", source, e.String(), err)
		}
		if _, ok := errorOf(e, input); ok {
			return // positions differ
		}
		if other := outcome(canonical, input); other != first {
			t.Fatalf("%q gives %s, its canonical source %q gives %s", source, first, canonical, other)
		}
	})
}

func fuzzEnv() *Env {
	n := uint64(0)
	return &Env{
		Random: func() uint64 { n += 0x9E3779B97F4A7C15; return n * n },
		Limits: Limits{Steps: 100_000, Depth: 500, Text: 1 << 16, Memory: 1 << 22, Result: 1 << 16},
	}
}

func outcome(e *Expr, input value.Value) string {
	v, err := e.Eval(input, fuzzEnv())
	if err != nil {
		if err.(*Error).Code == "U1003" {
			panic(e.Source() + ": " + err.Error())
		}
		return err.Error()
	}
	return v.String()
}

func errorOf(e *Expr, input value.Value) (error, bool) {
	_, err := e.Eval(input, fuzzEnv())
	return err, err != nil
}
