package load_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/load"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/txtar"
)

// TestFingerprints changes a module step by step: what concerns a package changes
// its fingerprint, and nothing else does.
func TestFingerprints(t *testing.T) {
	t.Parallel()
	dir := extract(t, txtar.Parse([]byte(`
-- go.mod --
module example.com/m

go 1.26

require example.com/lib v0.0.0

replace example.com/lib => ./lib
-- lib/go.mod --
module example.com/lib

go 1.26
-- lib/lib.go --
package lib
-- a/a.go --
package a

import (
	_ "embed"

	"example.com/lib"
	_ "example.com/m/a/made"
	_ "example.com/m/b"
)

//go:embed text.txt
var Text string

var _ = lib.X
-- a/special.go --
//go:build special

package a
-- a/text.txt --
text
-- a/a_test.go --
package a
-- a/made/made.go --
package made
-- b/b.go --
package b
-- c/c.go --
package c
`)))
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("lib/lib.go", "package lib\n\nvar X int\n")
	l := &load.Loader{Dir: dir}
	sums := func() map[string]string {
		t.Helper()
		ignore := func(f load.Fingerprint) []string { return []string{filepath.Join(f.Dir, "made")} }
		prints, err := l.Fingerprints(t.Context(), ignore, "./a", "./b", "./c")
		if err != nil {
			t.Fatal(err)
		}
		of := make(map[string]string)
		for _, f := range prints {
			if f.Name != filepath.Base(f.Path) || f.Dir != filepath.Join(dir, f.Name) {
				t.Errorf("fingerprint %+v", f)
			}
			of[f.Name] = f.Sum
		}
		return of
	}
	before := sums()
	for _, step := range []struct {
		what, changed string
		change        func()
	}{
		{"nothing", "", func() {}},
		{"a file", "a", func() {
			write("a/a.go", "package a\n\nimport (\n\t_ \"embed\"\n\t_ \"example.com/lib\"\n\t_ \"example.com/m/a/made\"\n\t_ \"example.com/m/b\"\n)\n\n//go:embed text.txt\nvar Text string\n")
		}},
		{"a dependency", "ab", func() { write("b/b.go", "package b // changed\n") }},
		{"a replaced module", "a", func() { write("lib/lib.go", "package lib // changed\n") }},
		{"an embedded file", "a", func() { write("a/text.txt", "other") }},
		{"what is made", "", func() { write("a/made/made.go", "package made // again\n") }},
		{"a test", "", func() { write("a/a_test.go", "package a // changed\n") }},
		{"a file with another tag", "", func() { write("a/special.go", "//go:build special\n\npackage a // changed\n") }},
		{"flags", "abc", func() { l.Flags = []string{"-tags=special"} }},
		{"a file with this tag", "a", func() { write("a/special.go", "//go:build special\n\npackage a\n") }},
		{"go.mod", "abc", func() {
			write("go.mod", "module example.com/m\n\ngo 1.26\n\n// changed\n\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ./lib\n")
		}},
	} {
		step.change()
		after := sums()
		changed := ""
		for _, name := range []string{"a", "b", "c"} {
			if after[name] != before[name] {
				changed += name
			}
		}
		if changed != step.changed {
			t.Errorf("%s changed the fingerprints of %q, want %q", step.what, changed, step.changed)
		}
		before = after
	}
	write("a/a.go", "package a\n\nimport _ \"example.com/m/nowhere\"\n")
	if prints, err := l.Fingerprints(t.Context(), func(load.Fingerprint) []string { return nil }, "./a"); err == nil {
		t.Errorf("fingerprints %v of a package whose import is missing", prints)
	}
}

// BenchmarkFingerprints is what a run of generate costs that has nothing to do,
// beside go list alone and beside loading the types.
func BenchmarkFingerprints(b *testing.B) {
	l := &load.Loader{Dir: "../../examples"}
	b.Run("fingerprints", func(b *testing.B) {
		for b.Loop() {
			if _, err := l.Fingerprints(b.Context(), func(load.Fingerprint) []string { return nil }, "./..."); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			if _, err := packages.Load(&packages.Config{Context: b.Context(), Dir: l.Dir, Mode: packages.NeedName | packages.NeedImports | packages.NeedDeps}, "./..."); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("types", func(b *testing.B) {
		for b.Loop() {
			if _, err := l.Types(b.Context(), "./..."); err != nil {
				b.Fatal(err)
			}
		}
	})
}
