package compiler_test

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/load"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/txtar"
)

// A program is an archive with a file flow.go, which is laid over a folder that
// does not exist, and with what is made of it.
type program struct {
	name, file string
	archive    *txtar.Archive
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

// all are the programs of testdata, with what Go's type checker says of them and
// with their traced workflows, by folder and name: "golden/loops". One call of
// the go command does for all tests.
var all = sync.OnceValues(func() (*loaded, error) {
	l := &loaded{said: make(map[string]string), traced: make(map[string][]*load.Workflow)}
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte)
	var patterns []string
	for _, folder := range []string{"golden", "wrong"} {
		archives, err := filepath.Glob("testdata/" + folder + "/*.txtar")
		if err != nil {
			return nil, err
		}
		for _, file := range archives {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				return nil, err
			}
			p := &program{folder + "/" + strings.TrimSuffix(filepath.Base(file), ".txtar"), file, archive}
			l.programs = append(l.programs, p)
			files[filepath.Join(here, p.name, "flow.go")] = p.section("flow.go").Data
			patterns = append(patterns, "./"+p.name)
		}
	}
	if err := l.typeCheck(patterns, files); err != nil {
		return nil, err
	}
	patterns = slices.DeleteFunc(patterns, func(pattern string) bool { return l.said[pattern[2:]] != "" })
	return l, l.evaluate(patterns, files)
})

type loaded struct {
	programs []*program
	said     map[string]string
	traced   map[string][]*load.Workflow
}

func (l *loaded) typeCheck(patterns []string, files map[string][]byte) error {
	found, err := packages.Load(&packages.Config{
		Mode:    packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedTypes | packages.NeedSyntax,
		Overlay: files,
	}, patterns...)
	for _, p := range found {
		for _, e := range p.Errors {
			if e.Kind != packages.TypeError {
				continue // go list tells the same once more
			}
			place := strings.Split(e.Pos, ":")
			message := declared.ReplaceAllString(strings.ReplaceAll(e.Msg, "github.com/stepsmith-dev/stepsmith/", ""), "")
			l.said[folderOf(p.PkgPath)] += fmt.Sprintf("flow.go:%s: %s\n", place[1], message)
		}
	}
	return err
}

func (l *loaded) evaluate(patterns []string, files map[string][]byte) error {
	loader := &load.Loader{Overlay: files}
	pkgs, err := loader.Packages(context.Background(), patterns...)
	if err != nil {
		return err
	}
	for _, pkg := range pkgs {
		l.traced[folderOf(pkg.Path)] = pkg.Workflows
	}
	return loader.Evaluate(context.Background(), pkgs...)
}

func folderOf(pkg string) string { return path.Base(path.Dir(pkg)) + "/" + path.Base(pkg) }

// declared is what Go says of places in our own files.
var declared = regexp.MustCompile(` \(declared at [^)]*\)`)

// programs returns the programs of a folder.
func programs(t *testing.T, folder string) ([]*program, *loaded) {
	t.Helper()
	l, err := all()
	if err != nil {
		t.Fatal(err)
	}
	var list []*program
	for _, p := range l.programs {
		if strings.HasPrefix(p.name, folder+"/") {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		t.Fatalf("no programs in testdata/%s", folder)
	}
	return list, l
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
