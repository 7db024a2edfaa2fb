package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"unicode"

	"github.com/spf13/cobra"
)

// replayTest is the test that --emit-test writes.
var replayTest = template.Must(template.New("").Parse(`package {{.Package}}

import (
	"testing"

	"github.com/stepsmith-dev/stepsmith/runtime/replay"
)

// {{.Test}} replays a recorded execution.
func {{.Test}}(t *testing.T) {
	report, err := replay.Files({{printf "%q" .Definition}}, {{printf "%q" .History}}, replay.Options{ {{- .Options -}} })
	if err != nil {
		t.Fatal(err)
	}
{{- if .Edit}}
	if verdict := report.Verdict(); verdict != replay.Saved {
		t.Errorf("the execution would end otherwise: %s\n%v", verdict, report.Difference)
	}
{{- else}}
	if report.Difference != nil {
		t.Error(report.Difference)
	}
{{- end}}
}
`))

// emitReplayTest writes a test beside a copy of the history.
func emitReplayTest(cmd *cobra.Command, f replayFlags, recorded []byte) error {
	base, ok := strings.CutSuffix(filepath.Base(f.test), "_test.go")
	if !ok || base == "" {
		return usage(cmd, "--emit-test %s: the name of a test ends in _test.go", f.test)
	}
	if len(f.tasks) > 0 || f.input != "" {
		return errors.New("--emit-test cannot keep --task and --input: leave them out")
	}
	dir := filepath.Dir(f.test)
	copied := filepath.Join("testdata", base+".history.json")
	if err := os.MkdirAll(filepath.Join(dir, "testdata"), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, copied), recorded, 0o644); err != nil {
		return err
	}
	definition := f.definition
	if f.edit != "" {
		definition = f.edit
	}
	fromTest, err := fromFolder(dir, definition)
	if err != nil {
		return err
	}
	var options []string
	if strings.EqualFold(f.kind, "express") {
		options = append(options, "Express: true")
	}
	if f.execution != "" {
		options = append(options, fmt.Sprintf("ExecutionARN: %q", f.execution))
	}
	var text bytes.Buffer
	err = replayTest.Execute(&text, struct {
		Package, Test, Definition, History, Options string
		Edit                                        bool
	}{
		goPackage(dir), "TestReplay" + exported(base), filepath.ToSlash(fromTest), filepath.ToSlash(copied),
		strings.Join(options, ", "), f.edit != "",
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(f.test, text.Bytes(), 0o644); err != nil {
		return err
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "wrote", f.test, "and", filepath.Join(dir, copied))
	return nil
}

// fromFolder names a file as seen from a folder.
func fromFolder(dir, file string) (string, error) {
	from, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	to, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	return filepath.Rel(from, to)
}

// goPackage returns the name of the package of a folder for an external test.
func goPackage(dir string) string {
	files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		if f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly); err == nil {
			return f.Name.Name + "_test"
		}
	}
	return "replay_test"
}

// exported turns the name of a file into the end of a test's name.
func exported(name string) string {
	var b strings.Builder
	upper := true
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			upper = true
			continue
		}
		if upper {
			r = unicode.ToUpper(r)
		}
		upper = false
		b.WriteRune(r)
	}
	return b.String()
}
