package jsonata

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

func evalAWS(source string) string {
	e, err := Compile(source, AWS())
	if err != nil {
		return err.Error()
	}
	v, err := e.Eval(value.Value{}, &Env{Random: func() uint64 { return 0x0123456789ABCDEF }})
	if err != nil {
		return err.Error()
	}
	return v.String()
}

func TestAWSFunctions(t *testing.T) {
	t.Parallel()
	tests := []struct{ source, want string }{
		{`$partition([1,2,3,4,5], 2)`, `[[1,2],[3,4],[5]]`},
		{`$partition([0], 1)`, `[[0]]`},
		{`$partition([1,2,3], 1.9)`, `[[1],[2],[3]]`},
		{`$partition([], 3)`, `[]`},
		{`$partition([1], 0)`, `D4001: The second argument of the partition function must be a positive integer. Given 0`},
		{`$partition(nothing, 2)`, `undefined`},
		{`$range(0, 9, 3)`, `[0,3,6,9]`},
		{`$range(1, 9, 9)`, `1`},
		{`$range(5, 1, -2)`, `[5,3,1]`},
		{`$range(1.9, 3.9, 1.5)`, `[1,2,3]`},
		{`$range(1, 0, 1)`, `undefined`},
		{`$count($range(1, 1000, 1))`, `1000`},
		{`$range(1, 1001, 1)`, `D4002: The range function must give at most 1000 items, by steps other than 0. Asked for 1001`},
		{`$hash("input data", "MD5")`, `"812f45842bc6d66ee14572ce20db8e86"`},
		{`$hash("input data", "SHA-1")`, `"aaff4a450a104cd177d28d18d74485e8cae074b7"`},
		{`$hash("", "SHA-256")`, `"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"`},
		{`$length($hash("a", "SHA-384"))`, `96`},
		{`$length($hash("a", "SHA-512"))`, `128`},
		{`$hash("a", "CRC")`, `D4003: The algorithm of the hash function must be MD5, SHA-1, SHA-256, SHA-384 or SHA-512. Given "CRC"`},
		{`$random(42)`, `0.7275636800328681`},
		{`$random(0)`, `0.730967787376657`},
		{`$random()`, `0.004444444444444444`},
		{`$uuid()`, `"01234567-89ab-4def-8123-456789abcdef"`},
		{`$parse("{\"a\": [1.0, null]}")`, `{"a":[1.0,null]}`},
		{`$parse("-0")`, `0`},
		{`$parse("")`, `D4004: The argument of the parse function must be JSON. Given "": invalid JSON at offset 0: unexpected end, want a value`},
		{`$eval("1")`, `T1006: Attempted to invoke a non-function`},
		{`$randomSeeded(1)`, `T1006: Attempted to invoke a non-function`},
		{`a ?? b`, `S0211: The symbol "?" cannot be used as a unary operator`},
		{`a ?: b`, `S0211: The symbol ":" cannot be used as a unary operator`},
	}
	for _, test := range tests {
		if got := evalAWS(test.source); got != test.want && !(strings.HasPrefix(test.source, "$random()") && strings.HasPrefix(got, "0.00444")) {
			t.Errorf("%s\ngot  %s\nwant %s", test.source, got, test.want)
		}
	}
	if got := evalAWS(`$uuid()`); !regexp.MustCompile(`^"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"$`).MatchString(got) {
		t.Errorf("$uuid() gives %s", got)
	}
}

// TestEnvironment shows that time and randomness come from the environment, and
// that without randomness there is none.
func TestEnvironment(t *testing.T) {
	t.Parallel()
	for _, source := range []string{`$random()`, `$shuffle([1, 2])`, `$uuid()`} {
		_, err := MustCompile(source, AWS()).Eval(value.Value{}, nil)
		if err == nil || err.(*Error).Code != "U1002" {
			t.Errorf("%s without randomness: %v", source, err)
		}
	}
	v, err := MustCompile(`[$now(), $millis()]`).Eval(value.Value{}, &Env{})
	if err != nil || v.String() != `["0001-01-01T00:00:00.000Z",-62135596800000]` {
		t.Errorf("the zero time: %v, %v", v, err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	top := func(name string, at int) string {
		return fmt.Sprintf("%d: Reference to '%s' at the top level is not supported", at, name)
	}
	tests := []struct {
		source string
		want   []string
	}{
		{`$states.input.total`, nil},
		{`total`, []string{top("total", 5)}},
		{`order.total`, []string{top("order", 5)}},
		{`"order".total`, []string{top("order", 7)}},
		{`$`, []string{top("$", 1)}},
		{`$.a`, []string{top("$", 1)}},
		{`$$.a`, []string{top("$$", 2)}},
		{`$x[$$.a = b]`, []string{top("$$", 5)}},
		{`$x[a = $.b]`, nil},
		{`$x.(a & $)`, nil},
		{`$x{a: b}`, nil},
		{`$x^(a, >b)`, nil},
		{`$x ~> |a|{"b": c}, d|`, nil},
		{`{"k": v}`, []string{top("v", 7)}},
		{`{k: 1}`, []string{top("k", 2)}},
		{`[a, $b, *, **]`, []string{top("a", 2), top("*", 9), top("**", 13)}},
		{`$map($l, function($v) { $v.x + y })`, []string{top("y", 32)}},
		{`$map($l, function($v) { $v[x = 1] })`, nil},
		{`a ? b : -c`, []string{top("a", 1), top("b", 5), top("c", 10)}},
		{`$eval("1")`, []string{"5: Function $eval is not supported"}},
		{`$x := y[z]`, []string{top("y", 7)}},
		{`$l@$i.a[$i.b = c]`, nil},
	}
	for _, test := range tests {
		var got []string
		for _, refusal := range MustCompile(test.source, AWS()).Refusals() {
			got = append(got, fmt.Sprintf("%d: %s", refusal.Position, refusal.Message))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", test.source, diff)
		}
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	tests := []struct{ source, want string }{
		{`$states.input.a.b`, `$states.input.a.b`},
		{"$states.'input'.`a b`[0].c", "$states.input.a b"},
		{`$states.input[].a`, `$states.input.a`},
		{`$x[$y > 1].z`, `$x $y`},
		{`$x.*.a`, `$x`},
		{`($a := $b; $a + $c)`, `$b $c`},
		{`($a := 1; $f($a)) + $a`, `$f $a`},
		{`function($p, $q) { $p.x + $r.y.z }`, `$r.y.z`},
		{`$sum($x.y) + $count($z)`, `$x.y $z`},
		{`$x@$v#$i.{"v": $v, "i": $i, "w": $w}`, `$x $w`},
		{`$ & $$`, ``},
		{`$partition($x, 1)`, `$partition $x`},
	}
	for _, test := range tests {
		var got []string
		for _, reference := range MustCompile(test.source).Variables() {
			got = append(got, reference.String())
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: got %v, want %s", test.source, got, test.want)
		}
	}
	if got := MustCompile(`$partition($x, 1)`, AWS()).Variables(); len(got) != 1 {
		t.Errorf("with AWS's functions: got %v", got)
	}
}
