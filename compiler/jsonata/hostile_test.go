package jsonata

import (
	"strings"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// TestHostile shows the error that each expression gives which is meant to harm
// whoever evaluates it. None may hang, run out of memory or overflow the stack.
func TestHostile(t *testing.T) {
	t.Parallel()
	const (
		stack  = "U1001: " + stackMessage
		steps  = "U1001: " + stepsMessage
		memory = "U1001: " + memoryMessage
	)
	many := func(s string) string { return strings.Repeat(s, 200_000) }
	tests := []struct{ name, source, want string }{
		// What does not end.
		{"recursion", `($f := function($n) { 1 + $f($n) }; $f(1))`, stack},
		{"tail recursion", `($f := function($n) { $f($n + 1) }; $f(1))`, steps},
		{"two functions", `($f := function() { [$g()] }; $g := function() { [$f()] }; $f())`, stack},
		{"recursion through map", `($f := function($x) { $map([1, 2], $f) }; $f(1))`, stack},
		{"recursion through sort", `($f := function($a, $b) { $sort([2, 1], $f) }; $f(1, 2))`, stack},
		{"recursion through replace", `($f := function($m) { $replace("aa", /a/, $f) }; $f(1))`, stack},
		{"recursion through eval", `($f := function() { $eval("$f() + 1") }; $f())`, stack},
		{"fixed point", `($y := function($x) { 1 + $x($x) }; $y($y))`, stack},
		{"a matcher without end", `($m := function($s) {{"match": "a", "start": 0, "end": 1, "groups": [], "next": $m}}; $match("a", $m))`, memory},
		{"partial applications", `($f := function($g, $n) { $n = 0 ? $g(1) : $f($g(?), $n - 1) }; $f($string, 10000))`, stack},
		{"chained functions", `($f := function($g, $n) { $n = 0 ? $g(1) : $f($g ~> $string, $n - 1) }; $f($string, 10000))`, stack},
		{"nested loops", `$map([1..4000], function($a) { $map([1..4000], function($b) { $a + $b }) })`, steps},
		{"a path over paths", `($l := [1..4000]; $l.($l.$))`, steps},

		// What grows.
		{"string doubling", `($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $f("ab", 100))`, memory},
		{"array doubling", `($f := function($s, $n) { $n = 0 ? $s : $f($append($s, $s), $n - 1) }; $f([1], 100))`, memory},
		{"range", `[1..10000001]`, "D2014: The size of the sequence allocated by the range operator (..) must not exceed 1e6.  Attempted to allocate 10000001."},
		{"ranges", `[[1..900000], [1..900000]]`, memory},
		{"infinite range", `[1..1e300]`, "D2014: The size of the sequence allocated by the range operator (..) must not exceed 1e6.  Attempted to allocate 1e+300."},
		{"pad", `$pad("", 1e9, "ab")`, memory},
		{"join", `$join($map([1..10000], function() { $pad("", 10000) }))`, memory},
		{"replacement", `$replace($pad("", 1e6, "a"), /a+/, $pad("", 1e6, "$0"))`, memory},
		{"split", `$split($pad("", 1.5e6), "")`, memory},
		{"one list many times", `($l := [1..10000]; [1..10000].($l))`, memory},
		{"one list many times, by name", `($l := [1..10000]; $map([1..1000], function() {{"l": $l}}).l)`, memory},
		{"one list many times, in an array", `($l := [1..100000]; [$l, $l, $l, $l, $l, $l, $l, $l, $l, $l, $l, $l, $l])`, memory},
		{"one list many times, grouped", `($l := [1..10000]; $map([1..1000], function() {[[$l]]}).{"k": $}{"g": $.k})`, memory},
		{"functions", `$map([1..100000], function($x) { function() { $x } })`, memory},
		{"shared list as text", `($f := function($l, $n) { $n = 0 ? $l : $f([[$l], [$l]], $n - 1) }; $string($f([1], 60)))`, memory},
		{"shared list as result", `($f := function($l, $n) { $n = 0 ? $l : $f([[$l], [$l]], $n - 1) }; $f([1], 60))`, memory},
		{"shared list compared", `($f := function($l, $n) { $n = 0 ? $l : $f([[$l], [$l]], $n - 1) }; $f([1], 60) = $f([1], 60))`, steps},
		{"shared list as truth", `($f := function($l, $n) { $n = 0 ? $l : $f([[$l], [$l]], $n - 1) }; $f([0], 60) ? 1)`, steps},
		{"shared list flattened", `($f := function($l, $n) { $n = 0 ? $l : $f([[$l], [$l]], $n - 1) }; $f([0], 60).**)`, steps},
		{"shared list cloned", `($f := function($l, $n) { $n = 0 ? $l : $f([[$l], [$l]], $n - 1) }; $clone($f([0], 60)))`, memory},
		{"deep list", `($f := function($l, $n) { $n = 0 ? $l : $f([[$l]], $n - 1) }; $f([1], 10000))`, memory},
		{"deep list as text", `($f := function($l, $n) { $n = 0 ? $l : $f([[$l]], $n - 1) }; $string($f([1], 10000)))`, memory},
		{"Roman numeral", `$formatInteger(1e15, "I")`, memory},
		{"picture", `$formatNumber(1, $pad("", 1e6, "0,"))`, memory},

		// Regular expressions.
		{"backtracking with a reference", `$contains($pad("", 40, "a") & "b", /(a+)+\1c/)`, steps},
		{"backtracking with lookahead", `$contains($pad("", 60, "a"), /(a|aa)+(?=b)/)`, steps},
		{"many repetitions", `$contains("a", /((a{1000}){1000}){1000}/)`, "S0303: Invalid regular expression: /((a{1000}){1000}){1000}/: Regular expression too large"},
		{"empty matches", `$match("aaa", /b*/)`, "D1004: Regular expression matches zero length string"},

		// Sources.
		{"deep parentheses", many("("), stack},
		{"deep brackets", many("["), stack},
		{"deep objects", many(`{"a":`), stack},
		{"deep lambdas", many("function(){"), stack},
		{"many minus signs", many("-"), stack},
		{"chains in chains", strings.Repeat("(", 900) + "a" + strings.Repeat(strings.Repeat("+1", 90)+")", 900), stack},
		{"a long path", "a" + many(".a"), stack},
		{"many predicates", "a" + many("[0]"), stack},
		{"a long sum", "1" + many("+1"), stack},
		{"many conditions", many("a?b:"), stack},
		{"many calls", "$f" + many("()"), stack},
		{"deep groups in a pattern", "/" + strings.Repeat("(", 100_000) + strings.Repeat(")", 100_000) + "/", "Regular expression too large"},
		{"deep evaluation", `$eval($join($map([1..10000], function(){ "[" })))`, stack},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := evalAll(test.source)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func evalAll(source string) (value.Value, error) {
	e, err := Compile(source)
	if err != nil {
		return value.Value{}, err
	}
	// A tenth of the defaults shows the same, sooner.
	limits := Limits{Steps: defaultSteps / 10, Memory: defaultMemory / 10, Text: defaultText / 10}
	return e.Eval(value.Value{}, &Env{Limits: limits})
}

// TestLinear shows that patterns with neither references nor lookaround need time
// linear in the text, however they are nested.
func TestLinear(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		`$contains($pad("", 20000, "a") & "b", /(a+)+c/)`,
		`$contains($pad("", 20000, "a") & "b", /(a|a)*c/)`,
		`$contains($pad("", 20000, "a") & "b", /^(([a-z])+.)+[A-Z]([a-z])+$/)`,
	} {
		v, err := MustCompile(source).Eval(value.Value{}, nil)
		if err != nil || v.String() != "false" {
			t.Errorf("%s: %v, %v", source, v, err)
		}
	}
}

// TestBudgets shows that each budget can be set, and that what is needed for an
// ordinary depth is there by default.
func TestBudgets(t *testing.T) {
	t.Parallel()
	sum := MustCompile(`($f := function($n) { $n = 0 ? 0 : $n + $f($n - 1) }; $f(1000))`)
	if v, err := sum.Eval(value.Value{}, nil); err != nil || v.String() != "500500" {
		t.Errorf("a recursion of 1000 calls: %v, %v", v, err)
	}
	for _, test := range []struct {
		limits Limits
		source string
	}{
		{Limits{Steps: 100}, `$map([1..100], function($x) { $x })`},
		{Limits{Depth: 20}, `($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(10))`},
		{Limits{Text: 100}, `$pad("", 101)`},
		{Limits{Memory: 1000}, `[1..100]`},
		{Limits{Result: 100}, `($s := $pad("", 60); [$s, $s])`},
	} {
		e := MustCompile(test.source)
		if _, err := e.Eval(value.Value{}, &Env{Limits: test.limits}); err == nil || err.(*Error).Code != "U1001" {
			t.Errorf("%s with %+v: %v", test.source, test.limits, err)
		}
		if _, err := e.Eval(value.Value{}, nil); err != nil {
			t.Errorf("%s: %v", test.source, err)
		}
	}
}
