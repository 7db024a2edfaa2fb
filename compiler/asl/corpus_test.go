package asl

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// corpus calls test for each of the real definitions in ../shared/corpus, or in
// the folder that STEPSMITH_CORPUS names.
func corpus(t *testing.T, test func(file string, text []byte)) {
	t.Helper()
	if !corpusFiles(t, test) {
		t.Skip("no corpus of definitions; STEPSMITH_CORPUS names its folder")
	}
}

// corpusFiles is corpus where there need not be one.
func corpusFiles(t testing.TB, test func(file string, text []byte)) bool {
	folder := os.Getenv("STEPSMITH_CORPUS")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.asl.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		test(file, text)
	}
	return len(files) > 0
}

func TestCorpusRoundTrip(t *testing.T) {
	t.Parallel()
	corpus(t, func(file string, text []byte) {
		name := filepath.Base(file)
		d, list := Decode(text, file)
		if d == nil || list.HasErrors() {
			t.Errorf("%s: %s", name, list.Error())
			return
		}
		encoded := d.Machine.Encode()
		again, list := Decode(encoded, file)
		if again == nil {
			t.Errorf("%s: what was encoded cannot be decoded: %s", name, list.Error())
			return
		}
		if string(again.Machine.Encode()) != string(encoded) {
			t.Errorf("%s: encoded differently the second time", name)
		}
		if want, err := value.Parse(string(text)); err == nil {
			got, err := value.Parse(string(encoded))
			if err != nil || !value.Equal(want, got) {
				t.Errorf("%s: the encoded definition says something else", name)
			}
		}
	})
}

// defects are the definitions of the corpus that AWS refuses, with what is wrong.
var defects = map[string]string{
	// A template: the only rule of its Choice state is {}.
	"step-functions-agent__step-functions__supervisor-agent-flow-template.asl.json": "These fields are required: [Condition, Next]",
	// An ItemReader, a ResultWriter and a Label on an inline Map state.
	"step-functions-agent__lambda__tools__batch_processor__state_machine_definition.asl.json": "is supported in DISTRIBUTED mode only",
}

// TestCorpusErrors checks that nothing else in the corpus is called an error.
func TestCorpusErrors(t *testing.T) {
	t.Parallel()
	corpus(t, func(file string, text []byte) {
		name := filepath.Base(file)
		d, list := Decode(text, name)
		if d != nil {
			list = append(list, Validate(d, Options{})...)
		}
		want, defective := defects[name]
		if defective && !list.HasErrors() {
			t.Errorf("%s has no errors", name)
		}
		for _, found := range list.Only(diag.Error) {
			if !defective || !strings.Contains(found.Message, want) {
				t.Errorf("%s at %s", found, found.Pointer)
			}
		}
	})
}
