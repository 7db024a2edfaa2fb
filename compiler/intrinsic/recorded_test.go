package intrinsic

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// TestRecorded evaluates the templates of recorded executions that are one Pass
// state and compares what AWS answered.
func TestRecorded(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("STEPSMITH_CONFORMANCE")
	if dir == "" {
		dir = "../../../shared/conformance/cases"
	}
	files, err := filepath.Glob(filepath.Join(dir, "intrinsic_functions__*.json"))
	if err != nil || len(files) == 0 {
		t.Skipf("no recordings in %s; set STEPSMITH_CONFORMANCE", dir)
	}
	checked := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file struct{ Cases []recording }
		if err := json.Unmarshal(text, &file); err != nil {
			t.Fatal(err)
		}
		for _, c := range file.Cases {
			if c.check(t) {
				checked++
			}
		}
	}
	if checked < 50 {
		t.Errorf("only %d recordings could be used", checked)
	}
}

type recording struct {
	ID         string
	Definition struct {
		QueryLanguage, StartAt string
		States                 map[string]struct {
			Type       string
			Parameters value.Value
		}
	}
	Input     string `json:"input_text"`
	Names     value.Value
	Wildcards []string
	Recorded  value.Value
}

// check reports whether the recording is one for this test.
func (c *recording) check(t *testing.T) bool {
	state := c.Definition.States[c.Definition.StartAt]
	if len(c.Definition.States) != 1 || state.Type != "Pass" || state.Parameters.IsUndefined() || c.Definition.QueryLanguage == "JSONata" {
		return false
	}
	want := output(c.Recorded)
	if want.IsUndefined() {
		return false
	}
	input, err := value.Parse(c.Input)
	if err != nil {
		t.Fatal(err)
	}
	template, err := jsonpath.CompileTemplate(state.Parameters, CompileDynamic)
	if err != nil {
		t.Errorf("%s: %v", c.ID, err)
		return true
	}
	machine := value.Object(value.Member{Key: "Name", Value: value.String("a-b-<ArnPart_0idx>")})
	got, err := template.Eval(&jsonpath.Scope{
		Input: input,
		Context: value.Object(
			value.Member{Key: "Execution", Value: value.Object(value.Member{Key: "Input", Value: input})},
			value.Member{Key: "StateMachine", Value: machine},
		),
		Random: func() uint64 { return 1 << 62 },
	})
	if err != nil {
		t.Errorf("%s: %v", c.ID, err)
		return true
	}
	if mask, ok := want.Get("FunctionResult").Str(); ok && slices.Contains(c.Wildcards, mask) {
		return true
	}
	if got.String() != want.String() {
		t.Errorf("%s: got %s, want %s", c.ID, got, want)
	}
	return true
}

// output finds the output of an execution that succeeded.
func output(v value.Value) value.Value {
	if details := v.Get("executionSucceededEventDetails"); !details.IsUndefined() {
		return details.Get("output")
	}
	for _, m := range v.Members() {
		if found := output(m.Value); !found.IsUndefined() {
			return found
		}
	}
	for _, item := range v.Items() {
		if found := output(item); !found.IsUndefined() {
			return found
		}
	}
	return value.Value{}
}
