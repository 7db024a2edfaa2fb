package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/compiler/codegen"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/load"
)

type generateFlags struct {
	tags   string
	check  bool
	shapes []string
}

func generateCommand() *cobra.Command {
	var f generateFlags
	cmd := &cobra.Command{
		Use:   "generate [PACKAGES]",
		Short: "Write the Go packages through which programs use workflows",
		Long: `Generate writes, for each Go package of workflows, two packages in folders
beside its files. For the package orders:

  orderstask  for those who do the tasks: plain structs, a function type for
              each task, error types. It links no engine.
  ordersflow  for those who run the workflows: a typed handle for each, with its
              definition, and a stub of the tasks for tests.

Packages are named as for go build; the default is the current folder. A package
that does not compile because generated code is missing or old is no obstacle.
Files that would not change are not touched, and packages that have not changed
since the last time are not compiled.

A symbolic struct stands for a plain one that is there already when its doc
comment has the line //stepsmith:type PKG.Type; --shapes writes such structs.

To have it run by go generate, write one of these lines in the package:

  //go:generate go tool -modfile=../tools.mod stepsmith generate
  //go:generate go run github.com/stepsmith-dev/stepsmith/cmd/stepsmith@VERSION generate`,
		Example: `  stepsmith generate ./...
  stepsmith generate --check ./...
  stepsmith generate --shapes example.com/shop/model.Address,example.com/shop/model.Customer`,
		RunE: func(cmd *cobra.Command, args []string) error { return generate(cmd, args, f) },
	}
	cmd.Flags().StringVar(&f.tags, "tags", "", "build tags, as for go build")
	cmd.Flags().BoolVar(&f.check, "check", false, "write nothing; show what would change and fail if there is any")
	cmd.Flags().StringSliceVar(&f.shapes, "shapes", nil, "write the symbolic twins of these plain structs, PKG.Type, into the current package")
	return cmd
}

var errNoWorkflows = errors.New("no workflows")

func generate(cmd *cobra.Command, args []string, f generateFlags) error {
	if len(args) == 0 {
		args = []string{"."}
	}
	loader := newLoader(f.tags, cmd.ErrOrStderr())
	if len(f.shapes) > 0 {
		return shapes(cmd, args, loader, f)
	}
	past := new(memory)
	if !f.check {
		past = remember(cmd.Context(), loader, args)
		if args = past.changed(args); len(args) == 0 {
			return nil
		}
	}
	files, list, err := generated(cmd.Context(), loader, args)
	if err != nil && !(past.made && errors.Is(err, errNoWorkflows)) { // the unchanged packages have some
		return reportBuild(cmd.ErrOrStderr(), err)
	}
	if err := explain(cmd.ErrOrStderr(), important(list)); err != nil {
		return err
	}
	switch {
	case list.HasErrors():
		return errReported
	case f.check:
		return checkGenerated(cmd, files)
	}
	if err := writeGenerated(cmd, files); err != nil || len(important(list)) > 0 {
		return err // warnings are to be given again
	}
	past.keep(files)
	return nil
}

// A generation is what is generated for a package.
type generation struct {
	pkg   *load.Package // nil where there is nothing but the files
	files []codegen.File
}

// stale returns the names of the files in the folders of the generated packages
// that are generated no longer.
func (g generation) stale() []string {
	if g.pkg == nil {
		return nil
	}
	return slices.DeleteFunc(generatedFiles(g.pkg.Dir, g.pkg.Name, g.pkg.Path), func(name string) bool {
		return slices.ContainsFunc(g.files, func(f codegen.File) bool { return f.Name == name })
	})
}

// generatedFiles returns the names of the files that were generated for the
// package that is in a folder.
func generatedFiles(dir, name, path string) []string {
	var names []string
	for _, dir := range codegen.Dirs(dir, name, path) {
		found, _ := filepath.Glob(filepath.Join(dir, "*"))
		for _, name := range found {
			if strings.HasSuffix(name, aslEnding) || strings.HasSuffix(name, ".go") && bytes.HasPrefix(source(name), []byte(codegen.Header)) {
				names = append(names, name)
			}
		}
	}
	return names
}

// generated generates for the packages that the patterns match, and have
// workflows. Mistakes in them are in the list; the error is a *load.BuildError
// when they do not compile as Go.
func generated(ctx context.Context, l *load.Loader, patterns []string) ([]generation, diag.List, error) {
	pkgs, list, verify, err := evaluated(ctx, l, patterns)
	if err != nil {
		return nil, nil, err
	}
	all, found := compileWorkflows(pkgs)
	list = append(list, found...)
	list = withSource(list, pkgs)
	if len(all) == 0 && len(list) == 0 {
		return nil, nil, fmt.Errorf("%w in %s: a workflow is a package-level variable made by dsl.Standard or dsl.Express",
			errNoWorkflows, strings.Join(patterns, " "))
	}
	if list.HasErrors() {
		return nil, list, nil
	}
	var files []generation
	for _, p := range pkgs {
		in := codegen.Package{Source: p.Source}
		for _, c := range all {
			if c.pkg == p {
				in.Workflows = append(in.Workflows, codegen.Workflow{
					Variable: c.workflow.Name, Spec: c.workflow.Spec, File: filepath.Base(c.file), ASL: c.program.ASL,
				})
			}
		}
		if len(in.Workflows) == 0 {
			continue
		}
		if in.Existing, err = existing(ctx, l, p); err != nil {
			return nil, nil, err
		}
		some, found := codegen.Generate(in)
		files, list = append(files, generation{p, some}), append(list, found...)
	}
	if verify {
		if err := verified(ctx, l, patterns, files); err != nil {
			return nil, nil, err
		}
	}
	list.Sort()
	return files, list, nil
}

func writeGenerated(cmd *cobra.Command, all []generation) error {
	for _, g := range all {
		for _, f := range g.files {
			if err := os.MkdirAll(filepath.Dir(f.Name), 0o777); err != nil {
				return err
			}
			wrote, err := writeChanged(f.Name, f.Content)
			if err != nil {
				return err
			}
			if wrote {
				fmt.Fprintln(cmd.OutOrStdout(), "wrote", relative(f.Name))
			}
		}
		for _, name := range g.stale() {
			if err := os.Remove(name); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), "removed", relative(name))
		}
	}
	return nil
}

// checkGenerated shows how the files differ from what would be written.
func checkGenerated(cmd *cobra.Command, all []generation) error {
	stale := false
	show := func(name string, old, new []byte) error {
		stale = true
		_, err := cmd.OutOrStdout().Write(diff.Diff(relative(name), old, relative(name)+" (generated)", new))
		return err
	}
	for _, g := range all {
		for _, f := range g.files {
			if old := source(f.Name); !bytes.Equal(old, f.Content) {
				if err := show(f.Name, old, f.Content); err != nil {
					return err
				}
			}
		}
		for _, name := range g.stale() {
			if err := show(name, source(name), nil); err != nil {
				return err
			}
		}
	}
	if stale {
		_, err := io.WriteString(cmd.ErrOrStderr(), "stepsmith: the generated code is not up to date: run stepsmith generate\n")
		if err != nil {
			return err
		}
		return errReported
	}
	return nil
}
