package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler"
	"github.com/stepsmith-dev/stepsmith/compiler/analyzer"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/load"
	"golang.org/x/tools/go/packages"
)

// split tells the files among the arguments from the package patterns. Without
// any argument the pattern is the current folder.
func split(args []string) (patterns, files []string) {
	for _, arg := range args {
		switch strings.ToLower(filepath.Ext(arg)) {
		case ".json", ".yaml", ".yml":
			files = append(files, arg)
		default:
			patterns = append(patterns, arg)
		}
	}
	if len(args) == 0 {
		patterns = []string{"."}
	}
	return patterns, files
}

// newLoader loads packages from the current folder.
func newLoader(tags string, prints io.Writer) *load.Loader {
	l := &load.Loader{Stderr: prints}
	if tags != "" {
		l.Flags = []string{"-tags=" + tags}
	}
	return l
}

// A compiled is a workflow of a package with what the compiler made of it.
type compiled struct {
	pkg      *load.Package
	workflow *load.Workflow
	program  *compiler.Program // nil when there were errors
	file     string            // of its definition
}

// compilePackages loads, checks and compiles all workflows that the patterns
// match. Mistakes in them are in the list; the error is a *load.BuildError when
// the packages do not compile as Go.
func compilePackages(ctx context.Context, l *load.Loader, patterns []string) ([]compiled, diag.List, error) {
	pkgs, err := l.Packages(ctx, patterns...)
	if err != nil {
		return nil, nil, err
	}
	list, err := load.Diagnostics(l.Evaluate(ctx, pkgs...))
	if err != nil {
		return nil, nil, err
	}
	all, found := compileWorkflows(pkgs)
	list = withSource(append(list, found...), pkgs)
	if len(all) == 0 && len(list) == 0 {
		return nil, nil, fmt.Errorf("no workflows in %s: a workflow is a package-level variable made by dsl.Standard or dsl.Express",
			strings.Join(patterns, " "))
	}
	return all, list, nil
}

// withSource adds what the source of the packages shows, and sorts the list. What
// the trace found too is left out: the source has the column.
func withSource(list diag.List, pkgs []*load.Package) diag.List {
	type place struct {
		code, file string
		line       int
	}
	at := func(d diag.Diagnostic) place { return place{d.Code, d.Pos.File, d.Pos.Line} }
	var sources []*packages.Package
	for _, p := range pkgs {
		sources = append(sources, p.Source)
	}
	found := analyzer.Check(sources)
	known := make(map[place]bool)
	for _, d := range found {
		known[at(d)] = true
	}
	list = slices.DeleteFunc(list, func(d diag.Diagnostic) bool { return known[at(d)] })
	list = append(list, found...)
	list.Sort()
	return list
}

// compileWorkflows compiles the workflows that were evaluated.
func compileWorkflows(pkgs []*load.Package) ([]compiled, diag.List) {
	var all []compiled
	var list diag.List
	owner := make(map[string]*load.Workflow) // of a file
	for _, p := range pkgs {
		for _, w := range p.Workflows {
			if w.Spec == nil {
				continue
			}
			c := compiled{pkg: p, workflow: w, file: definitionFile(p, w)}
			if other := owner[c.file]; other != nil {
				list = append(list, sameFile(w, other, c.file))
			}
			owner[c.file] = w
			var found diag.List
			c.program, found = compiler.Compile(w.Spec)
			list = append(list, found...)
			all = append(all, c)
		}
	}
	return all, list
}

// definitionFile is where the definition of a workflow is written: beside its
// package, named after the workflow.
func definitionFile(p *load.Package, w *load.Workflow) string {
	name := fileName(w.Spec.Name)
	if name == "" {
		name = fileName(w.Name)
	}
	return filepath.Join(p.Dir, name+aslEnding)
}

func sameFile(w, other *load.Workflow, file string) diag.Diagnostic {
	return diag.Diagnostic{
		Code: "DUPLICATE_WORKFLOW", Pos: diag.Position{File: w.Pos.File, Line: w.Pos.Line},
		Message: fmt.Sprintf("the workflows %q and %q of this package would both be written to %s", other.Spec.Name, w.Spec.Name, filepath.Base(file)),
		Fix:     "give one of them another name",
		Related: []diag.Related{{Message: "the other one", Pos: diag.Position{File: other.Pos.File, Line: other.Pos.Line}}},
	}
}

// write writes the definition and the source map, and returns the names of the
// files that changed.
func (c compiled) write() ([]string, error) {
	sourceMap, err := c.program.SourceMap.Encode(c.pkg.Dir)
	if err != nil {
		return nil, err
	}
	var changed []string
	for _, f := range []struct {
		name    string
		content []byte
	}{
		{c.file, c.program.ASL},
		{strings.TrimSuffix(c.file, aslEnding) + mapEnding, sourceMap},
	} {
		wrote, err := writeChanged(f.name, f.content)
		if err != nil {
			return changed, err
		}
		if wrote {
			changed = append(changed, f.name)
		}
	}
	return changed, nil
}

// important leaves the hints out, which are vet's to give.
func important(list diag.List) diag.List {
	return slices.DeleteFunc(slices.Clone(list), func(d diag.Diagnostic) bool { return d.Severity == diag.Hint })
}

// explain prints diagnostics for people.
func explain(w io.Writer, list diag.List) error {
	shown := make(diag.List, len(list))
	for i, d := range list {
		shown[i] = caret(named(d))
	}
	return diag.Text{Source: source, Color: colours(w)}.Write(w, shown)
}

// named names the files of a diagnostic as the user would.
func named(d diag.Diagnostic) diag.Diagnostic {
	d.Pos.File = relative(d.Pos.File)
	related := make([]diag.Related, len(d.Related))
	for i, r := range d.Related {
		r.Pos.File = relative(r.Pos.File)
		related[i] = r
	}
	d.Related = related
	return d
}

// caret gives a position that is a whole line the column of the line's text. The
// DSL knows the lines of its calls, but no columns.
func caret(d diag.Diagnostic) diag.Diagnostic {
	if !d.Pos.IsValid() || d.Pos.Column > 0 {
		return d
	}
	if line, ok := lineOf(source(d.Pos.File), d.Pos.Line); ok {
		d.Pos.Column = len(line) - len(strings.TrimLeft(line, " \t")) + 1
	}
	return d
}

// source reads a file for an excerpt; one that cannot be read has none.
func source(file string) []byte {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	return text
}

func lineOf(text []byte, number int) (string, bool) {
	for line := range strings.Lines(string(text)) {
		if number--; number == 0 {
			return line, true
		}
	}
	return "", false
}

// reportBuild prints what go build said, if that is the error, and hints.
func reportBuild(w io.Writer, err error) error {
	var build *load.BuildError
	if !errors.As(err, &build) {
		return err
	}
	if _, err := io.WriteString(w, build.Output); err != nil {
		return err
	}
	if err := writeHints(w, build.Output); err != nil {
		return err
	}
	return errReported
}
