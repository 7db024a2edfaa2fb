package stepsmith_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestREADME checks that what the README shows of the repository is there.
func TestREADME(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\]\(([\w./-]+)\)`).FindAllStringSubmatch(string(text), -1) {
		if _, err := os.Stat(m[1]); err != nil {
			t.Errorf("README.md links to %s: %v", m[1], err)
		}
	}
	source, err := os.ReadFile("examples/jobpoller/jobpoller.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```go\n")
	if code, _, _ := strings.Cut(rest, "```"); !strings.Contains(string(source), code) {
		t.Error("the first program of README.md is not that of examples/jobpoller")
	}
}
