package analyzer_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/analyzer"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/packages"
)

// TestAnalyzer compares what is found in the packages in testdata with the
// comments "want" in them.
func TestAnalyzer(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("testdata/*")
	if err != nil || len(folders) == 0 {
		t.Fatal("no packages", err)
	}
	var patterns []string
	for _, f := range folders {
		patterns = append(patterns, "./compiler/analyzer/"+filepath.ToSlash(f))
	}
	analysistest.Run(t, "../..", analyzer.Analyzer, patterns...)
}

// TestCheck looks at the parts of a diagnostic that go/analysis does not have.
func TestCheck(t *testing.T) {
	t.Parallel()
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax}, "./testdata/enum", "./testdata/unused", "..")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range analyzer.Check(pkgs)[4:8] {
		d.Pos.File = filepath.Base(d.Pos.File)
		got = append(got, strings.Join([]string{d.String(), d.Fix}, " / "))
	}
	want := []string{
		`enum.go:30:20: error[UNKNOWN_ENUM_VALUE]: "MAYBE" is none of the constants of type Status / use one of Open, Paid`,
		`enum.go:34:25: error[UNKNOWN_ENUM_VALUE]: "GONE" is none of the constants of type Status / use one of Open, Paid`,
		`unused.go:13:2: error[UNUSED_RESULT]: Retry changes nothing: it returns a changed copy / use what it returns`,
		`unused.go:17:2: error[OPEN_SWITCH]: this Switch has no Default, so it has no value when no case holds / end it with Default; use dsl.If for a choice without a value`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
