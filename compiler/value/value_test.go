package value

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func mustParse(t testing.TB, text string) Value {
	t.Helper()
	v, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		v    Value
		kind Kind
		text string
	}{
		{Value{}, KindUndefined, "undefined"},
		{Null(), KindNull, "null"},
		{Bool(true), KindBool, "true"},
		{Bool(false), KindBool, "false"},
		{Float(1.5), KindNumber, "1.5"},
		{Int(1 << 60), KindNumber, "1152921504606846976"},
		{Int(-7), KindNumber, "-7"},
		{String(""), KindString, `""`},
		{String("é"), KindString, `"é"`},
		{List(), KindList, "[]"},
		{List(Int(1), Value{}, Null()), KindList, "[1,null,null]"},
		{Object(), KindObject, "{}"},
		{Object(Member{"a", Value{}}, Member{"b", Int(1)}), KindObject, `{"b":1}`},
		{Opaque(3), KindOpaque, `""`},
	} {
		if test.v.Kind() != test.kind || test.v.String() != test.text {
			t.Errorf("got %v %s, want %v %s", test.v.Kind(), test.v, test.kind, test.text)
		}
	}
}

// TestWrongKind asks every value for what it is not.
func TestWrongKind(t *testing.T) {
	t.Parallel()
	values := []Value{{}, Null(), Bool(true), Float(1), String("x"), List(Int(1)), Object(Member{"a", Int(1)}), Opaque(1)}
	for _, v := range values {
		kind := v.Kind()
		if _, ok := v.Bool(); ok != (kind == KindBool) {
			t.Errorf("%v: Bool is %v", kind, ok)
		}
		if _, ok := v.Float(); ok != (kind == KindNumber) {
			t.Errorf("%v: Float is %v", kind, ok)
		}
		if _, ok := v.Int(); ok != (kind == KindNumber) {
			t.Errorf("%v: Int is %v", kind, ok)
		}
		if _, ok := v.Str(); ok != (kind == KindString) {
			t.Errorf("%v: Str is %v", kind, ok)
		}
		if _, ok := v.Opaque(); ok != (kind == KindOpaque) {
			t.Errorf("%v: Opaque is %v", kind, ok)
		}
		if v.IsNull() != (kind == KindNull) || v.IsUndefined() != (kind == KindUndefined) {
			t.Errorf("%v: null or undefined", kind)
		}
		if (v.Items() != nil) != (kind == KindList) || (v.Members() != nil) != (kind == KindObject) {
			t.Errorf("%v: items or members", kind)
		}
		if !v.Index(7).IsUndefined() || !v.Index(-1).IsUndefined() || !v.Get("z").IsUndefined() || v.Has("z") {
			t.Errorf("%v: has what is not there", kind)
		}
	}
}

func TestMark(t *testing.T) {
	t.Parallel()
	list := List(Int(1), Int(2))
	marked := list.WithMark(200)
	if marked.Mark() != 200 || list.Mark() != 0 || marked.Len() != 2 || len(marked.Items()) != 2 {
		t.Errorf("mark %d of %d items", marked.Mark(), marked.Len())
	}
	if !Equal(list, marked) || marked.String() != "[1,2]" || marked.WithMark(0).Mark() != 0 {
		t.Error("a mark shows")
	}
	if v := Int(1).WithMark(1); v.Mark() != 0 || v.String() != "1" {
		t.Error("a number has a mark")
	}
}

func TestObjects(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, few - 1, few, few + 1, 100} {
		members := make([]Member, n)
		for i := range members {
			members[i] = Member{strings.Repeat("k", i), Int(int64(i))}
		}
		v := Object(members...)
		with := v.With("new", Null()).With("k", String("x"))
		for i := range members {
			if got, _ := v.Get(members[i].Key).Int(); got != int64(i) {
				t.Errorf("member %d of %d is %d", i, n, got)
			}
		}
		if v.Has("new") || with.Len() != max(n+1, 2) && n != 1 {
			t.Errorf("with %d members: %s", n, with)
		}
		back := with.Without("new")
		if n > 1 {
			back = back.With("k", Int(1))
		} else {
			back = back.Without("k")
		}
		if !Equal(back, v) {
			t.Errorf("%s is not %s", back, v)
		}
		if back.Without("nothing").Len() != back.Len() {
			t.Error("Without takes what is not there")
		}
	}
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	many := func(n int) string {
		var b strings.Builder
		b.WriteByte('{')
		for i := range n {
			b.WriteString(`"` + strings.Repeat("x", i) + `":0,`)
		}
		return b.String()
	}
	for _, test := range []struct{ text, want string }{
		{`{"a":1,"b":2,"a":3}`, `{"a":3,"b":2}`},
		{`{"a":1,"a":2,"a":{"b":1,"b":2}}`, `{"a":{"b":2}}`},
		{many(few) + `"x":1}`, strings.TrimSuffix(strings.Replace(many(few), `"x":0`, `"x":1`, 1), ",") + "}"},
		{many(100) + `"x":1}`, strings.TrimSuffix(strings.Replace(many(100), `"x":0`, `"x":1`, 1), ",") + "}"},
	} {
		if got := mustParse(t, test.text).String(); got != test.want {
			t.Errorf("%s: got %s, want %s", test.text, got, test.want)
		}
	}
}

// TestUntouched checks that what looks like a change leaves the original alone.
func TestUntouched(t *testing.T) {
	t.Parallel()
	v := mustParse(t, `{"a":[1,2,3],"b":{"c":1}}`)
	before := v.String()
	list := v.Get("a")
	list.WithItem(1, String("x"))
	v.With("a", Null())
	v.With("z", Null())
	v.Without("a")
	if v.String() != before {
		t.Errorf("%s became %s", before, v)
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	texts := []string{
		`null`, `true`, `false`, `1`, `1.5`, `"1"`, `""`, `[]`, `{}`, `[1]`, `[1,2]`, `[2,1]`, `{"a":1}`, `{"a":1,"b":2}`, `{"b":1}`, `{"a":null}`, `[[1]]`,
	}
	for i, a := range texts {
		for j, b := range texts {
			if got := Equal(mustParse(t, a), mustParse(t, b)); got != (i == j) {
				t.Errorf("%s equal to %s: %v", a, b, got)
			}
		}
	}
	for _, pair := range [][2]string{{"1", "1.0"}, {"100", "1e2"}, {"0", "-0.0"}, {"9007199254740992", "9007199254740992.0"},
		{"1e30", "1000000000000000000000000000000"}, {`{"a":1,"b":2}`, `{"b":2,"a":1}`}, {`"a"`, `"\u0061"`}} {
		a, b := mustParse(t, pair[0]), mustParse(t, pair[1])
		var set Set
		if !Equal(a, b) || !set.Add(a) || set.Add(b) {
			t.Errorf("%s does not equal %s", a, b)
		}
	}
	for _, pair := range [][2]string{{"9007199254740993", "9007199254740992"}, {"1234567890123456789", "1234567890123456788"}, {"1", "1.0000001"}} {
		if a, b := mustParse(t, pair[0]), mustParse(t, pair[1]); Equal(a, b) {
			t.Errorf("%s equals %s", a, b)
		}
	}
	if !Equal(Value{}, Value{}) || Equal(Value{}, Null()) {
		t.Error("undefined equals only undefined")
	}
	function := Opaque("f")
	if !Equal(function, function) || Equal(function, Opaque("f")) {
		t.Error("opaque values are equal when they are the same one")
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	items := mustParse(t, `[null,true,false,0,1,"","a",[],[[]],[1],[1,2],{},{"a":1},{"a":[1]},{"b":1},{"a":1,"b":2}]`).Items()
	var set Set
	for _, item := range items {
		if !set.Add(item) {
			t.Errorf("%s is not new", item)
		}
	}
	for _, item := range items {
		if set.Add(item) {
			t.Errorf("%s is new again", item)
		}
	}
}

func fits(v Value, limit int) bool {
	size, ok := v.Measure(limit)
	return ok && size <= limit
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`null`, `-12.50`, `1e400`, `""`, `"a\"\\\n\u0001é😀"`, `[]`, `[1]`, `[1,[2,"x"],{}]`, `{}`, `{"a":1}`, `{"a":{"b\n":[1,2,3]},"c":null}`,
	} {
		v := mustParse(t, text)
		n := len(v.String())
		if !fits(v, n) || fits(v, n-1) {
			t.Errorf("%s: is of %d bytes, but Measure tells otherwise", text, n)
		}
	}
	undefined := Object(Member{"a", Value{}}, Member{"b", Int(1)}, Member{"c", Value{}})
	if n := len(undefined.String()); !fits(undefined, n) || fits(undefined, n-1) {
		t.Errorf("%s is not of %d bytes", undefined, n)
	}
	if s := String("a\xffb"); !fits(s, len(s.String())) || fits(s, len(s.String())-1) {
		t.Error("text that is not UTF-8 is measured wrong")
	}
}

// TestSharing checks that values whose text no memory holds are no danger.
func TestSharing(t *testing.T) {
	t.Parallel()
	a, b := Int(1), Int(1)
	for range 200 {
		a, b = List(a, a), Object(Member{"a", b}, Member{"b", b})
	}
	if fits(a, 1<<20) || fits(b, 1<<20) {
		t.Error("2^200 items fit a megabyte")
	}
	if !Equal(a, List(a.Index(0), a.Index(0))) || !Equal(b, b) {
		t.Error("a value does not equal itself")
	}
	deep := Null()
	for range MaxDepth {
		deep = List(deep)
	}
	if !fits(deep, 1<<20) || fits(List(deep), 1<<20) {
		t.Error("the depth is measured wrong")
	}
}

func TestHashOrder(t *testing.T) {
	t.Parallel()
	// Java: new HashMap<>() filled with these keys prints them in this order.
	for _, test := range []struct{ keys, want string }{
		{"d c b a", "a b c d"},
		{"zebra apple mango", "zebra apple mango"},
		{"FB Ea", "FB Ea"}, // equal hashes stay in the order of insertion
		{"Ea FB", "Ea FB"},
		{"one two three four five six seven eight nine ten eleven twelve thirteen",
			"nine six one seven two three thirteen eight four twelve eleven ten five"},
	} {
		keys := strings.Fields(test.keys)
		HashOrder(keys, func(s string) string { return s })
		if got := strings.Join(keys, " "); got != test.want {
			t.Errorf("%s: got %s, want %s", test.keys, got, test.want)
		}
	}
	// "😀".hashCode() is 1772899, that of its surrogates.
	if h := javaHash("😀"); h != 1772899 {
		t.Errorf("the hash of a surrogate pair is %d", h)
	}
}

// TestAppendFloat has what JSON.stringify prints.
func TestAppendFloat(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		f    float64
		want string
	}{
		{0, "0"}, {math.Copysign(0, -1), "0"}, {1, "1"}, {-1, "-1"}, {1.0, "1"}, {0.1, "0.1"}, {-0.5, "-0.5"}, {1.0 / 3, "0.3333333333333333"},
		{100, "100"}, {1e15, "1000000000000000"}, {9007199254740991, "9007199254740991"}, {9007199254740992, "9007199254740992"},
		{9007199254740993, "9007199254740992"}, {1e20, "100000000000000000000"}, {123456789012345680000, "123456789012345680000"},
		{999999999999999900000, "999999999999999900000"}, {1e21, "1e+21"}, {-1e21, "-1e+21"}, {1.5e21, "1.5e+21"}, {1e100, "1e+100"},
		{1e-6, "0.000001"}, {1.5e-6, "0.0000015"}, {1e-7, "1e-7"}, {-1e-7, "-1e-7"}, {1.25e-7, "1.25e-7"}, {1e-10, "1e-10"}, {1e-100, "1e-100"},
		{5e-324, "5e-324"}, {math.MaxFloat64, "1.7976931348623157e+308"}, {2.2250738585072014e-308, "2.2250738585072014e-308"},
		{0.1 + 0.2000000000000001, "0.3000000000000001"}, {4.35, "4.35"}, {1e23, "1e+23"}, {123456.789, "123456.789"},
		{math.NaN(), "null"}, {math.Inf(1), "null"}, {math.Inf(-1), "null"},
	} {
		if got := string(AppendFloat([]byte("x"), test.f)); got != "x"+test.want {
			t.Errorf("got %s, want %s", got[1:], test.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text  string
		f     float64
		i     int64
		whole bool
	}{
		{"0", 0, 0, true}, {"-1", -1, -1, true}, {"1.0", 1, 1, true}, {"1.5", 1.5, 0, false}, {"3e2", 300, 300, true},
		{"123456789012345", 123456789012345, 123456789012345, true}, {"9007199254740993", 9007199254740992, 9007199254740993, true},
		{"9223372036854775807", 1 << 63, math.MaxInt64, true}, {"-9223372036854775808", -1 << 63, math.MinInt64, true},
		{"9223372036854775808", 1 << 63, 0, false}, {"1e400", math.Inf(1), 0, false}, {"-1e400", math.Inf(-1), 0, false}, {"1e-400", 0, 0, true},
	} {
		v := mustParse(t, test.text)
		f, ok := v.Float()
		i, whole := v.Int()
		if !ok || f != test.f || whole != test.whole || i != test.i {
			t.Errorf("%s: got %v %v, %d %v", test.text, f, ok, i, whole)
		}
		if v.String() != test.text {
			t.Errorf("%s became %s", test.text, v)
		}
	}
	for _, text := range []string{"", "-", "01", "1.", ".5", "1e", "+1", "1 ", "NaN", "1_0"} {
		if v, ok := Number(text); ok {
			t.Errorf("%q is the number %s", text, v)
		}
	}
	if v, ok := Number("1.50"); !ok || v.String() != "1.50" {
		t.Error("Number does not keep its text")
	}
}

func TestMarshal(t *testing.T) {
	t.Parallel()
	var holder struct{ V Value }
	if err := json.Unmarshal([]byte(`{"V":{"b":1.0,"a":[9007199254740993]}}`), &holder); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(holder)
	if err != nil || string(text) != `{"V":{"b":1.0,"a":[9007199254740993]}}` {
		t.Errorf("got %s %v", text, err)
	}
}
