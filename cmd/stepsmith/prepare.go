package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/compiler"
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/load"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// prepareFile makes a definition ready to be executed.
func prepareFile(cmd *cobra.Command, file string, kind machineType) (*execution, error) {
	list, err := validate(file, kind)
	if err != nil {
		return nil, err
	}
	if err := explain(cmd.ErrOrStderr(), important(list)); err != nil {
		return nil, err
	}
	if list.HasErrors() {
		return nil, errReported
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	document, _ := asl.Decode(text, file)
	if list := document.Unresolved(); len(list) > 0 {
		if err := explain(cmd.ErrOrStderr(), list); err != nil {
			return nil, err
		}
		return nil, errReported
	}
	machine, list := graph.Compile(&document.Machine)
	if err := list.Err(); err != nil {
		return nil, err
	}
	x := &execution{
		name: strings.TrimSuffix(filepath.Base(file), aslEnding), definition: string(text), express: kind.of(file) == asl.Express, graph: machine,
		handlers: make(task.Handlers), where: func(string) string { return "" }, close: func() error { return nil },
	}
	if m := readSourceMap(file); m != nil {
		x.name, x.where = m.Name, lines(m)
	}
	return x, nil
}

// preparePackage compiles a workflow of a package and writes its definition,
// and starts the program that has the package's handlers. A crash of that
// program ends the execution through fail. The execution may be nil or, with an
// error, not complete.
func preparePackage(ctx context.Context, cmd *cobra.Command, args []string, f runFlags, prints *output, fail context.CancelCauseFunc) (*execution, error) {
	loader := newLoader(f.tags, prints)
	pkg, err := onePackage(ctx, loader, args[0])
	if err != nil {
		return nil, err
	}
	program, err := loader.Start(ctx, pkg)
	if err != nil {
		return nil, reportMistakes(cmd, err)
	}
	x := &execution{close: program.Close}
	if err := reportMistakes(cmd, program.Evaluate(ctx)); err != nil {
		return x, err
	}
	w, err := choose(cmd, pkg, args[1:])
	if err != nil {
		return x, err
	}
	c, err := compileOne(cmd, pkg, w)
	if err != nil {
		return x, err
	}
	x.name, x.express, x.where = w.Spec.Name, w.Spec.Kind == spec.Express, lines(c.program.SourceMap)
	x.in, x.out = w.Spec.Input, w.Spec.Output
	x.definition = string(c.program.ASL)
	if x.graph, err = c.program.Graph(); err != nil {
		return x, err
	}
	x.others, x.children = machines(pkg)
	x.handlers, err = packageHandlers(ctx, program, pkg, f.handlers, fail)
	return x, err
}

// machines compiles the workflows of a package for those that start them. One
// with mistakes is left out: it cannot be started.
func machines(pkg *load.Package) (map[string]express.Machine, []runtime.Definition) {
	all := make(map[string]express.Machine)
	var definitions []runtime.Definition
	for _, w := range pkg.Workflows {
		program, _ := compiler.Compile(w.Spec)
		if program == nil {
			continue
		}
		if machine, err := program.Graph(); err == nil {
			all[w.Spec.Name] = express.Machine{Graph: machine, Standard: w.Spec.Kind == spec.Standard}
			definitions = append(definitions, runtime.Definition{Name: w.Spec.Name, Type: runtime.Type(w.Spec.Kind), ASL: string(program.ASL)})
		}
	}
	return all, definitions
}

// reportMistakes prints what is wrong with the user's code.
func reportMistakes(cmd *cobra.Command, err error) error {
	var build *load.BuildError
	if errors.As(err, &build) {
		return err
	}
	list, err := load.Diagnostics(err)
	if err != nil || len(list) == 0 {
		return err
	}
	if err := explain(cmd.ErrOrStderr(), list); err != nil {
		return err
	}
	return errReported
}

// onePackage loads the package of run, which must have workflows.
func onePackage(ctx context.Context, l *load.Loader, pattern string) (*load.Package, error) {
	pkgs, err := l.Packages(ctx, pattern)
	if err != nil {
		return nil, err
	}
	pkgs = slices.DeleteFunc(pkgs, func(p *load.Package) bool { return len(p.Workflows) == 0 })
	switch len(pkgs) {
	case 0:
		return nil, fmt.Errorf("no workflows in %s: a workflow is a package-level variable made by dsl.Standard or dsl.Express", pattern)
	case 1:
		return pkgs[0], nil
	}
	var names []string
	for _, p := range pkgs {
		name := p.Path
		if dir := relative(p.Dir); !filepath.IsAbs(dir) {
			name = "./" + filepath.ToSlash(dir)
		}
		names = append(names, name)
	}
	return nil, fmt.Errorf("%s matches %d packages with workflows; name one of %s", pattern, len(pkgs), strings.Join(names, ", "))
}

// choose finds the workflow by its name or by that of its variable.
func choose(cmd *cobra.Command, pkg *load.Package, args []string) (*load.Workflow, error) {
	var names []string
	for _, w := range pkg.Workflows {
		if len(args) > 0 && (w.Name == args[0] || w.Spec.Name == args[0]) {
			return w, nil
		}
		names = append(names, w.Name)
	}
	switch {
	case len(args) > 0:
		return nil, usage(cmd, "no workflow %q in package %s; it has %s", args[0], pkg.Path, strings.Join(names, ", "))
	case len(names) > 1:
		return nil, usage(cmd, "package %s has several workflows; name one of %s", pkg.Path, strings.Join(names, ", "))
	}
	return pkg.Workflows[0], nil
}

// compileOne compiles the workflow, prints what is to be said about it and
// writes its definition.
func compileOne(cmd *cobra.Command, pkg *load.Package, w *load.Workflow) (compiled, error) {
	c := compiled{pkg: pkg, workflow: w, file: definitionFile(pkg, w)}
	var list diag.List
	c.program, list = compiler.Compile(w.Spec)
	list = withSource(list, []*load.Package{pkg})
	if err := explain(cmd.ErrOrStderr(), important(list)); err != nil {
		return c, err
	}
	if list.HasErrors() {
		return c, errReported
	}
	changed, err := c.write()
	for _, name := range changed {
		fmt.Fprintln(cmd.ErrOrStderr(), "wrote", relative(name))
	}
	return c, err
}

// lines tells the Go lines of states.
func lines(m *compiler.SourceMap) func(state string) string {
	return func(state string) string {
		pos, ok := m.States[state]
		if !ok {
			return ""
		}
		pos.File = relative(pos.File)
		return pos.String()
	}
}
