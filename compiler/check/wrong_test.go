package check_test

import (
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/check"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/load"
	"github.com/stepsmith-dev/stepsmith/compiler/lower"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/txtar"
)

// TestWrongPrograms has Go and Stepsmith say what is wrong with each program of
// testdata/wrong, and compares it with the archive's file "want".
func TestWrongPrograms(t *testing.T) {
	t.Parallel()
	programs := readPrograms(t, "testdata/wrong/*.txtar")
	byGo := typeCheck(t, programs)
	byUs := make(map[string]string)
	var sound []*program
	for _, p := range programs {
		if byGo[p.name] == "" {
			sound = append(sound, p)
		}
	}
	for name, list := range compileAll(t, sound) {
		byUs[name] = describe(list)
	}
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) { p.golden(t, "want", byGo[p.name]+byUs[p.name]) })
	}
	if len(byGo) < 30 || len(sound) < 30 {
		t.Errorf("%d programs are refused by Go and %d by us; want 30 of each at least", len(byGo), len(sound))
	}
}

// A program is an archive with a file flow.go, which is laid over a folder that
// does not exist.
type program struct {
	name, file string
	archive    *txtar.Archive
}

func readPrograms(t *testing.T, pattern string) []*program {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no programs at %s: %v", pattern, err)
	}
	var list []*program
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, &program{strings.TrimSuffix(filepath.Base(file), ".txtar"), file, archive})
	}
	return list
}

func (p *program) section(name string) *txtar.File {
	for i := range p.archive.Files {
		if p.archive.Files[i].Name == name {
			return &p.archive.Files[i]
		}
	}
	p.archive.Files = append(p.archive.Files, txtar.File{Name: name})
	return &p.archive.Files[len(p.archive.Files)-1]
}

// golden compares what came out with a section of the archive.
func (p *program) golden(t *testing.T, section, got string) {
	t.Helper()
	s := p.section(section)
	if os.Getenv("STEPSMITH_UPDATE") != "" {
		s.Data = []byte(got)
		if err := os.WriteFile(p.file, txtar.Format(p.archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(s.Data), got); diff != "" {
		t.Errorf("%s of %s (-want +got):\n%s", section, p.file, diff)
	}
}

// overlay lays the programs over folders of this module.
func overlay(t *testing.T, programs []*program) (patterns []string, files map[string][]byte) {
	t.Helper()
	files = make(map[string][]byte)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range programs {
		files[filepath.Join(here, p.name, "flow.go")] = p.section("flow.go").Data
		patterns = append(patterns, "./"+p.name)
	}
	return patterns, files
}

// declared is what Go says of places in our own files.
var declared = regexp.MustCompile(` \(declared at [^)]*\)`)

// typeCheck returns what Go's type checker says, by the program's name.
func typeCheck(t *testing.T, programs []*program) map[string]string {
	t.Helper()
	patterns, files := overlay(t, programs)
	found, err := packages.Load(&packages.Config{
		Mode:    packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedTypes | packages.NeedSyntax,
		Overlay: files, Fset: token.NewFileSet(),
	}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	said := make(map[string]string)
	for _, p := range found {
		for _, e := range p.Errors {
			if e.Kind != packages.TypeError {
				continue // go list tells the same once more
			}
			place := strings.Split(e.Pos, ":")
			message := declared.ReplaceAllString(strings.ReplaceAll(e.Msg, "github.com/stepsmith-dev/stepsmith/", ""), "")
			said[filepath.Base(p.PkgPath)] += fmt.Sprintf("flow.go:%s: %s\n", place[1], message)
		}
	}
	return said
}

// compileAll compiles the workflows of all programs.
func compileAll(t *testing.T, programs []*program) map[string]diag.List {
	t.Helper()
	patterns, files := overlay(t, programs)
	l := &load.Loader{Overlay: files}
	pkgs, err := l.Packages(t.Context(), patterns...)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Evaluate(t.Context(), pkgs...); err != nil {
		t.Fatal(err)
	}
	lists := make(map[string]diag.List)
	for _, pkg := range pkgs {
		for _, w := range pkg.Workflows {
			list := check.Workflow(w.Spec)
			if !list.HasErrors() {
				_, found := lower.Machine(w.Spec)
				list = append(list, found...)
			}
			lists[filepath.Base(pkg.Path)] = append(lists[filepath.Base(pkg.Path)], list...)
		}
	}
	return lists
}

func describe(list diag.List) string {
	var b strings.Builder
	place := func(p diag.Position) string { return fmt.Sprintf("%s:%d", filepath.Base(p.File), p.Line) }
	for _, d := range list {
		fmt.Fprintf(&b, "%s: %s %s: %s\n", place(d.Pos), strings.ToLower(d.Severity.String()), d.Code, d.Message)
		for _, r := range d.Related {
			fmt.Fprintf(&b, "\t%s: %s\n", place(r.Pos), r.Message)
		}
		fmt.Fprintf(&b, "\tfix: %s\n", d.Fix)
	}
	return b.String()
}
