package codegen_test

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/codegen"
	"github.com/stepsmith-dev/stepsmith/compiler/load"
	"golang.org/x/tools/txtar"
)

// TestGenerate generates for the modules in testdata and compares the files with
// those below "want" in the archives; then it runs the archives' tests, which use
// them. Before that, it builds what the types alone give.
func TestGenerate(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			dir := module(t, archive)
			pkg := loadOne(t, dir, pattern(archive))
			alone := codegen.Package{Source: pkg.Source}
			for _, w := range pkg.Workflows {
				alone.Workflows = append(alone.Workflows, codegen.Workflow{Variable: w.Name})
			}
			files, list := codegen.Generate(alone)
			if !list.HasErrors() {
				write(t, files)
				run(t, dir, "build", "./...")
			}
			l := load.Loader{Dir: dir}
			if err := l.Evaluate(t.Context(), pkg); err != nil {
				t.Fatal(err)
			}
			whole := codegen.Package{Source: pkg.Source}
			for _, w := range pkg.Workflows {
				whole.Workflows = append(whole.Workflows, codegen.Workflow{
					Variable: w.Name, Spec: w.Spec, File: strings.ToLower(w.Name) + ".asl.json", ASL: []byte("{}\n"),
				})
			}
			files, list = codegen.Generate(whole)
			got := make(map[string]string)
			for _, f := range files {
				got["want"+strings.TrimPrefix(f.Name, dir)] = string(f.Content)
			}
			for _, d := range list {
				d.Pos.File = strings.TrimPrefix(d.Pos.File, dir+"/")
				got["want/diagnostics"] += d.Pos.String() + ": " + d.Code + ": " + d.Message + "\n\t" + d.Fix + "\n"
			}
			golden(t, name, archive, got)
			write(t, files)
			switch {
			case list.HasErrors():
			case hasTests(archive):
				run(t, dir, "test", "./...")
			default:
				run(t, dir, "vet", "./...")
			}
			again, _ := codegen.Generate(whole)
			if d := cmp.Diff(files, again); d != "" {
				t.Errorf("the second time is different:\n%s", d)
			}
		})
	}
}

func hasTests(archive *txtar.Archive) bool {
	return slices.ContainsFunc(archive.Files, func(f txtar.File) bool { return strings.HasSuffix(f.Name, "_test.go") })
}

func pattern(archive *txtar.Archive) string {
	if _, pattern, ok := strings.Cut(string(archive.Comment), "\npatterns: "); ok {
		return strings.TrimSpace(pattern)
	}
	return "."
}

// module writes the archive's module to a folder, with what it needs to use this one.
func module(t *testing.T, archive *txtar.Archive) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	const name = "github.com/stepsmith-dev/stepsmith"
	mod = append(bytes.Replace(mod, []byte("module "+name), []byte("module example.com/m"), 1),
		"\nrequire "+name+" v0.0.0\n\nreplace "+name+" => "+root+"\n"...)
	files := append([]txtar.File{{Name: "go.mod", Data: mod}, {Name: "go.sum", Data: sum}}, archive.Files...)
	for _, f := range files {
		if strings.HasPrefix(f.Name, "want/") {
			continue
		}
		writeFile(t, filepath.Join(dir, filepath.FromSlash(f.Name)), f.Data)
	}
	return dir
}

func loadOne(t *testing.T, dir, pattern string) *load.Package {
	t.Helper()
	l := load.Loader{Dir: dir}
	pkgs, err := l.Types(t.Context(), pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(pkgs) != 1 {
		t.Fatalf("%d packages", len(pkgs))
	}
	return pkgs[0]
}

func write(t *testing.T, files []codegen.File) {
	t.Helper()
	for _, f := range files {
		writeFile(t, f.Name, f.Content)
	}
}

func writeFile(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o666); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// golden compares files with those below "want" in the archive; with
// STEPSMITH_UPDATE=1 it puts them there instead.
func golden(t *testing.T, name string, archive *txtar.Archive, got map[string]string) {
	t.Helper()
	want := make(map[string]string)
	var others []txtar.File
	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, "want/") {
			want[f.Name] = string(f.Data)
		} else {
			others = append(others, f)
		}
	}
	if os.Getenv("STEPSMITH_UPDATE") == "1" {
		for _, file := range slices.Sorted(maps.Keys(got)) {
			others = append(others, txtar.File{Name: file, Data: []byte(got[file])})
		}
		archive.Files = others
		writeFile(t, name, txtar.Format(archive))
		return
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
