package graph_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

func compile(t testing.TB, definition string) (*graph.Machine, diag.List) {
	t.Helper()
	document, list := asl.Decode([]byte(definition), "test.asl.json")
	if document == nil {
		t.Fatal(list)
	}
	return graph.Compile(&document.Machine)
}

// TestErrors has the definitions that cannot run, with what is said of them.
func TestErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, states, want string }{
		{"next", `"A":{"Type":"Pass","Next":"B"}`, `/States/A/Next: Missing 'Next' target: B`},
		{"start", `"B":{"Type":"Succeed"}`, `/StartAt: Missing 'Next' target: A`},
		{"path", `"A":{"Type":"Pass","InputPath":"$.[","End":true}`, `/States/A/InputPath: The value must be a valid JSONPath`},
		{"result path", `"A":{"Type":"Pass","ResultPath":"$.a[*]","End":true}`, `/States/A/ResultPath: The value must be a reference path`},
		{"result path of the context", `"A":{"Type":"Pass","ResultPath":"$$.a","End":true}`, `/States/A/ResultPath: The value must be a reference path`},
		{"template", `"A":{"Type":"Pass","Parameters":{"a":{"b.$":"nonsense"}},"End":true}`, `/States/A/Parameters: /a/b.$`},
		{"query", `"A":{"Type":"Pass","QueryLanguage":"JSONata","Output":{"a":["{% 1 + %}"]},"End":true}`, `/States/A/Output/a[0]: The JSONata expression '1 +' cannot be read`},
		{"assign", `"A":{"Type":"Pass","Assign":1,"End":true}`, `/States/A/Assign: The value must be an object`},
		{"rule", `"A":{"Type":"Choice","Choices":[{"Variable":"$.a","StringLike":"x","Next":"A"}]}`, `/States/A/Choices[0]: A choice rule must have exactly one comparison operator`},
		{"rule without next", `"A":{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true}]}`, `/States/A/Choices[0]: These fields are required: [Next]`},
		{"condition", `"A":{"Type":"Choice","QueryLanguage":"JSONata","Choices":[{"Condition":"yes","Next":"A"}]}`, `/States/A/Choices[0]/Condition: The value must be a boolean`},
		{"wait", `"A":{"Type":"Wait","End":true}`, `/States/A: A Wait state must have exactly one`},
		{"branches", `"A":{"Type":"Parallel","Branches":[],"End":true}`, `/States/A/Branches: Value cannot be empty`},
		{"inner", `"A":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","Next":"A"}}}],"End":true}`, `/States/A/Branches[0]/States/B/Next: Missing 'Next' target: A`},
		{"catcher", `"A":{"Type":"Task","Resource":"arn:aws:lambda:r:a:function:f","Catch":[{"ErrorEquals":["States.ALL"],"Next":"X"}],"End":true}`, `/States/A/Catch[0]/Next: Missing 'Next' target: X`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m, list := compile(t, `{"StartAt":"A","States":{`+test.states+`}}`)
			if m != nil || len(list) == 0 {
				t.Fatal("it compiled")
			}
			if got := list[0].Pointer + ": " + list[0].Message; !strings.HasPrefix(got, test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestChoices compares with the operators of Choice rules in JSONPath. The
// recordings of the service have more; see package conformance.
func TestChoices(t *testing.T) {
	t.Parallel()
	tests := []struct {
		rule, input string
		want        string
	}{
		{`"Variable":"$.a","StringMatches":"log-*.txt"`, `{"a":"log-1.txt"}`, "true"},
		{`"Variable":"$.a","StringMatches":"log-*.txt"`, `{"a":"log-.tx"}`, "false"},
		{`"Variable":"$.a","StringMatches":"a*b*c"`, `{"a":"aXbYbZc"}`, "true"},
		{`"Variable":"$.a","StringMatches":"a*a"`, `{"a":"a"}`, "false"},
		{`"Variable":"$.a","StringMatches":"x\\*y"`, `{"a":"x*y"}`, "true"},
		{`"Variable":"$.a","StringMatches":"x\\*y"`, `{"a":"xzy"}`, "false"},
		{`"Variable":"$.a","StringMatches":"x\\\\*"`, `{"a":"x\\y"}`, "true"},
		{`"Variable":"$.a","StringMatches":"*"`, `{"a":1}`, "false"},
		{`"Variable":"$.a","StringMatches":"x\\"`, `{"a":"x"}`, "Invalid pattern"},
		{`"Variable":"$.a","StringLessThan":"\uD83D\uDE00"`, `{"a":"\uFF5E"}`, "false"},
		{`"Variable":"$.a","StringGreaterThan":"\uD83D\uDE00"`, `{"a":"\uFF5E"}`, "true"},
		{`"Variable":"$.a","NumericEquals":0`, `{"a":0.0}`, "true"},
		{`"Variable":"$.a","NumericEquals":0`, `{"a":"0"}`, "false"},
		{`"Variable":"$.a","BooleanEquals":false`, `{"a":false}`, "true"},
		{`"Variable":"$.a","TimestampEquals":"2024-02-29T12:00:00Z"`, `{"a":"2024-02-29T13:00:00.000+01:00"}`, "true"},
		{`"Variable":"$.a","TimestampLessThan":"2024-02-29T12:00:00Z"`, `{"a":"yesterday"}`, "false"},
		{`"Variable":"$.a","IsTimestamp":false`, `{"a":"2024-02-29"}`, "true"},
		{`"Variable":"$.a","IsPresent":true`, `{"a":null}`, "true"},
		{`"Variable":"$.b","IsPresent":false`, `{"a":null}`, "true"},
		{`"Variable":"$.b","IsNull":true`, `{"a":null}`, "Invalid path '$.b': The choice state's condition path references an invalid value."},
		{`"Variable":"$.a","NumericEqualsPath":"$.b"`, `{"a":1}`, "Invalid path '$.b': The choice state's condition path references an invalid value."},
		{`"Not":{"Or":[{"Variable":"$.a","IsString":true},{"And":[{"Variable":"$.a","IsNumeric":true},{"Variable":"$.a","NumericLessThan":5}]}]}`, `{"a":7}`, "true"},
	}
	for _, test := range tests {
		m, list := compile(t, `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{`+test.rule+`,"Next":"C"}]}}}`)
		if list.HasErrors() {
			t.Error(test.rule, list)
			continue
		}
		input, err := value.ParseDoc(test.input)
		if err != nil {
			t.Fatal(err)
		}
		env := new(graph.Env).Look(graph.View{Input: input}, time.Time{})
		holds, err := m.Root.Start.(*graph.Choice).Rules[0].Holds(env)
		got := map[bool]string{true: "true", false: "false"}[holds]
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, test.want) {
			t.Errorf("%s of %s: got %s, want %s", test.rule, test.input, got, test.want)
		}
	}
}

func TestParseTimestamp(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2016-03-14T01:59:00Z":           "2016-03-14T01:59:00Z",
		"2016-03-14T01:59:00.123456789Z": "2016-03-14T01:59:00.123456789Z",
		"2016-03-14T01:59:00+02:30":      "2016-03-13T23:29:00Z",
		"2016-03-14T01:59Z":              "2016-03-14T01:59:00Z",
		"2016-03-14 01:59:00Z":           "", "2016-03-14T01:59:00": "", "2016-03-14T25:59:00Z": "", "2016-03-14T01:59:00,5Z": "",
		"05-12-2016T21:29:29Z": "", "2016-03-14T01:59:00.1234567891Z": "", "": "", "2016-02-30T01:59:00Z": "",
	} {
		at, ok := graph.ParseTimestamp(text)
		got := ""
		if ok {
			got = at.UTC().Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestParseResource(t *testing.T) {
	t.Parallel()
	tests := []struct {
		arn  string
		want graph.Resource
	}{
		{"arn:aws:lambda:us-east-1:1:function:f:live", graph.Resource{Kind: graph.Lambda}},
		{"arn:aws:states:us-east-1:1:activity:a", graph.Resource{Kind: graph.Activity}},
		{"arn:aws:states:::lambda:invoke", graph.Resource{Type: "lambda", Name: "invoke"}},
		{"arn:aws:states:::aws-sdk:s3:getObject", graph.Resource{Type: "aws-sdk:s3", Name: "getObject"}},
		{"arn:aws-cn:states:::sqs:sendMessage.waitForTaskToken", graph.Resource{Type: "sqs", Name: "sendMessage.waitForTaskToken", Pattern: graph.Callback}},
		{"arn:aws:states:::states:startExecution.sync:2", graph.Resource{Type: "states", Name: "startExecution.sync:2", Pattern: graph.Sync2}},
		{"arn:aws:states:::glue:startJobRun.sync", graph.Resource{Type: "glue", Name: "startJobRun.sync", Pattern: graph.Sync}},
		{"worker", graph.Resource{Kind: graph.Activity}},
	}
	for _, test := range tests {
		test.want.ARN = test.arn
		if diff := cmp.Diff(test.want, graph.ParseResource(test.arn)); diff != "" {
			t.Errorf("%s: %s", test.arn, diff)
		}
	}
}

// FuzzCompile sees that whatever can be read compiles or is refused.
func FuzzCompile(f *testing.F) {
	f.Add(`{"StartAt":"A","States":{"A":{"Type":"Map","ItemsPath":"$$.a","ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Choice","Choices":[{"Not":{"Variable":"$.a","IsNull":true},"Next":"B"}]}}},"End":true}}}`)
	f.Add(`{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Task","Resource":"r","Arguments":{"a":["{% $x %}"]},"Retry":[{"ErrorEquals":["x"]}],"End":true}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		document, _ := asl.Decode([]byte(text), "fuzz.asl.json")
		if document == nil {
			return
		}
		m, list := graph.Compile(&document.Machine)
		if (m == nil) != list.HasErrors() {
			t.Errorf("a machine: %t; %v", m != nil, list)
		}
	})
}
