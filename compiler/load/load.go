// Package load finds the workflows in a user's Go packages and evaluates them.
//
// It works in two steps. The types come from go/packages: a workflow is a
// package-level variable whose type has the method Trace of dsl.Tracer, exported
// or not, also in package main; its handlers are variables that implement
// task.Worker. The values come from running the user's code: a virtual file,
// laid over the package with go build's -overlay, hands the variables to package
// [child], which traces the workflows and runs the handlers on demand. Nothing
// is written into the user's tree.
package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
	"golang.org/x/tools/go/packages"
)

// A Loader loads packages. The zero Loader works in the current directory with
// the process's environment and discards what the user's code prints. A Loader
// may be used by several goroutines.
type Loader struct {
	Dir    string    // where patterns are relative to; "" is the current directory
	Env    []string  // environment of the go command and of the user's code; nil is the process's
	Flags  []string  // flags of the go command that say what to build, such as "-tags=integration"
	Stderr io.Writer // what the user's code prints, on standard output too; nil discards it

	// Overlay replaces the content of files or adds files, by absolute path, for
	// the types and for the values alike.
	Overlay map[string][]byte
}

// A Package is a Go package that was loaded.
type Package struct {
	Path string // import path
	Name string // package name; "main" for a program
	Dir  string

	Workflows []*Workflow // in the order of their declarations
	Handlers  []Variable  // variables that implement task.Worker, in the order of their declarations

	// Source is the package's syntax and types, for checks of the source.
	Source *packages.Package
}

// A Variable is a package-level Go variable.
type Variable struct {
	Name string
	Pos  spec.Pos
	Doc  string // first paragraph of its doc comment, in one line
}

// A Workflow is a variable that holds a workflow.
type Workflow struct {
	Variable
	Spec *spec.Workflow // nil until it is evaluated
}

// Packages loads the packages that the patterns match, as go build understands
// them; no pattern is the package in the Loader's directory. Packages without
// workflows are among them. It does not run the user's code.
//
// The error is a [*BuildError] when a package does not compile.
func (l *Loader) Packages(ctx context.Context, patterns ...string) ([]*Package, error) {
	found, patterns, err := l.load(ctx, patterns)
	if err != nil {
		return nil, err
	}
	if err := l.compiles(ctx, found, patterns); err != nil {
		return nil, err
	}
	return newPackages(found)
}

// Types is [Loader.Packages] for packages that may not compile yet, because code
// that is generated from their types is missing or old. What is wrong with them
// is in the Errors of their Sources. A pattern that matches nothing is a
// [*BuildError].
func (l *Loader) Types(ctx context.Context, patterns ...string) ([]*Package, error) {
	found, patterns, err := l.load(ctx, patterns)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(found, func(p *packages.Package) bool { return p.Module == nil || len(p.GoFiles) == 0 }) {
		if err := l.compiles(ctx, found, patterns); err != nil {
			return nil, err
		}
	}
	return newPackages(found)
}

func (l *Loader) load(ctx context.Context, patterns []string) ([]*packages.Package, []string, error) {
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	found, err := packages.Load(&packages.Config{
		Context: ctx,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedModule |
			packages.NeedTypes | packages.NeedTypesSizes | packages.NeedSyntax | packages.NeedTypesInfo,
		Dir:        l.Dir,
		Env:        l.env(),
		BuildFlags: l.Flags,
		Overlay:    l.Overlay,
	}, patterns...)
	if err != nil {
		return nil, nil, listError(err)
	}
	if len(found) == 0 {
		return nil, nil, l.nothing(ctx, patterns)
	}
	return found, patterns, nil
}

// nothing says why no packages match: the go command knows, for example, that
// there is no module.
func (l *Loader) nothing(ctx context.Context, patterns []string) error {
	var said *BuildError
	if err := l.build(ctx, os.DevNull, nil, patterns...); errors.As(err, &said) {
		return errors.New(strings.TrimSpace(said.Output))
	}
	return fmt.Errorf("no packages match %s", strings.Join(patterns, " "))
}

func newPackages(found []*packages.Package) ([]*Package, error) {
	var loaded []*Package
	for _, p := range found {
		if p.Module != nil && len(p.GoFiles) == 0 {
			continue // only tests, or nothing for this machine
		}
		pkg, err := newPackage(p)
		if err != nil {
			return nil, err
		}
		loaded = append(loaded, pkg)
	}
	return loaded, nil
}

func newPackage(p *packages.Package) (*Package, error) {
	if p.Module == nil {
		return nil, fmt.Errorf("%s is not a package of a module: name a package by its import path or directory", p.ID)
	}
	pkg := &Package{Path: p.PkgPath, Name: p.Name, Dir: filepath.Dir(p.GoFiles[0]), Source: p}
	pkg.find()
	if len(pkg.Workflows) > 0 && !p.Module.Main && !replacedByFolder(p.Module) {
		return nil, fmt.Errorf("package %s belongs to the module %s, which is not this one: run stepsmith in a copy of that module",
			p.PkgPath, p.Module.Path)
	}
	return pkg, nil
}

func replacedByFolder(m *packages.Module) bool { return m.Replace != nil && m.Replace.Version == "" }

// listError takes the go command's own words out of an error of go/packages.
func listError(err error) error {
	if _, message, ok := strings.Cut(err.Error(), "stderr: "); ok {
		return fmt.Errorf("%s", strings.TrimSpace(message))
	}
	return err
}

// env is the environment of the go command. The user's code runs on this
// machine, whatever machine the user builds for otherwise.
func (l *Loader) env() []string {
	env := l.Env
	if env == nil {
		env = os.Environ()
	}
	return append(env[:len(env):len(env)], "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
}

// command prepares a call of the go command.
func (l *Loader) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = l.Dir
	cmd.Env = l.env()
	cmd.Env = cmd.Environ() // sets PWD, so that the go command sees Dir under the same name
	return cmd
}
