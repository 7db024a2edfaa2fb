package asl

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
)

// A recording is a case of ../shared/conformance.
type recording struct {
	ID           string          `json:"id"`
	Kind         string          `json:"kind"`
	Type         MachineType     `json:"type"`
	Provenance   string          `json:"provenance"`
	Definition   json.RawMessage `json:"definition"`
	Text         string          `json:"definition_text"`
	Placeholders []string        `json:"placeholders"`
	Recorded     json.RawMessage `json:"recorded"`
}

func recordings(t *testing.T, kinds string, test func(t *testing.T, r recording)) {
	t.Helper()
	folder := os.Getenv("STEPSMITH_CONFORMANCE")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "conformance", "cases")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Skipf("no recordings in %s; STEPSMITH_CONFORMANCE names their folder", folder)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var module struct{ Cases []recording }
		if err := json.Unmarshal(text, &module); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, r := range module.Cases {
			if strings.Contains(kinds, r.Kind) && r.Provenance == "aws" {
				t.Run(r.ID, func(t *testing.T) { t.Parallel(); test(t, r) })
			}
		}
	}
}

// found validates the definition of a recording. The recorder put names in the
// place of some ARNs.
func (r recording) found() (text []byte, list diag.List) {
	text = r.Definition
	if r.Text != "" {
		text = []byte(r.Text)
	}
	for _, name := range r.Placeholders {
		if name == "activity_arn" {
			text = []byte(strings.ReplaceAll(string(text), name, "arn:aws:states:us-east-1:111111111111:activity:name"))
		}
	}
	d, list := Decode(text, "")
	if d != nil {
		list = append(list, Validate(d, Options{Type: r.Type})...)
	}
	return text, list
}

func TestRecordedAnswers(t *testing.T) {
	t.Parallel()
	recordings(t, "validate", func(t *testing.T, r recording) {
		text, list := r.found()
		var want Answer
		if err := json.Unmarshal(r.Recorded, &want); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, AWS(text, list, diag.Error, 0)); d != "" {
			t.Errorf("(-recorded +got)\n%s", d)
		}
	})
}

func TestRecordedRefusals(t *testing.T) {
	t.Parallel()
	recordings(t, "create", func(t *testing.T, r recording) {
		text, list := r.found()
		var answer struct {
			Exception string `json:"exception_value"`
			Error     struct{ Message string }
		}
		if err := json.Unmarshal(r.Recorded, &answer); err != nil {
			t.Fatal(err)
		}
		want := ""
		for _, recorded := range []string{answer.Exception, answer.Error.Message} {
			if i := strings.Index(recorded, "Invalid State Machine Definition"); i >= 0 {
				want = strings.ReplaceAll(recorded[i:], "arn:<partition>:", "arn:aws:")
			}
		}
		if d := cmp.Diff(want, Refusal(text, list)); d != "" {
			t.Errorf("(-recorded +got)\n%s", d)
		}
	})
}

// TestRecordedExecutions checks definitions that AWS has taken and run.
func TestRecordedExecutions(t *testing.T) {
	t.Parallel()
	recordings(t, "execution express-sync express-async choice-case", func(t *testing.T, r recording) {
		text, list := r.found()
		for _, found := range AWS(text, list, diag.Error, 0).Diagnostics {
			t.Errorf("AWS takes it: %s at %s", found.Message, found.Location)
		}
	})
}
