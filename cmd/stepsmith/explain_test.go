package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/load"
	"golang.org/x/tools/txtar"
)

// prelude declares what the examples of package codes use.
const prelude = `
type Order struct {
	ID     dsl.String       ` + "`json:\"id\"`" + `
	Status dsl.Enum[Status] ` + "`json:\"status\"`" + `
	Total  dsl.Float        ` + "`json:\"total\"`" + `
	Items  dsl.List[Item]   ` + "`json:\"items\"`" + `
}

type Item struct {
	SKU dsl.String ` + "`json:\"sku\"`" + `
}

type Receipt struct {
	Number dsl.String ` + "`json:\"number\"`" + `
}

type Status string

const (
	Open Status = "OPEN"
	Paid Status = "PAID"
)

var Charge = dsl.Lambda[Order, Receipt]("charge")
`

// TestExplanations compiles the examples: what is called wrong must have the
// code, and what is called right no error.
func TestExplanations(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	checkout, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if err := newModule(dir, checkout); err != nil {
		t.Fatal(err)
	}
	var together, alone []string
	for _, code := range codes() {
		e, _ := explanation(code)
		for _, f := range e.Files {
			writeExample(t, dir, code, f)
			pattern := "./" + strings.ToLower(code) + "/" + strings.TrimSuffix(f.Name, ".go")
			if code == load.DoesNotCompile || code == load.Crashed { // would spoil the others
				alone = append(alone, pattern)
				continue
			}
			together = append(together, pattern)
		}
	}
	found := reported(t, dir, together...)
	for _, pattern := range alone {
		maps.Copy(found, reported(t, dir, pattern))
	}
	for _, pattern := range append(together, alone...) {
		code, right := strings.ToUpper(filepath.Base(filepath.Dir(pattern))), filepath.Base(pattern) == "right"
		got := found[pattern[2:]]
		switch {
		case right && len(got) > 0:
			t.Errorf("%s: what is right is reported: %v", code, got)
		case !right && !slices.Contains(got, code):
			t.Errorf("%s: what is wrong is reported as %v", code, got)
		}
	}
}

// writeExample makes a package of an example.
func writeExample(t *testing.T, dir, code string, f txtar.File) {
	t.Helper()
	var text bytes.Buffer
	text.WriteString("package example\n\nimport (\n")
	for _, path := range []string{"fmt", "os", "time"} {
		if bytes.Contains(f.Data, []byte(path+".")) {
			text.WriteString("\t\"" + path + "\"\n")
		}
	}
	text.WriteString("\t\"github.com/stepsmith-dev/stepsmith/dsl\"\n)\n" + prelude)
	text.Write(f.Data)
	folder := filepath.Join(dir, strings.ToLower(code), strings.TrimSuffix(f.Name, ".go"))
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "example.go"), text.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// reported returns the codes that are found, by the package's folder.
func reported(t *testing.T, dir string, patterns ...string) map[string][]string {
	t.Helper()
	_, list, err := compilePackages(t.Context(), &load.Loader{Dir: dir}, patterns)
	if err != nil {
		if list, err = load.Diagnostics(err); err != nil {
			t.Fatal(err)
		}
	}
	found := make(map[string][]string)
	for _, d := range list {
		folder, err := filepath.Rel(dir, filepath.Dir(d.Pos.File))
		if err != nil || d.Pos.File == "" {
			folder = patterns[0][2:] // the message has no place; there is one package
		}
		found[filepath.ToSlash(folder)] = append(found[filepath.ToSlash(folder)], d.Code)
	}
	return found
}

// TestCodesAreExplained finds the codes in the source.
func TestCodesAreExplained(t *testing.T) {
	t.Parallel()
	literal := regexp.MustCompile(`(?m)(?:Code: +|report\(|problem\(|blame\(|^\t[A-Z]\w+ += )"([A-Z]+(_[A-Z]+)*)"`)
	for _, folder := range []string{"../../dsl", "../../compiler/check", "../../compiler/lower", "../../compiler/load", "../../compiler/analyzer"} {
		files, err := filepath.Glob(folder + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal("no source in", folder, err)
		}
		for _, file := range files {
			for _, m := range literal.FindAllStringSubmatch(string(source(file)), -1) {
				if !strings.HasSuffix(file, "_test.go") && title(m[1]) == "" {
					t.Errorf("%s: nobody explains %s: write codes/%s.txtar", file, m[1], m[1])
				}
			}
		}
	}
}
