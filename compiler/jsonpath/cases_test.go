package jsonpath

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// TestCases answers the questions that real Jayway builds were asked. Where
// Jayway 1.1 to 2.0 disagree, 2.0.0 counts. Another file of the same format is
// read from STEPSMITH_JSONPATH_CASES.
func TestCases(t *testing.T) {
	t.Parallel()
	name := os.Getenv("STEPSMITH_JSONPATH_CASES")
	if name == "" {
		name = "../../../shared/conformance/jsonpath/cases.json"
		if _, err := os.Stat(name); err != nil {
			t.Skipf("no cases: %v; set STEPSMITH_JSONPATH_CASES", err)
		}
	}
	passed, failed := runCases(t, name)
	if testing.Verbose() {
		fmt.Printf("%d passed, %d failed\n", passed, failed)
	}
}

// TestLibrary has more of Jayway 2.0.0's answers, to paths that were made up at
// random: combinations that nobody would think of.
func TestLibrary(t *testing.T) {
	t.Parallel()
	runCases(t, "testdata/jayway-2.0.0.json")
}

func runCases(t *testing.T, name string) (passed, failed int) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Docs  map[string]value.Value
		Cases []jaywayCase
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Cases {
		doc := file.Docs[c.Doc]
		if !c.Data.IsUndefined() {
			doc = c.Data
		}
		if why := c.check(doc); why != "" {
			failed++
			t.Errorf("%s on %s: %s", c.Path, c.Doc, why)
			continue
		}
		passed++
	}
	return passed, failed
}

type jaywayCase struct {
	Doc, Path string
	Data      value.Value
	Definite  bool
	Answer    struct {
		Kind, Message string
		Value         value.Value
	} `json:"jayway_2_0_0"`
}

// check returns what is wrong with our answer.
func (c *jaywayCase) check(doc value.Value) string {
	path, err := Dialect{Library: true}.Compile(c.Path)
	got := value.Value{}
	if err == nil {
		if path.Definite() != c.Definite {
			return "definite is wrong"
		}
		got, err = path.Eval(&Scope{Input: doc})
	}
	switch kind := c.Answer.Kind; {
	case err == nil && (kind == "value" || kind == "list"):
		if got.String() != c.Answer.Value.String() {
			return "got " + got.String() + ", want " + c.Answer.Value.String()
		}
		return ""
	case err == nil:
		return "got " + got.String() + ", want an error: " + c.Answer.Message
	}
	var e *Error
	if !errors.As(err, &e) {
		return "an error of the wrong type: " + err.Error()
	}
	if why := e.Kind.String(); why != c.Answer.Kind && !(c.Answer.Kind == "error" && why == "invalid-path") {
		return "got " + why + " " + err.Error() + ", want " + c.Answer.Kind + " " + c.Answer.Message
	}
	if e.Kind != Malformed && c.Answer.Kind != "error" && !strings.Contains(c.Answer.Message, "Current context is") {
		if _, message, _ := strings.Cut(c.Answer.Message, ": "); message != e.Message {
			return "got message " + e.Message + ", want " + message
		}
	}
	return ""
}

func (k Kind) String() string {
	if k == NotFound {
		return "not-found"
	}
	return "invalid-path"
}
