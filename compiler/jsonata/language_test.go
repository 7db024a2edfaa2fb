package jsonata

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// TestLanguage goes through testdata/language.txt, where each expression is
// followed by what it gives, indented.
func TestLanguage(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("testdata/language.json")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/language.txt")
	if err != nil {
		t.Fatal(err)
	}
	input, err := value.Parse(string(document))
	if err != nil {
		t.Fatal(err)
	}
	source := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		want, isOutcome := strings.CutPrefix(line, "    ")
		switch {
		case isOutcome:
			if got := describe(source, input); got != want {
				t.Errorf("%s\ngot  %s\nwant %s", source, got, want)
			}
		case !strings.HasPrefix(line, "#"):
			source = line
		}
	}
}

func describe(source string, input value.Value) string {
	e, err := Compile(source)
	var v value.Value
	if err == nil {
		v, err = e.Eval(input, nil)
	}
	if err != nil {
		e := err.(*Error)
		return fmt.Sprintf("error %s %d %s %s", e.Code, e.Position, quote(e.Token), e.Message)
	}
	return v.String()
}
