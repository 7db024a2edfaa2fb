package jsonpath

import "testing"

// TestObserved has what people and recordings saw AWS itself answer, in its own
// dialect and with its own texts.
func TestObserved(t *testing.T) {
	t.Parallel()
	const missing = "could not be found in the input"
	for _, test := range []struct{ path, input, want, fails string }{
		{"$.Jobs.sum()", `{"Jobs":[0,0,1]}`, "", missing},
		{"$.array[-1].name", `{"array":[{"name":"a"}]}`, "", missing},
		{"$.array[(@.length-1)]", `{"array":[1,2,3]}`, "3", ""},
		{"$['a', 'b'].v", `{"a":{"v":1},"b":{"v":2}}`, "",
			"Invalid path '$['a', 'b'].v' : Multi properties can only be used as path leafs: $['a', 'b']"},
		{"$['a', 'b']", `{"a":1,"b":2,"c":3}`, `{"a":1,"b":2}`, ""},
		{"$.item.items[1:5]", `{}`, "[]", ""},
		{"$.item.items[1:5].itemValue", `{}`, "[]", ""},
		{"$[*]", `{}`, "[]", ""},
		{"$.items[*]", `{}`, "[]", ""},
		{"$.items[1:]", `{}`, "[]", ""},
		{"$.items[:1]", `{}`, "[]", ""},
		{"$.items[:1].itemValue", `{}`, "[]", ""},
		{"$[1:5]", `{}`, "", "Invalid path '$[1:5]' : Filter: [1:5] can only be applied to arrays. Current context is: {}"},
		{"$[1:]", `{}`, "", "Invalid path '$[1:]' : Filter: [1:] can only be applied to arrays. Current context is: {}"},
		{"$[:1]", `{}`, "", "Invalid path '$[:1]' : Filter: [:1] can only be applied to arrays. Current context is: {}"},
		{"$.jar[?(@.a >= 5)]", `{"jar":[{"a":1},{"a":5},{"a":2},{"a":7},{"a":3}]}`, `[{"a":5},{"a":7}]`, ""},
		{"$.items[0]", `{"items":[{"a":1.0}]}`, `{"a":1.0}`, ""},
		{"$.users[?(@.status == 0)]", `{"users":[{"status":0},{"status":1}]}`, `[{"status":0}]`, ""},
	} {
		got, err := EvalField("value.$", MustCompile(test.path), &Scope{Input: parseValue(t, test.input)})
		fails := test.fails
		if fails == missing {
			fails = "The JSONPath '" + test.path + "' specified for the field 'value.$' could not be found in the input '" + test.input + "'"
		}
		switch {
		case err == nil && (fails != "" || got.String() != test.want):
			t.Errorf("%s: got %s, want %s%s", test.path, got, test.want, fails)
		case err != nil && err.Error() != fails:
			t.Errorf("%s: got %v, want %s%s", test.path, err, test.want, fails)
		}
	}
}
