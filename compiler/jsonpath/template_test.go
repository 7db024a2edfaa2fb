package jsonpath

import (
	"errors"
	"strings"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

func compilePath(text string) (Evaluator, error) { return Compile(text) }

func TestTemplate(t *testing.T) {
	t.Parallel()
	s := testScope(t)
	for _, test := range []struct{ template, want string }{
		{`{}`, `{}`},
		{`{"a":1,"b":[1,{"c":"$.x"}],"d":"$.order.id"}`, `{"a":1,"b":[1,{"c":"$.x"}],"d":"$.order.id"}`},
		{`{"v.$":"$.order.id","a":1}`, `{"a":1,"v":"o-1"}`},
		{`{"d.$":"$.order.id","z":0,"c.$":"$$.Execution.Id","b.$":"$item['2']","y":{"x.$":"$.order.none"}}`,
			`{"z":0,"y":{"x":null},"b":"two","c":"e","d":"o-1"}`},
		{`{"l":[{"n.$":"$.order.items[0].n"},"$.x",[{"m":1}]]}`, `{"l":[{"n":1},"$.x",[{"m":1}]]}`},
		{`{"all.$":"$.order.items[*].n","none.$":"$.nothing[*]"}`, `{"all":[1,2],"none":[]}`},
		{`{".$":"$.order.id"}`, `{"":"o-1"}`},
		{`{"$":"$.order.id","a.$b":1}`, `{"$":"$.order.id","a.$b":1}`},
		{`[{"a.$":"$.order.id"},2]`, `[{"a":"o-1"},2]`},
		{`"$.order.id"`, `"$.order.id"`},
	} {
		tpl, err := CompileTemplate(parseValue(t, test.template), compilePath)
		if err != nil {
			t.Errorf("%s: %v", test.template, err)
			continue
		}
		got, err := tpl.Eval(s)
		if err != nil || got.String() != test.want {
			t.Errorf("%s: got %v %v, want %s", test.template, got, err, test.want)
		}
		if tpl.Constant() != !strings.Contains(test.template, `.$"`) {
			t.Errorf("%s: constant is %v", test.template, tpl.Constant())
		}
	}
}

// TestTemplateSharing checks that evaluating does not copy what is constant.
func TestTemplateSharing(t *testing.T) {
	t.Parallel()
	source := parseValue(t, `{"big":{"list":[1,2,3]},"v.$":"$.order"}`)
	tpl, err := CompileTemplate(source, compilePath)
	if err != nil {
		t.Fatal(err)
	}
	s := testScope(t)
	v, err := tpl.Eval(s)
	if err != nil {
		t.Fatal(err)
	}
	if !same(v.Get("big"), source.Get("big")) || !same(v.Get("v"), s.Input.Get("order")) {
		t.Error("parts of the result are copies")
	}
}

func TestTemplateErrors(t *testing.T) {
	t.Parallel()
	_, err := CompileTemplate(parseValue(t, `{"a.$":1,"b":[{"c/d.$":"x"}],"e":1,"e.$":"$.y"}`), compilePath)
	var pointers []string
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		var fault *TemplateError
		if !errors.As(e, &fault) {
			t.Fatalf("%v is no TemplateError", e)
		}
		pointers = append(pointers, fault.Pointer+" "+fault.Field+": "+fault.Err.Error())
	}
	want := `/a.$ a.$: a field whose name ends in .$ must hold a string, not number
/b/0/c~1d.$ c/d.$: Invalid path 'x' : a path begins with $
/e.$ e.$: the object has both "e" and "e.$", which are one field`
	if got := strings.Join(pointers, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}

	tpl, err := CompileTemplate(parseValue(t, `{"b":{"value.$":"$.order.nothing"}}`), compilePath)
	if err != nil {
		t.Fatal(err)
	}
	_, err = tpl.Eval(&Scope{Input: parseValue(t, `{ "order": { "id": 1.0 } }`)})
	var field *FieldError
	if !errors.As(err, &field) || field.Err.Kind != NotFound {
		t.Fatalf("got %v", err)
	}
	if want := `The JSONPath '$.order.nothing' specified for the field 'value.$' could not be found in the input '{"order":{"id":1.0}}'`; err.Error() != want {
		t.Errorf("got %v", err)
	}
	_, err = EvalField("InputPath", MustCompile("$[0]"), &Scope{Input: parseValue(t, `{}`)})
	if want := `Invalid path '$[0]' : Filter: [0] can only be applied to arrays. Current context is: {}`; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestTemplateVisit(t *testing.T) {
	t.Parallel()
	tpl, err := CompileTemplate(parseValue(t, `{"b":[{"x~y.$":"$.one"}],"a.$":"$.two","c":1}`), compilePath)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	tpl.Evaluators(func(pointer string, e Evaluator) {
		got = append(got, pointer+" "+e.(*Path).Source())
	})
	if want := "/b/0/x~0y.$ $.one, /a.$ $.two"; strings.Join(got, ", ") != want {
		t.Errorf("got %s", got)
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ path, doc, want string }{
		{"$", `{"a":1}`, `"new"`},
		{"$.b", `{"a":1}`, `{"a":1,"b":"new"}`},
		{"$.a", `{"a":1,"b":2}`, `{"a":"new","b":2}`},
		{"$.a.b.c", `{}`, `{"a":{"b":{"c":"new"}}}`},
		{"$.a.b", `{"a":{"c":1},"d":2}`, `{"a":{"c":1,"b":"new"},"d":2}`},
		{"$['a b'].c", `{"a b":{}}`, `{"a b":{"c":"new"}}`},
		{"$.l[1]", `{"l":[1,2,3]}`, `{"l":[1,"new",3]}`},
		{"$.l[0].x.y", `{"l":[{"z":1}]}`, `{"l":[{"z":1,"x":{"y":"new"}}]}`},
		{"$[0]", `[1]`, `["new"]`},
		{"$.l[1]", `{"l":[1]}`, ""},
		{"$.l[0]", `{}`, ""},
		{"$.l[0]", `{"l":{}}`, ""},
		{"$.a", `"text"`, ""},
		{"$.a", `[1]`, ""},
		{"$.a", `null`, ""},
		{"$.a.b", `{"a":1}`, ""},
		{"$.a.b", `{"a":null}`, ""},
		{"$.a[*]", `{"a":[1]}`, ""},
		{"$.a[-1]", `{"a":[1]}`, ""},
		{"$$.a", `{"a":1}`, ""},
		{"$v.a", `{"a":1}`, ""},
	} {
		doc := parseValue(t, test.doc)
		got, err := MustCompile(test.path).Set(doc, value.String("new"))
		if test.want != "" {
			if err != nil || got.String() != test.want {
				t.Errorf("%s of %s: got %v %v, want %s", test.path, test.doc, got, err, test.want)
			}
		} else if e, ok := err.(*Error); !ok || e.Kind != Mismatch ||
			e.Error() != "Unable to apply ReferencePath "+test.path+" to input "+test.doc {
			t.Errorf("%s of %s: got %v %v", test.path, test.doc, got, err)
		}
		if doc.String() != test.doc {
			t.Errorf("%s changed %s to %s", test.path, test.doc, doc)
		}
	}
}

// FuzzTemplate checks that evaluating a template does not panic and that its
// order is one that a second evaluation has, too.
func FuzzTemplate(f *testing.F) {
	f.Add(`{"a.$":"$.order","b":[{"c.$":"$$.x"}],"d.$":"$item.x.y[*]"}`)
	f.Add(`{"e":1,"e.$":"$"}`)
	s := testScope(f)
	f.Fuzz(func(t *testing.T, text string) {
		source, err := value.Parse(text)
		if err != nil {
			return
		}
		tpl, err := CompileTemplate(source, compilePath)
		if err != nil {
			return
		}
		a, errA := tpl.Eval(s)
		b, errB := tpl.Eval(s)
		if a.String() != b.String() || (errA == nil) != (errB == nil) {
			t.Errorf("got %v %v and %v %v", a, errA, b, errB)
		}
		if tpl.Constant() && a.String() != source.String() {
			t.Errorf("a constant template gives %s", a)
		}
	})
}
