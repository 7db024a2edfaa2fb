package jsonpath

import (
	"strings"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

func parseValue(t testing.TB, text string) value.Value {
	t.Helper()
	v, err := value.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const order = `{"order":{"id":"o-1","items":[{"n":1,"p":1.0},{"n":2,"p":2.5}],"none":null},"store.book":7,"list":[[1],[2]]}`

func testScope(t testing.TB) *Scope {
	item := parseValue(t, `{"x":{"y":[10,20]},"2":"two"}`)
	return &Scope{
		Input:   parseValue(t, order),
		Context: parseValue(t, `{"Execution":{"Id":"e","Input":{"a":1}},"Map":{"Item":{"Value":3}}}`),
		Variable: func(name string) (value.Value, bool) {
			return item, name == "item" || name == "ítem_2"
		},
	}
}

func TestEval(t *testing.T) {
	t.Parallel()
	s := testScope(t)
	for _, test := range []struct{ path, want string }{
		{"$", order},
		{"$$", s.Context.String()},
		{"$.order.items[1].p", "2.5"},
		{"$['order']['items'][0]['p']", "1.0"},
		{"$$.Execution.Id", `"e"`},
		{"$$['Map'].Item.Value", "3"},
		{"$$.Execution.Input.*", "[1]"},
		{"$item", s.mustVariable("item").String()},
		{"$item.x.y[1]", "20"},
		{"$item['2']", `"two"`},
		{"$ítem_2.x.y[0]", "10"},
		{"$item.x.y[?(@ > 10)]", "[20]"},
		{"$item.x.y[?(@ > $['x']['y'][0])]", "[20]"},
		{`$.store\.book`, "7"},
		{`$.st\ore\.book`, "7"},
		{"$.order.none", "null"},
		{" $.order.id ", `"o-1"`},
		{"$.order.items[*].n", "[1,2]"},
		{"$.order.items[?(@.p == 1)].n", "[1]"},
		{"$.order.items[?(@.n == 2 || @.n == 1)].n", "[1,2]"},
		{"$.order.items[?(@.n == 9 || @.n == 1 && @.p)].n", "[1]"},
		{"$.order.items[?(!@.q)].n", "[1,2]"},
		{"$.order.items[?(@.n <> 2)]", ""},
		{"$.nothing[*]", "[]"},
		{"$.nothing.at.all[0:1]", "[]"},
		{"$.list[*][0]", "[1,2]"},
		{"$.list[-1:]", "[[2]]"},
		{"$.list[:-1]", "[[1]]"},
		{"$.list[0:-1]", "[]"},
		{"$..n", "[1,2]"},
		{"$.order['id','none']", `{"id":"o-1","none":null}`},
		{"$.order.items[(@.length-1)].n", "2"},
	} {
		p, err := Compile(test.path)
		if err != nil {
			if test.want != "" {
				t.Errorf("%s: %v", test.path, err)
			}
			continue
		}
		got, err := p.Eval(s)
		if test.want == "" {
			continue
		}
		if err != nil || got.String() != test.want {
			t.Errorf("%s: got %v %v, want %s", test.path, got, err, test.want)
		}
		if p.Source() != test.path {
			t.Errorf("the source of %q is %q", test.path, p.Source())
		}
	}
}

func (s *Scope) mustVariable(name string) value.Value {
	v, _ := s.Variable(name)
	return v
}

func TestErrors(t *testing.T) {
	t.Parallel()
	s := testScope(t)
	for _, test := range []struct {
		path string
		kind Kind
		want string
	}{
		{"$.x", NotFound, "Invalid path '$.x' : No results for path: $['x']"},
		{"$.no.such.path", NotFound, "Invalid path '$.no.such.path' : Missing property in path $['no']"},
		{"$.order.no.such", NotFound, "Invalid path '$.order.no.such' : Missing property in path $['order']['no']"},
		{"$.order.id.x", NotFound, "Invalid path '$.order.id.x' : Property ['x'] not found in path $['order']['id']"},
		{"$.list[2]", NotFound, "Invalid path '$.list[2]' : Index out of bounds when evaluating path $['list'][2]"},
		{"$.list[-1]", NotFound, "Invalid path '$.list[-1]' : Index out of bounds when evaluating path $['list'][-1]"},
		{"$.order.none[0]", NotFound, "Invalid path '$.order.none[0]' : The path $['order']['none'] is null"},
		{"$.order[0]", Impossible, "Invalid path '$.order[0]' : Filter: [0] can only be applied to arrays. Current context is: " +
			"{id=o-1, items=[{n=1, p=1.0}, {n=2, p=2.5}], none=null}"},
		{"$['list', 'order'].v", Impossible, "Invalid path '$['list', 'order'].v' : Multi properties can only be used as path leafs: $['list', 'order']"},
		{"$$.Execution.Name", NotFound, "Invalid path '$.Execution.Name' : No results for path: $['Execution']['Name']"},
		{"$item.q", NotFound, "Invalid path '$.q' : No results for path: $['q']"},
		{"$other.q", NotFound, "Invalid path '$other.q' : there is no variable $other"},
		{"$.list[?(@ > 1)][?(@ > 1)]", Impossible, ""},
		{"$.list[?(@[0] == 'x')]", Impossible, "Invalid path '$.list[?(@[0] == 'x')]' : " +
			`Character x is neither a decimal digit number, decimal point, nor "e" notation exponential mark.`},
	} {
		_, err := MustCompile(test.path).Eval(s)
		if test.want == "" {
			continue
		}
		e, ok := err.(*Error)
		if !ok || e.Kind != test.kind || e.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.path, err, test.want)
		}
	}
	if _, err := MustCompile("$x").Eval(&Scope{}); err == nil {
		t.Error("a scope without variables has $x")
	}
}

func TestCompileErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		path   string
		offset int
		want   string
	}{
		{"", 0, "cannot be empty"},
		{"  ", 0, "cannot be empty"},
		{"a.b", 0, "begins with $"},
		{"@.a", 0, "begins with $"},
		{"$a b", 2, "want '.' or '['"},
		{"$$a", 2, "want '.' or '['"},
		{"$-", 1, "want '.' or '['"},
		{"$1.a", 1, "want '.' or '['"},
		{"$.", 1, "end with a dot"},
		{" $.a.", 4, "end with a dot"},
		{"$..", 1, "end with .."},
		{"$.a...", 5, "end with a dot"},
		{"$.a b", 3, "['a b']"},
		{"$.a[0]$", 6, "beginning only"},
		{"$.a[]", 3, "cannot make sense of []"},
		{"$.a[x]", 3, "cannot make sense of [x]"},
		{`$["a"]`, 1, "cannot make sense"},
		{"$.a[0", 3, "without its end"},
		{"$.a['b", 3, "without its end"},
		{"$.a[:]", 3, "not an index"},
		{"$.a[1-2]", 3, "not an index"},
		{"$.a[99999999999]", 3, "not an index"},
		{"$.a[(@.size-x)]", 3, "not an index"},
		{"$.a[(@.max-1)]", 3, "@.max is not known"},
		{"$.a[@.length]", 3, "@.length-1"},
		{"$.a[?]", 3, "must start with '[?('"},
		{"$.a[?(@.b == 1]", 3, "not balanced"},
		{"$.a[?(@.b =~ /*/)]", 3, "missing argument"},
		{"$.a[?(b)]", 3, "must be a path"},
		{"$.a[?(!$.b)]", 3, "must be a path"},
		{"$.a[?(@.b == !@.c)]", 3, "! can stand"},
		{"$.a[?(@.b &&& @.c)]", 3, "want &&"},
		{"$.a[ * ]", 3, "cannot make sense"},
		{"$.a[?(@.b && )]", 3, "nothing to compare"},
		{"$.a[?(@.b[*] == 1)]", 3, "must be definite"},
		{"$.a[?(@.b[?(@.c)])]", 3, "must be definite"},
		{"$.a[?(@.b in ['x'])]", 3, "space is not allowed"},
	} {
		_, err := Compile(test.path)
		e, ok := err.(*Error)
		if !ok || e.Kind != Malformed || e.Offset != test.offset || !strings.Contains(e.Message, test.want) {
			t.Errorf("%s: got %#v, want %q at %d", test.path, err, test.want, test.offset)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		path                string
		definite, reference bool
		root                Root
		variable, canonical string
	}{
		{"$", true, true, InputRoot, "", "$"},
		{"$.a.b[0]['c d']", true, true, InputRoot, "", "$['a']['b'][0]['c d']"},
		{"$$", true, true, ContextRoot, "", "$$"},
		{"$$.a", true, true, ContextRoot, "", "$$['a']"},
		{"$x.a[0]", true, true, VariableRoot, "x", "$x['a'][0]"},
		{"$.a[-1]", true, false, InputRoot, "", "$['a'][-1]"},
		{"$.a[(@.length - 2)]", true, false, InputRoot, "", "$['a'][(@.length-2)]"},
		{"$['a','b']", true, false, InputRoot, "", "$['a', 'b']"},
		{"$.a.*", false, false, InputRoot, "", "$['a'][*]"},
		{"$..a", false, false, InputRoot, "", "$..['a']"},
		{"$.a[1, 2]", false, false, InputRoot, "", "$['a'][1,2]"},
		{"$.a[1:]", false, false, InputRoot, "", "$['a'][1:]"},
		{"$.a[:-1]", false, false, InputRoot, "", "$['a'][:-1]"},
		{"$.a[1 : 2]", false, false, InputRoot, "", "$['a'][1:2]"},
		{"$.a[?(@.b=='c'&&!@.d||$.e<1)]", false, false, InputRoot, "", "$['a'][?(@['b'] == 'c' && !@['d'] || $['e'] < 1)]"},
		{"$.@a", true, false, InputRoot, "", "$['@a']"},
		{"$['@a']", true, true, InputRoot, "", "$['@a']"},
		{`$.a\[b`, true, true, InputRoot, "", `$['a[b']]`},
		{`$.a\]\'b`, true, true, InputRoot, "", `$.a\]\'b`},
	} {
		p, err := Compile(test.path)
		if err != nil {
			t.Errorf("%s: %v", test.path, err)
			continue
		}
		if p.Definite() != test.definite || p.Reference() != test.reference || p.Root() != test.root || p.Variable() != test.variable {
			t.Errorf("%s: definite %v, reference %v, root %v, variable %q", test.path, p.Definite(), p.Reference(), p.Root(), p.Variable())
		}
		if p.String() != test.canonical {
			t.Errorf("%s is %s, want %s", test.path, p, test.canonical)
		}
	}
}

func TestRelative(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"$.a": "$.a", "$$": "$", "$$.Execution.Input": "$.Execution.Input", "$v": "$", " $v[0] ": "$[0]",
	} {
		if got := MustCompile(path).Relative(); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

func TestDialect(t *testing.T) {
	t.Parallel()
	s := &Scope{Input: parseValue(t, `{"l":[1,{"a":1},[2]],"a":1}`)}
	for _, test := range []struct {
		dialect Dialect
		path    string
		want    string
	}{
		{Dialect{}, "$.l[?(@)]", `[1,{"a":1},[2]]`},
		{Dialect{ObjectsOnly: true}, "$.l[?(@)]", `[{"a":1},[2]]`},
		{Dialect{}, "$.l[?(@.a == $.a)]", `[{"a":1}]`},
		{Dialect{NoFilterRoot: true}, "$.l[?(@.a == $.a)]", ""},
		{Dialect{Library: true}, "a", "1"},
		{Dialect{Library: true}, "@.a", "1"},
		{Dialect{Library: true}, "$a", ""},
		{Dialect{Library: true}, "$$", ""},
	} {
		p, err := test.dialect.Compile(test.path)
		if err != nil {
			if test.want != "" {
				t.Errorf("%s: %v", test.path, err)
			}
			continue
		}
		if got, err := p.Eval(s); err != nil || got.String() != test.want {
			t.Errorf("%s: got %v %v, want %s", test.path, got, err, test.want)
		}
	}
}

// TestComparisons holds filters against all kinds of values at once.
func TestComparisons(t *testing.T) {
	t.Parallel()
	const items = `[{"v":null},{"v":true},{"v":1},{"v":"b"},{"v":[1]},{"w":"none"}]`
	for _, test := range []struct{ filter, want string }{
		{"@.v == null", "[null]"},
		{"@.v != null", `[true,1,"b",[1]]`},
		{"@.v == true", "error"}, // 1 is compared with the number true
		{"true == @.v", "[]"},
		{"@.v == @.v", `[null,true,1,"b",[1]]`},
		{"@.v > 0", `[true,1,"b"]`},
		{"1 == @.v", "[]"},
		{"@.v =~ /[a-c]|1/", `[1,"b"]`},
		{"/B/i =~ @.v", `["b"]`},
		{"@.v == /b/", "[]"},
		{"@.v =~ 'b'", "error"},
		{"@.v", `[true,1,"b",[1]]`},
		{"!@.v", "error"}, // what passes has no v
	} {
		p := MustCompile("$[?(" + test.filter + ")].v")
		got, err := p.Eval(&Scope{Input: parseValue(t, items)})
		if err != nil && test.want != "error" || err == nil && got.String() != test.want {
			t.Errorf("%s: got %v %v, want %s", test.filter, got, err, test.want)
		}
	}
}

func TestCompareNumbers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"1", "1.0", 0},
		{"9007199254740993", "9007199254740992", 1},
		{"9007199254740993.0", "9007199254740993", 0},
		{"0.1", "0.10000000000000000001", -1},
		{"1e999999999", "1", 1},
		{"1e999999999", "1e999999998", 0}, // beyond what is compared exactly
		{"-1e400", "1", -1},
		{"1e-999999999", "0", 0},
		{"+1", "1", 0},
		{".5", "0.5", 0},
	} {
		if got, err := compareNumbers(test.a, test.b); err != nil || got != test.want {
			t.Errorf("%s to %s: got %d %v, want %d", test.a, test.b, got, err, test.want)
		}
	}
	for _, text := range []string{"", "x", "1x", "1e", "0x10", "1_000", "Inf", "NaN", "1.2.3", "+-1"} {
		if _, err := compareNumbers(text, "1"); err == nil {
			t.Errorf("%q is a number", text)
		}
	}
}

func TestCompareUTF16(t *testing.T) {
	t.Parallel()
	// U+FFFD sorts behind the surrogates of U+1F600 in Java, before it in UTF-8.
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"a", "b", -1}, {"b", "a", 1}, {"ab", "a", 1}, {"", "", 0}, {"é", "z", 1},
		{"\uFFFD", "\U0001F600", 1}, {"x\U0001F600", "x\U0001F601", -1},
	} {
		got := compareUTF16(test.a, test.b)
		if got > 0 != (test.want > 0) || got < 0 != (test.want < 0) {
			t.Errorf("%q to %q: got %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

func TestHostile(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":[1,`, 200) + "1" + strings.Repeat("]}", 200)
	s := &Scope{Input: parseValue(t, deep)}
	_, err := MustCompile("$..*..*..*..*..*").Eval(s)
	if e, ok := err.(*Error); !ok || e.Kind != Impossible || !strings.Contains(e.Message, "looks at more than") {
		t.Errorf("got %v", err)
	}
	many := `{"a":[` + strings.TrimSuffix(strings.Repeat(`{"x.$":"$..*"},`, 20_000), ",") + `]}`
	tpl, err := CompileTemplate(parseValue(t, many), compilePath)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = tpl.Eval(s); err == nil || !strings.Contains(err.Error(), "looks at more than") {
		t.Errorf("got %v", err)
	}
	for _, path := range []string{
		"$" + strings.Repeat("[?(@", 100_000),
		"$[?(" + strings.Repeat("@.a&&", 100_000) + "@.a)]",
		"$" + strings.Repeat("[", 100_000),
		"$" + strings.Repeat(".a", 100_000),
		"$[" + strings.Repeat("1,", 100_000) + "1]",
	} {
		if p, err := Compile(path); err == nil {
			p.Eval(s)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		"$", "$.a", "$['a']['b c'][0].d", "$$.Execution.Id", "$v[1:2]", "$..a[*]", "$.a[?(@.b == 'c' && @.d > 1)]", "$[1,2,-3]",
		"$.a[?(@ =~ /x.*/i)]", "$.a[(@.length-1)]", "$['a','b']", `$.a\.b`, "$.o[\"q'q\"]", "$.s.concat('x')", "$[?(!@.a || $.b < 'x')]",
	} {
		f.Add(seed)
	}
	s := testScope(f)
	f.Fuzz(func(t *testing.T, text string) {
		for _, d := range []Dialect{{}, {Library: true}} {
			p, err := d.Compile(text)
			if err != nil {
				if e := err.(*Error); e.Offset < 0 || e.Offset > len(text) {
					t.Errorf("%q: offset %d", text, e.Offset)
				}
				continue
			}
			canonical := p.String()
			again, err := d.Compile(canonical)
			if err != nil || again.String() != canonical || again.Definite() != p.Definite() {
				t.Fatalf("%q does not come back from %q: %v", text, canonical, err)
			}
			a, errA := p.Eval(s)
			b, errB := again.Eval(s)
			if (errA == nil) != (errB == nil) || !value.Equal(a, b) {
				t.Errorf("%q gives %v %v, %q gives %v %v", text, a, errA, canonical, b, errB)
			}
		}
	})
}
