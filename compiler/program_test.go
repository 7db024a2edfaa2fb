package compiler_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/load"
	"golang.org/x/tools/txtar"
)

// A program is an archive with a file flow.go, which is laid over a folder that
// does not exist, and with what is made of it.
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

// section returns a file of the archive; nil when there is none.
func (p *program) section(name string) *txtar.File {
	for i := range p.archive.Files {
		if p.archive.Files[i].Name == name {
			return &p.archive.Files[i]
		}
	}
	return nil
}

// golden compares what came out with a section of the archive.
func (p *program) golden(t *testing.T, name, got string) {
	t.Helper()
	s := p.section(name)
	if s == nil {
		p.archive.Files = append(p.archive.Files, txtar.File{Name: name})
		s = &p.archive.Files[len(p.archive.Files)-1]
	}
	if os.Getenv("STEPSMITH_UPDATE") != "" {
		s.Data = []byte(got)
		if err := os.WriteFile(p.file, txtar.Format(p.archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(s.Data), got); diff != "" {
		t.Errorf("%s of %s (-want +got):\n%s", name, p.file, diff)
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

// evaluate traces the workflows of the programs: one build for all of them.
func evaluate(t *testing.T, programs []*program) map[string][]*load.Workflow {
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
	traced := make(map[string][]*load.Workflow)
	for _, pkg := range pkgs {
		traced[filepath.Base(pkg.Path)] = pkg.Workflows
	}
	return traced
}

// describe writes diagnostics with the names of their files alone.
func describe(list diag.List) string {
	var b strings.Builder
	place := func(p diag.Position) string { return fmt.Sprintf("%s:%d", filepath.Base(p.File), p.Line) }
	for _, d := range list {
		fmt.Fprintf(&b, "%s: %s %s: %s\n", place(d.Pos), strings.ToLower(d.Severity.String()), d.Code, d.Message)
		for _, r := range d.Related {
			fmt.Fprintf(&b, "\t%s: %s\n", place(r.Pos), r.Message)
		}
		if d.Fix != "" {
			fmt.Fprintf(&b, "\tfix: %s\n", d.Fix)
		}
	}
	return b.String()
}
