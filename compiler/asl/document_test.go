package asl

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"golang.org/x/tools/txtar"
)

// TestEncode reads definitions, some with the fields in disorder and some in
// YAML, and compares what is written with the golden text.
func TestEncode(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "encode", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no definitions", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			archive := txtar.Parse(text)
			source := archive.Files[0]
			d, list := Decode(source.Data, source.Name)
			if d == nil {
				t.Fatal(list)
			}
			encoded := d.Machine.Encode()
			got := &txtar.Archive{Comment: archive.Comment, Files: []txtar.File{source, {Name: "encoded.json", Data: encoded}}}
			if update {
				if err := os.WriteFile(file, txtar.Format(got), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(txtar.Format(archive)), string(txtar.Format(got))); diff != "" {
				t.Errorf("STEPSMITH_UPDATE=1 accepts this (-want +got):\n%s", diff)
			}
			again, list := Decode(encoded, "")
			if again == nil {
				t.Fatal(list)
			}
			if diff := cmp.Diff(string(encoded), string(again.Machine.Encode())); diff != "" {
				t.Errorf("encoded differently the second time:\n%s", diff)
			}
		})
	}
}

func TestNullIsNotAbsent(t *testing.T) {
	t.Parallel()
	d, list := Decode([]byte(`{"StartAt": "P", "States": {"P": {"Type": "Pass", "ResultPath": null, "End": true}}}`), "")
	if d == nil {
		t.Fatal(list)
	}
	p := d.Machine.State("P").(*Pass)
	if !p.ResultPath.IsNull() {
		t.Errorf("ResultPath is %v, want null", p.ResultPath)
	}
	if !p.InputPath.IsUndefined() {
		t.Errorf("InputPath is %v, want nothing", p.InputPath)
	}
}

func TestPlaceholderStays(t *testing.T) {
	t.Parallel()
	const text = "{\n  \"StartAt\": \"W\",\n  \"States\": {\n    \"W\": {\n      \"Type\": \"Wait\",\n      \"Seconds\": ${Seconds},\n      \"End\": true\n    }\n  }\n}\n"
	d, list := Decode([]byte(text), "")
	if d == nil {
		t.Fatal(list)
	}
	seconds := d.Machine.State("W").(*Wait).Seconds
	if o, _ := seconds.Opaque(); o != Placeholder("${Seconds}") {
		t.Errorf("Seconds is %#v", o)
	}
	if diff := cmp.Diff(text, string(d.Machine.Encode())); diff != "" {
		t.Error(diff)
	}
}

// TestYAML reads scalars that YAML 1.1 and other readers take for something else.
func TestYAML(t *testing.T) {
	t.Parallel()
	const head = "StartAt: P\nStates:\n  P:\n    Type: Pass\n    End: true\n    Result:\n"
	tests := []struct{ yaml, want string }{
		{"a: no", `{"a":"no"}`},
		{"a: on", `{"a":"on"}`},
		{"a: Yes", `{"a":"Yes"}`},
		{"a: y", `{"a":"y"}`},
		{"a: 2024-08-18", `{"a":"2024-08-18"}`},
		{"a: 2024-08-18T17:33:00Z", `{"a":"2024-08-18T17:33:00Z"}`},
		{"a: 12:30:00", `{"a":"12:30:00"}`},
		{"a: 1_000", `{"a":"1_000"}`},
		{"a: 010", `{"a":10}`},
		{"a: 0o10", `{"a":8}`},
		{"a: 0x1F", `{"a":31}`},
		{"a: 1.50", `{"a":1.50}`},
		{"a: +1", `{"a":1}`},
		{"a: .5", `{"a":0.5}`},
		{"a: '1'", `{"a":"1"}`},
		{"a: !!str 1", `{"a":"1"}`},
		{"a: true", `{"a":true}`},
		{"a: ~", `{"a":null}`},
		{"a:", `{"a":null}`},
		{"a: null", `{"a":null}`},
		{"a: .inf", `{"a":".inf"}`},
		{"a: ${Number}", `{"a":"${Number}"}`},
		{"no: 1", `{"no":1}`},
		{"1: 1", `{"1":1}`},
		{"a: |\n        x\n        y", `{"a":"x\ny\n"}`},
		{"a: &x [1, 2]\n      b: *x", `{"a":[1,2],"b":[1,2]}`},
		{"a: &x {c: 1, d: 2}\n      b: {<<: *x, d: 3}", `{"a":{"c":1,"d":2},"b":{"c":1,"d":3}}`},
		{"a: !Ref Name", `{"a":{"Ref":"Name"}}`},
		{"a: !GetAtt Name.Arn", `{"a":{"Fn::GetAtt":"Name.Arn"}}`},
		{"a: !Join ['', [a, b]]", `{"a":{"Fn::Join":["",["a","b"]]}}`},
	}
	for _, test := range tests {
		d, list := Decode([]byte(head+"      "+test.yaml+"\n"), "x.asl.yaml")
		if d == nil {
			t.Errorf("%s: %v", test.yaml, list)
			continue
		}
		if got := d.Machine.State("P").(*Pass).Result.String(); got != test.want {
			t.Errorf("%s is %s, want %s", test.yaml, got, test.want)
		}
	}
}

func TestYAMLPlaces(t *testing.T) {
	t.Parallel()
	const text = "Comment: größe\nStartAt: Wait\nStates:\n  Wait:\n    Type: Wait\n    Seconds: \"ten\"\n    End: true\n"
	d, list := Decode([]byte(text), "x.asl.yaml")
	if d == nil {
		t.Fatal(list)
	}
	var b bytes.Buffer
	source := func(string) []byte { return []byte(text) }
	if err := (diag.Text{Source: source}).Write(&b, Validate(d, Options{})); err != nil {
		t.Fatal(err)
	}
	const want = `x.asl.yaml:6:14: error[SCHEMA_VALIDATION_FAILED]: The value for the field 'Seconds' must be a whole number
    6 |     Seconds: "ten"
      |              ^~~~~
    at: /States/Wait/Seconds
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if d, list := Decode([]byte("a: [\n"), "x.yaml"); d != nil || list[0].Code != "INVALID_JSON_DESCRIPTION" {
		t.Errorf("%v", list)
	}
}

func TestPosition(t *testing.T) {
	t.Parallel()
	d, list := Decode([]byte(nested(3)), "x.json")
	if d == nil {
		t.Fatal(list)
	}
	for name, found := range map[string]bool{"P1": true, "P3": true, "End": true, "P4": false} {
		p := d.Position(name)
		if p.IsValid() != found {
			t.Errorf("%s is at %v", name, p)
		} else if found && d.source.text[p.Offset:p.Offset+p.Length] != fmt.Sprintf("%q", name) {
			t.Errorf("%s is at %v, which is %s", name, p, d.source.text[p.Offset:p.Offset+p.Length])
		}
	}
}

func TestYAMLBombs(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9))
	}
	if d, list := Decode([]byte(b.String()), "x.yaml"); d != nil || !list.HasErrors() {
		t.Error("a text that grows without end is read")
	}
}

// TestLimits checks the rules on size, which no file should have to show.
func TestLimits(t *testing.T) {
	t.Parallel()
	const pass = `{"StartAt": "P", "States": {"P": {"Type": "Pass", %s "End": true}}}`
	large := strings.Repeat("x", maxDefinition)
	variable := strings.Repeat("x", maxVariable)
	tests := map[string]struct {
		text string
		want []string
	}{
		"definition": {fmt.Sprintf(pass, `"Comment": "`+large+`",`), []string{schemaFailed}},
		"variable":   {fmt.Sprintf(pass, `"Assign": {"v": "`+variable+`"},`), []string{schemaFailed, "UNUSED_VARIABLE"}},
		"nesting":    {nested(maxNesting), []string{"TOO_DEEPLY_NESTED"}},
		"no nesting": {nested(maxNesting - 1), nil},
	}
	for name, test := range tests {
		d, list := Decode([]byte(test.text), "")
		if d == nil {
			t.Errorf("%s: %v", name, list)
			continue
		}
		var got []string
		for _, found := range Validate(d, Options{}) {
			got = append(got, found.Code)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

// nested returns a Parallel state within a Parallel state, and so on.
func nested(depth int) string {
	states := `"End": {"Type": "Succeed"}`
	start := "End"
	for i := depth; i > 0; i-- {
		name := fmt.Sprintf("P%d", i)
		states = fmt.Sprintf(`%q: {"Type": "Parallel", "End": true, "Branches": [{"StartAt": %q, "States": {%s}}]}`, name, start, states)
		start = name
	}
	return fmt.Sprintf(`{"StartAt": %q, "States": {%s}}`, start, states)
}

func TestValidateName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"": "STATE_MACHINE_NAME_EMPTY", strings.Repeat("n", 81): "STATE_MACHINE_NAME_TOO_LONG", "a b": "STATE_MACHINE_NAME_INVALID",
		"a/b": "STATE_MACHINE_NAME_INVALID", "a\u2028b": "STATE_MACHINE_NAME_INVALID", "order-flow_2.x": "", "größe": "",
	} {
		got := ""
		for _, found := range ValidateName(name) {
			got += found.Code
		}
		if got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}

// TestAnswerLimits checks what AWS leaves out of an answer.
func TestAnswerLimits(t *testing.T) {
	t.Parallel()
	var states []string
	for i := range 120 {
		states = append(states, fmt.Sprintf(`"S%d": {"Type": "Pass", "Result": {"a.$": 1}, "End": true}`, i))
	}
	text := []byte(`{"StartAt": "S0", "States": {` + strings.Join(states, ",") + `}}`)
	d, list := Decode(text, "")
	if d == nil {
		t.Fatal(list)
	}
	list = Validate(d, Options{})
	for _, test := range []struct {
		least     diag.Severity
		limit     int
		count     int
		truncated bool
	}{{diag.Error, 0, 100, true}, {diag.Error, 5, 5, true}, {diag.Error, 1000, 119, false}, {diag.Warning, 1000, 239, false}} {
		a := AWS(text, list, test.least, test.limit)
		if len(a.Diagnostics) != test.count || a.Truncated != test.truncated || a.Result != "FAIL" {
			t.Errorf("%+v: %d, %v, %s", test, len(a.Diagnostics), a.Truncated, a.Result)
		}
	}
}

// TestJackson compares messages about texts that are no JSON with Jackson's.
func TestJackson(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{`{"a": 1,}`, "Unexpected character ('}' (code 125)): was expecting double-quote to start field name\n at [Source: (String)\"{\"a\": 1,}\"; line: 1, column: 10]"},
		{"{\n\"a\"", "Unexpected end-of-input: expected close marker for Object (start marker at [Source: (String)\"{\n\"a\"\"; line: 1, column: 1])\n at [Source: (String)\"{\n\"a\"\"; line: 2, column: 4]"},
		{"{ // no\n}", "Unexpected character ('/' (code 47)): maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)\n at [Source: (String)\"{ // no\n}\"; line: 1, column: 4]"},
		{"“a”", "Unexpected character ('“' (code 8220 / 0x201c)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)\"“a”\"; line: 1, column: 2]"},
		{`[}`, "Unexpected character ('}' (code 125)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)\"[}\"; line: 1, column: 3]"},
	}
	for _, test := range tests {
		_, list := Decode([]byte(test.text), "x.json")
		answer := AWS([]byte(test.text), list, diag.Error, 0)
		if len(answer.Diagnostics) != 1 {
			t.Errorf("%s: %v", test.text, answer)
			continue
		}
		if diff := cmp.Diff(test.want, answer.Diagnostics[0].Message); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", test.text, diff)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, pattern := range []string{"rules", "encode"} {
		files, _ := filepath.Glob(filepath.Join("testdata", pattern, "*.txtar"))
		for _, file := range files {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				f.Fatal(err)
			}
			for _, section := range archive.Files {
				if filepath.Ext(section.Name) != ".txt" {
					f.Add(string(section.Data), strings.HasSuffix(section.Name, ".yaml"))
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string, isYAML bool) {
		file := "x.json"
		if isYAML {
			file = "x.yaml"
		}
		d, list := Decode([]byte(text), file)
		if d == nil {
			if !list.HasErrors() {
				t.Error("no document and no error")
			}
			AWS([]byte(text), list, diag.Hint, 0)
			return
		}
		for _, found := range Validate(d, Options{}) {
			if found.Pos.Line == 0 && found.Pointer != "" {
				t.Errorf("no place: %s", found)
			}
		}
		encoded := d.Machine.Encode()
		again, list := Decode(encoded, "x.json")
		if again == nil {
			t.Fatalf("what was encoded cannot be decoded: %v\n%s", list, encoded)
		}
		if second := again.Machine.Encode(); !bytes.Equal(encoded, second) {
			t.Errorf("encoded differently the second time:\n%s", cmp.Diff(string(encoded), string(second)))
		}
		if _, err := value.Parse(string(encoded)); err != nil && !strings.Contains(text, "${") {
			t.Errorf("encoded is no JSON: %v", err)
		}
	})
}

// BenchmarkValidate validates the largest definition of the corpus, and where
// there is none a large one of its own.
func BenchmarkValidate(b *testing.B) {
	largest := []byte(nested(maxNesting - 1))
	corpusFiles(b, func(_ string, text []byte) {
		if len(text) > len(largest) {
			largest = text
		}
	})
	b.SetBytes(int64(len(largest)))
	b.ReportAllocs()
	for b.Loop() {
		d, _ := Decode(largest, "")
		Validate(d, Options{})
	}
}
