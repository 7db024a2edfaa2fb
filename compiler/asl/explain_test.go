package asl

import (
	"strings"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"golang.org/x/tools/txtar"
)

// TestExplain checks that every code has a page, and the examples on it: what is
// wrong has that code and no other, what is right is clean.
func TestExplain(t *testing.T) {
	t.Parallel()
	for _, code := range Codes() {
		t.Run(code.Name, func(t *testing.T) {
			t.Parallel()
			page, ok := Explain(code.Name)
			if !ok {
				t.Fatal("no page")
			}
			archive := txtar.Parse(page)
			title, rest, _ := strings.Cut(string(archive.Comment), "\n")
			if title == "" || rest != "" && rest[0] != '\n' {
				t.Errorf("the page does not begin with a title of one line")
			}
			if len(archive.Files) == 0 && code.Name != "TOO_DEEPLY_NESTED" {
				t.Error("no examples")
			}
			for _, f := range archive.Files {
				list := example(f)
				if strings.HasPrefix(f.Name, "right.") && len(list) > 0 {
					t.Errorf("%s is not clean:\n%v", f.Name, list)
				}
				if strings.HasPrefix(f.Name, "wrong.") && len(list) == 0 {
					t.Errorf("%s is clean", f.Name)
				}
				for _, found := range list {
					if found.Code != code.Name || found.Severity != code.Severity {
						t.Errorf("%s: %s", f.Name, found)
					}
				}
			}
		})
	}
	if _, ok := Explain("no/such"); ok {
		t.Error("a page for no code")
	}
}

func example(f txtar.File) diag.List {
	if strings.HasSuffix(f.Name, ".name") {
		return ValidateName(strings.TrimSuffix(string(f.Data), "\n"))
	}
	d, list := Decode(f.Data, f.Name)
	if d == nil {
		return list
	}
	o := Options{Type: Standard}
	if strings.Contains(f.Name, ".express.") {
		o.Type = Express
	}
	list = append(list, Validate(d, o)...)
	if strings.Contains(f.Name, ".run.") {
		list = append(list, d.Unresolved()...)
	}
	return list
}

// TestCodesAreSaid checks the table of codes against what there is to say.
func TestCodesAreSaid(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for _, code := range Codes() {
		if seen[code.Name] {
			t.Errorf("%s is there twice", code.Name)
		}
		seen[code.Name] = true
	}
}
