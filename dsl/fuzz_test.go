package dsl_test

import (
	"encoding/json"
	"testing"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// FuzzWorkflow reads records that may come from anywhere. What can be read must
// be written again, and say the same then.
func FuzzWorkflow(f *testing.F) {
	text, err := json.Marshal(standard.Trace())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(`{"types": [{"id": "a", "kind": "list", "elem": "a"}], "sources": [{"id": 0, "type": "a"}], "input": "a", "body": {"steps": [{"get": {"variable": 0}}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		w := new(spec.Workflow)
		if json.Unmarshal([]byte(text), w) != nil {
			return
		}
		written, err := json.Marshal(w)
		if err != nil {
			t.Fatalf("%s cannot be written: %v", text, err)
		}
		again := new(spec.Workflow)
		if err := json.Unmarshal(written, again); err != nil {
			t.Fatalf("%s is written as %s: %v", text, written, err)
		}
		twice, err := json.Marshal(again)
		if err != nil || string(twice) != string(written) {
			t.Errorf("%s becomes %s, %v", written, twice, err)
		}
	})
}
