package intrinsic

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// input is the "$" of every test; ctx its "$$".
const input = `{"s":"a,b;c","n":1.5,"neg":-1.5,"nul":null,"t":true,"list":[1,2,3,4,5],"dup":[null,null,true,1,1.0,[1],[1],{"a":1,"b":2},{"b":2,"a":1},"1"],
"o":{"a":{"a1":1},"b":2,"d":3},"p":{"a":{"a3":1},"c":3,"d":4},"tpl":"<{}>","json":"{\"x\": 1.0, \"y\": [-0]}","deep":{"q, r":[{"k":"v)"}]}}`

func scope(t *testing.T) *jsonpath.Scope {
	t.Helper()
	doc, err := value.Parse(input)
	if err != nil {
		t.Fatal(err)
	}
	return &jsonpath.Scope{
		Input:   doc,
		Context: value.Object(value.Member{Key: "Name", Value: value.String("run-1")}),
		Variable: func(name string) (value.Value, bool) {
			return value.Int(7), name == "seven"
		},
		Random: rand.New(rand.NewPCG(1, 2)).Uint64,
	}
}

func TestEval(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ call, want string }{
		{`States.Format('Hello {}, {}!', 'x', $.n)`, `"Hello x, 1.5!"`},
		{`States.Format('{}{}', $.nul, $.t)`, `"nulltrue"`},
		{`States.Format('{}', $.o)`, `"{a={a1=1}, b=2, d=3}"`},
		{`States.Format('{}', $.list)`, `"[1, 2, 3, 4, 5]"`},
		{`States.Format('\{\} {} \'\\', 1)`, `"{} 1 '\\"`},
		{`States.Format('\{{}\}', 1)`, `"{1}"`},
		{`States.Format($.tpl, $$.Name)`, `"<run-1>"`},
		{`States.Format('plain')`, `"plain"`},
		{`States.Format('{}', $seven)`, `"7"`},
		{`States.StringToJson($.json)`, `{"x":1.0,"y":[0]}`},
		{`States.StringToJson('  ')`, `null`},
		{`States.StringToJson('-0')`, `0`},
		{`States.StringToJson('{"a":"\\n"}')`, `{"a":"\n"}`},
		{`States.JsonToString($.p)`, `"{\"a\":{\"a3\":1},\"c\":3,\"d\":4}"`},
		{`States.JsonToString('x')`, `"\"x\""`},
		{`States.StringSplit($.s, ',;')`, `["a","b","c"]`},
		{`States.StringSplit(',,,,', ',')`, `[]`},
		{`States.StringSplit(' , ', ',')`, `[" "," "]`},
		{"States.StringSplit('Hello\nWorld', '\n')", `["Hello","World"]`},
		{`States.StringSplit('abc', '')`, `["abc"]`},
		{`States.Array()`, `[]`},
		{`States.Array('a', 1, null, true, $.n, States.Array(2))`, `["a",1,null,true,1.5,[2]]`},
		{`States.ArrayPartition($.list, 2)`, `[[1,2],[3,4],[5]]`},
		{`States.ArrayPartition($.list, 1.5)`, `[[1,2],[3,4],[5]]`},
		{`States.ArrayPartition(States.Array(), 3)`, `[]`},
		{`States.ArrayContains($.dup, $.o)`, `false`},
		{`States.ArrayContains($.dup, States.Array(1))`, `true`},
		{`States.ArrayRange(1, 9, 2)`, `[1,3,5,7,9]`},
		{`States.ArrayRange(0, 10, 3)`, `[0,3,6,9]`},
		{`States.ArrayRange(3, 1, -1)`, `[3,2,1]`},
		{`States.ArrayRange(0, 1, -2)`, `[]`},
		{`States.ArrayRange(3, 1, 1)`, `[]`},
		{`States.ArrayRange(1, 1, 5)`, `[1]`},
		{`States.ArrayRange(0.5, 2.4, 1)`, `[1,2]`},
		{`States.ArrayLength(States.ArrayRange(1, 1000, 1))`, `1000`},
		{`States.ArrayGetItem($.list, 4)`, `5`},
		{`States.ArrayLength($.list[*])`, `5`},
		{`States.ArrayUnique($.dup)`, `[null,true,1,[1],{"a":1,"b":2},"1"]`},
		{`States.Base64Encode('Data to encode')`, `"RGF0YSB0byBlbmNvZGU="`},
		{`States.Base64Encode('')`, `""`},
		{`States.Base64Decode('RGF0YSB0byBlbmNvZGU=')`, `"Data to encode"`},
		{"States.Base64Decode('RGF0YSB0\r\nbyBlbmNvZGU')", `"Data to encode"`},
		{`States.Hash('input data', 'MD5')`, `"812f45842bc6d66ee14572ce20db8e86"`},
		{`States.Hash('input data', 'SHA-1')`, `"aaff4a450a104cd177d28d18d74485e8cae074b7"`},
		{`States.Hash('input data', 'SHA-256')`, `"b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3"`},
		{`States.Hash($.list, 'MD5')`, `"9244013098e13300d3c599dc2a8a7e07"`},
		{`States.JsonMerge($.o, $.p, false)`, `{"a":{"a3":1},"b":2,"c":3,"d":4}`},
		{`States.MathAdd($.n, 0)`, `2`},
		{`States.MathAdd($.neg, 0)`, `-1`},
		{`States.MathAdd(-2.5, 0)`, `-2`},
		{`States.MathAdd(-0.5, 0.5)`, `1`},
		{`States.MathAdd(0.49999999999999994, 0)`, `0`},
		{`States.MathAdd(2147483647, 2147483647)`, `4294967294`},
		{`States.MathRandom(5, 6)`, `5`},
		{`States.MathRandom(0, 100, 0)`, `60`}, // java.util.Random's
		{`States.MathRandom(1, 11, 42)`, `1`},
		{`States.ArrayGetItem(States.StringSplit($$.Name, '-'), States.MathAdd(States.ArrayLength(States.StringSplit($$.Name, '-')), -1))`, `"1"`},
		{`States.Array($.deep['q, r'][?(@.k == 'v)')].k , 1)`, `[["v)"],1]`},
		{"  States.Array( 1 ,\n2 )  ", `[1,2]`},
	} {
		call, err := Compile(test.call)
		if err != nil {
			t.Errorf("%s: %v", test.call, err)
			continue
		}
		got, err := call.Eval(scope(t))
		if err != nil || got.String() != test.want {
			t.Errorf("%s: got %v %v, want %s", test.call, got, err, test.want)
		}
		again, err := Compile(call.String())
		if err != nil || again.String() != call.String() {
			t.Errorf("%s does not come back from %s: %v", test.call, call, err)
		}
	}
}

func TestEvalErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ call, want string }{
		{`States.ArrayGetItem($.list, 5)`, "out of bounds"},
		{`States.ArrayGetItem($.list, -1)`, "out of bounds"},
		{`States.ArrayPartition($.list, 0)`, "greater than 0"},
		{`States.ArrayRange(1, 2, 0)`, "must not be 0"},
		{`States.ArrayRange(0, 1000, 1)`, "1001 items"},
		{`States.ArrayLength($.s)`, "argument 1 of States.ArrayLength must be of type array, but is string"},
		{`States.MathAdd(3000000000, 1)`, "between"},
		{`States.MathRandom(2, 2)`, "less than"},
		{`States.StringToJson('{')`, "invalid JSON at offset 1"},
		{`States.Base64Decode('A')`, "not Base64"},
		{`States.Hash($.s, $.s)`, "'a,b;c'"},
		{`States.JsonMerge($.o, $.p, $.t)`, "must be false"},
		{`States.Format($.tpl)`, "1 times {}"},
		{`States.Array(States.MathAdd($.no, 1))`, "The function 'States.MathAdd($.no, 1)' had the following error: The JsonPath argument for the field '$.no' could not be found in the input '{"},
		{`States.Array($none)`, "The JsonPath argument for the field '$none'"},
		{`States.Base64Encode(States.StringSplit($.s, ''))`, ""},
	} {
		call, err := Compile(test.call)
		if err != nil {
			if test.want != "" {
				t.Errorf("%s: %v", test.call, err)
			}
			continue
		}
		got, err := call.Eval(scope(t))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v %v, want %s", test.call, got, err, test.want)
		}
	}
}

func TestLongTexts(t *testing.T) {
	t.Parallel()
	s := scope(t)
	for _, test := range []struct {
		text string
		ok   bool
	}{
		{strings.Repeat("x", MaxText), true},
		{strings.Repeat("é", MaxText), true},
		{strings.Repeat("😀", MaxText/2), true},
		{strings.Repeat("x", MaxText+1), false},
		{strings.Repeat("😀", MaxText/2+1), false},
	} {
		s.Input = value.String(test.text)
		for _, call := range []string{`States.Base64Encode($)`, `States.Hash($, 'MD5')`} {
			c, err := Compile(call)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Eval(s); (err == nil) != test.ok {
				t.Errorf("%s of %d bytes: %v", call, len(test.text), err)
			}
		}
	}
}

func TestCompileErrors(t *testing.T) {
	t.Parallel()
	nested := strings.Repeat("States.Array(", MaxNesting+1) + strings.Repeat(")", MaxNesting+1)
	for _, test := range []struct {
		call   string
		offset int
		want   string
	}{
		{``, 0, "want a call"},
		{`hello`, 0, "no intrinsic function hello"},
		{`States.format('x')`, 0, "do you mean States.Format?"},
		{`Format('x')`, 0, "do you mean States.Format?"},
		{`States.Format`, 13, "want ("},
		{`States.Format(`, 14, "want an argument"},
		{`States.Format()`, 0, "takes at least 1 argument"},
		{`States.UUID(1)`, 0, "takes 0 arguments, not 1"},
		{`States.MathRandom(1)`, 0, "takes 2 or 3 arguments, not 1"},
		{`States.Format('{}')`, 14, "1 times {}"},
		{`States.Format('\{}', 1)`, 14, "0 times {}"},
		{`States.Array('x)`, 13, "closing quote"},
		{`States.Array('\"')`, 14, `\ can stand before`},
		{`States.Array('\`, 14, `\ can stand before`},
		{`States.Array(1 2)`, 15, "want ',' or ')'"},
		{`States.Array(1,)`, 15, `unexpected ')'`},
		{`States.Array(01)`, 13, "01 is not a number"},
		{`States.Array(abc)`, 13, "single quotes"},
		{`States.Array("x")`, 13, `unexpected '"'`},
		{`States.Array($.a b)`, 16, "space"},
		{`States.Array($.a[x])`, 16, "cannot make sense"},
		{`States.Array() x`, 15, "text after"},
		{`States.ArrayLength('x')`, 19, "must be of type array, but is string"},
		{`States.ArrayLength(States.Format('x'))`, 19, "but is string"},
		{`States.MathAdd(1, $.a[*])`, 18, "every path with wildcards"},
		{`States.Hash('a', 'SHA1')`, 17, "'SHA1'"},
		{`States.JsonMerge($.a, $.b, true)`, 27, "must be false"},
		{nested, 130, "nested more than 10"},
	} {
		_, err := Compile(test.call)
		e, ok := err.(*SyntaxError)
		if !ok || e.Offset != test.offset || !strings.Contains(e.Message, test.want) {
			t.Errorf("%s: got %#v, want %q at %d", test.call, err, test.want, test.offset)
		}
	}
}

// TestConcurrent evaluates one template from many goroutines; it is for the race
// detector.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	source, err := value.Parse(`{"b.$":"States.Format('{} {}', $.s, States.ArrayLength($.list[?(@ > 2)]))","a.$":"$..k","c":[{"d.$":"$.o.missing"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	template, err := jsonpath.CompileTemplate(source, CompileDynamic)
	if err != nil {
		t.Fatal(err)
	}
	s := scope(t)
	_, want := template.Eval(s)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if _, err := template.Eval(s); err == nil || err.Error() != want.Error() {
				t.Errorf("got %v, want %v", err, want)
			}
		})
	}
	wait.Wait()
}

func TestUUID(t *testing.T) {
	t.Parallel()
	c, err := Compile("States.UUID()")
	if err != nil {
		t.Fatal(err)
	}
	v4 := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	s := scope(t)
	for range 100 {
		v, err := c.Eval(s)
		if text, _ := v.Str(); err != nil || !v4.MatchString(text) {
			t.Fatalf("got %v %v", v, err)
		}
	}
	if _, err := c.Eval(&jsonpath.Scope{}); err == nil {
		t.Error("a UUID without randomness")
	}
}

func TestMathRandom(t *testing.T) {
	t.Parallel()
	c, err := Compile("States.MathRandom(-3, 3)")
	if err != nil {
		t.Fatal(err)
	}
	s := scope(t)
	var seen [6]bool
	for range 200 {
		v, err := c.Eval(s)
		n, _ := v.Int()
		if err != nil || n < -3 || n >= 3 {
			t.Fatalf("got %v %v", v, err)
		}
		seen[n+3] = true
	}
	if seen != [6]bool{true, true, true, true, true, true} {
		t.Errorf("200 draws gave only %v", seen)
	}
}

// TestHostile evaluates calls that would exhaust memory or patience.
func TestHostile(t *testing.T) {
	t.Parallel()
	s := scope(t)
	s.Input = value.String(strings.Repeat("x", 200_000))
	double := func(n int, inside string) string {
		for range n {
			inside = "States.Array(" + inside + "," + inside + ")"
		}
		return inside
	}
	for _, test := range []struct{ call, want string }{
		{"States.JsonToString(" + double(8, "$") + ")", "more than 1048576 bytes"},
		{"States.ArrayUnique(" + double(8, "$") + ")", "more than 1048576 bytes"},
		{"States.Hash(" + double(8, "$") + ", 'MD5')", "more than 1048576 bytes"},
		{"States.Format('" + strings.Repeat("{}", 10_000) + "'" + strings.Repeat(",$", 10_000) + ")", "more than 1048576 bytes"},
		{"States.Array(" + strings.TrimSuffix(strings.Repeat("$..*,", 100_000), ",") + ")", ""},
		{"States.ArrayLength(States.StringSplit($, $))", ""},
	} {
		call, err := Compile(test.call)
		if err != nil {
			t.Errorf("%.40s: %v", test.call, err)
			continue
		}
		_, err = call.Eval(s)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%.40s: got %v, want %s", test.call, err, test.want)
		}
	}
	for _, text := range []string{
		strings.Repeat("States.Array(", 100_000), "States.Array(" + strings.Repeat("'", 100_001), "States.Array($" + strings.Repeat("[", 100_000),
	} {
		if _, err := Compile(text); err == nil {
			t.Errorf("%.40s compiles", text)
		}
	}
}

// FuzzCompile checks that what compiles comes back from its canonical text, and
// that evaluating it does not panic.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		`States.Format('a{}\{\}', $.s)`, `States.Array(1, -2.5e3, null, true, $$.x['a b'], $v[0])`,
		`States.Array($.(])`, `States.JsonMerge($.o, $.p, false)`, `States.ArrayRange($.n, 3, 1)`, `$.a[?(@.b == 'c')]`, `States.UUID()`,
		`States.StringToJson(States.JsonToString($..a))`,
	} {
		f.Add(seed)
	}
	doc, err := value.Parse(input)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		call, err := Compile(text)
		if err != nil {
			if e := err.(*SyntaxError); e.Offset < 0 || e.Offset > len(text) {
				t.Errorf("%q: offset %d", text, e.Offset)
			}
			return
		}
		canonical := call.String()
		again, err := Compile(canonical)
		if err != nil || again.String() != canonical {
			t.Fatalf("%q does not come back from %q: %v", text, canonical, err)
		}
		s := &jsonpath.Scope{Input: doc, Random: func() uint64 { return 1 << 63 }}
		a, errA := call.Eval(s)
		b, errB := again.Eval(s)
		if (errA == nil) != (errB == nil) || errA == nil && !value.Equal(a, b) {
			t.Errorf("%q gives %v %v, %q gives %v %v", text, a, errA, canonical, b, errB)
		}
	})
}
