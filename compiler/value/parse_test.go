package value

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{" \t\r\n null \n", "null"},
		{`[ 1 , 2.50 , -0 , -0.0, 1E+2 ]`, `[1,2.50,0,-0.0,1E+2]`},
		{`{"b" : 1, "a" : {"z":[], "y":{}}}`, `{"b":1,"a":{"z":[],"y":{}}}`},
		{`"\"\\\/\b\f\n\r\t\u0041\u00e9\u2028"`, "\"\\\"\\\\/\\b\\f\\n\\r\\tAé\u2028\""},
		{`"\ud83d\ude00"`, `"😀"`},
		{`"\ud83d"`, "\"\uFFFD\""},
		{`"\ude00\ud83d"`, "\"\uFFFD\uFFFD\""},
		{`"\ud83dx"`, "\"\uFFFDx\""},
		{`"\ud83d\n"`, "\"\uFFFD\\n\""},
		{`"\ud83d\ud83d\ude00"`, "\"\uFFFD😀\""},
		{`"\u0000\u001f\u007f"`, "\"\\u0000\\u001f\u007f\""},
		{"\"a\xff\xfe\xc3b\"", "\"a\uFFFD\uFFFD\uFFFDb\""},
		{"\"\xed\xa0\x80\"", "\"\uFFFD\uFFFD\uFFFD\""},
		{`"<a href='x'>&</a>"`, `"<a href='x'>&</a>"`},
		{`123456789012345678901234567890.10`, `123456789012345678901234567890.10`},
		{strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth), strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth)},
	} {
		if got := mustParse(t, test.text).String(); got != test.want {
			t.Errorf("%q: got %q, want %q", test.text, got, test.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text   string
		offset int
		want   string
	}{
		{"", 0, "unexpected end, want a value"},
		{" ", 1, "unexpected end, want a value"},
		{"nul", 0, `unexpected 'n', want a value`},
		{"nullx", 4, "text after the value"},
		{"1 2", 2, "text after the value"},
		{"[1", 2, `unexpected end, want ',' or ']'`},
		{"[1 2]", 3, `unexpected '2', want ',' or ']'`},
		{"[1,]", 3, `unexpected ']', want a value`},
		{"[,1]", 1, `unexpected ',', want a value`},
		{"{", 1, "want a key in double quotes"},
		{"{a:1}", 1, "unexpected 'a', want a key in double quotes"},
		{`{"a"}`, 4, `want ':'`},
		{`{"a":}`, 5, "want a value"},
		{`{"a":1,}`, 7, "want a key"},
		{`{"a":1 "b"}`, 7, "want ',' or '}'"},
		{`"abc`, 4, "without its closing quote"},
		{`"abc\`, 5, "without its closing quote"},
		{`"a\x"`, 2, "an escape that JSON does not have"},
		{`"\u12g4"`, 1, "an escape that JSON does not have"},
		{`"\u12`, 1, "an escape that JSON does not have"},
		{"\"a\nb\"", 2, `control character '\n'`},
		{"01", 1, "text after the value"},
		{"-", 1, "unexpected end, want a digit"},
		{"-a", 1, "want a digit"},
		{"1.", 2, "want a digit"},
		{"1e+", 3, "want a digit"},
		{"+1", 0, "unexpected '+', want a value"},
		{"NaN", 0, "unexpected 'N', want a value"},
		{"\ufeff{}", 0, "unexpected '\\ufeff', want a value"},
		{"'a'", 0, "unexpected '\\'', want a value"},
		{strings.Repeat("[", MaxDepth+1), MaxDepth, "more than 1000 levels deep"},
		{strings.Repeat(`{"a":`, MaxDepth+1), MaxDepth * 5, "more than 1000 levels deep"},
	} {
		for name, parse := range map[string]func(string) error{
			"Parse":    func(s string) error { _, err := Parse(s); return err },
			"ParseDoc": func(s string) error { _, err := ParseDoc(s); return err },
			"Valid":    Valid,
		} {
			e, ok := parse(test.text).(*SyntaxError)
			if !ok || e.Offset != test.offset || !strings.Contains(e.Error(), test.want) {
				t.Errorf("%s of %.20q: got %v, want %s at %d", name, test.text, e, test.want, test.offset)
			}
		}
	}
}

// FuzzParse holds Parse against encoding/json. They differ in what is too deep
// and in the text of -0.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,2.50,-0.0e+1,true,null],"b":{"":"\ud83d\ude00\n"}}`, `[]`, `"\ud83d"`, "\"\xff\"", `{"a":1,"a":2}`, " 1 ", "[1,]", "01", `"\u00`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := Parse(text)
		if (Valid(wellFormed(text)) == nil) != (err == nil) {
			t.Fatalf("Valid and Parse differ: %v", err)
		}
		valid := json.Valid([]byte(text))
		if tooDeep := err != nil && strings.Contains(err.Error(), "levels deep"); valid != (err == nil) && !tooDeep {
			t.Fatalf("encoding/json says %v, we say %v", valid, err)
		}
		if err != nil {
			if e := err.(*SyntaxError); e.Offset < 0 || e.Offset > len(wellFormed(text)) {
				t.Errorf("offset %d", e.Offset)
			}
			return
		}
		checkText(t, text, v)
		var theirs any
		if err := decodeNumbers(text, &theirs); err != nil {
			t.Fatal(err)
		}
		if want := fromAny(theirs); !Equal(v, want) {
			t.Errorf("got %s, want %s", v, want)
		}
	})
}

// checkText checks that a value's text is compact, comes back the same and is
// measured right.
func checkText(t *testing.T, text string, v Value) {
	t.Helper()
	once := v.String()
	again, err := Parse(once)
	if err != nil || again.String() != once || !Equal(v, again) {
		t.Fatalf("%s does not come back: %v %v", once, again, err)
	}
	if n := len(once); !fits(v, n) || fits(v, n-1) {
		t.Errorf("Measure is wrong about %d bytes", n)
	}
	doc, err := ParseDoc(text)
	if err != nil || doc.Text() != wellFormed(text) || !Equal(doc.Value(), v) {
		t.Errorf("the document is another one: %v", err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(once)); err != nil || compact.String() != once {
		t.Errorf("%s is not compact: %v", once, err)
	}
}

func decodeNumbers(text string, into any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}

func fromAny(x any) Value {
	switch x := x.(type) {
	case bool:
		return Bool(x)
	case json.Number:
		v, _ := Number(string(x))
		return v
	case string:
		return String(x)
	case []any:
		items := make([]Value, len(x))
		for i := range x {
			items[i] = fromAny(x[i])
		}
		return List(items...)
	case map[string]any:
		var members []Member
		for key, v := range x {
			members = append(members, Member{key, fromAny(v)})
		}
		return Object(members...)
	}
	return Null()
}

// FuzzString holds our strings against encoding/json's.
func FuzzString(f *testing.F) {
	for _, seed := range []string{"", "a", "\"\\\n\x00\x7f", "é😀", "\xff\xfe", "<&>\u2028"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := AppendString(nil, s)
		var got string
		if err := json.Unmarshal(text, &got); err != nil || got != wellFormed(s) {
			t.Errorf("%q became %s: %v", s, text, err)
		}
	})
}
