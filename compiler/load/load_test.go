package load_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/load"
	"golang.org/x/tools/txtar"
)

// TestLoad loads and evaluates the modules in testdata and compares what came
// out with the archives' file "want". The lines of an archive's comment set
// "patterns", "flags" and "before", which is a go command to run first.
func TestLoad(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, file := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir := extract(t, archive)
			before := listing(t, dir)
			got := loadAll(t, dir, settings(archive))
			golden(t, file, archive, got)
			if diff := cmp.Diff(before, listing(t, dir)); diff != "" {
				t.Errorf("the user's tree changed (-before +after):\n%s", diff)
			}
		})
	}
}

func settings(archive *txtar.Archive) map[string][]string {
	set := make(map[string][]string)
	for line := range strings.Lines(string(archive.Comment)) {
		if key, value, ok := strings.Cut(line, ": "); ok {
			set[key] = strings.Fields(value)
		}
	}
	return set
}

// loadAll describes what the loader makes of the module.
func loadAll(t *testing.T, dir string, set map[string][]string) string {
	if args := set["before"]; args != nil {
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, out)
		}
	}
	var printed, out bytes.Buffer
	l := &load.Loader{Dir: dir, Flags: set["flags"], Stderr: &printed}
	pkgs, err := l.Packages(t.Context(), set["patterns"]...)
	if err == nil {
		err = l.Evaluate(t.Context(), pkgs...)
	}
	for _, p := range pkgs {
		describe(&out, p)
	}
	fmt.Fprintf(&out, "%s", printed.String())
	if err != nil {
		var crash *load.CrashError
		var build *load.BuildError
		fmt.Fprintf(&out, "error, build %t, crash %t:\n%v\n", errors.As(err, &build), errors.As(err, &crash), err)
	}
	return strings.ReplaceAll(out.String(), dir+string(filepath.Separator), "")
}

func describe(out *bytes.Buffer, p *load.Package) {
	fmt.Fprintf(out, "package %s %s\n", p.Name, p.Path)
	for _, w := range p.Workflows {
		fmt.Fprintf(out, "  workflow %s %s", w.Name, w.Pos)
		if w.Spec == nil {
			fmt.Fprintln(out, ", not evaluated")
			continue
		}
		fmt.Fprintf(out, " %q %s %s: %s\n", w.Spec.Name, w.Spec.Kind, w.Spec.Pos, w.Spec.Doc)
		for _, task := range w.Spec.Tasks {
			fmt.Fprintf(out, "    task %s %s: %s\n", task.Name, task.Pos, task.Doc)
		}
		for _, problem := range w.Spec.Problems {
			fmt.Fprintf(out, "    problem %s %s: %s\n", problem.Code, problem.Pos, problem.Message)
		}
	}
	for _, h := range p.Handlers {
		fmt.Fprintf(out, "  handlers %s %s: %s\n", h.Name, h.Pos, h.Doc)
	}
}

// extract writes the archive's module to a folder. STEPSMITH in a go.mod stands
// for the folder of this module.
func extract(t *testing.T, archive *txtar.Archive) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		if f.Name == "want" {
			continue
		}
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, bytes.ReplaceAll(f.Data, []byte("STEPSMITH"), []byte(root)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// listing returns the names of the files in dir, except for the vendor folder.
func listing(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if d.Name() == "vendor" {
			return filepath.SkipDir
		}
		names = append(names, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// golden compares got with the archive's file "want"; with STEPSMITH_UPDATE=1 it
// writes it instead.
func golden(t *testing.T, file string, archive *txtar.Archive, got string) {
	t.Helper()
	last := len(archive.Files) - 1
	if os.Getenv("STEPSMITH_UPDATE") == "1" {
		if archive.Files[last].Name != "want" {
			archive.Files = append(archive.Files, txtar.File{Name: "want"})
			last++
		}
		archive.Files[last].Data = []byte(got)
		if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(archive.Files[last].Data), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
