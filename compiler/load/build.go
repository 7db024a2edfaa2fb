package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// A BuildError says that the user's packages do not compile.
type BuildError struct {
	Output string           // what go build prints, ending in a newline
	Errors []packages.Error // the same, as go/packages sees it; may be empty
}

// Error returns what go build prints.
func (e *BuildError) Error() string { return strings.TrimRight(e.Output, "\n") }

// compiles returns a BuildError when go/packages found errors. Its own words
// differ from the compiler's, so the go command is asked to say it.
func (l *Loader) compiles(ctx context.Context, found []*packages.Package, patterns []string) error {
	failed := &BuildError{}
	var broken []string
	for _, p := range found {
		if len(p.Errors) == 0 {
			continue
		}
		failed.Errors = append(failed.Errors, p.Errors...)
		broken = append(broken, p.PkgPath)
	}
	if len(broken) == 0 {
		return nil
	}
	if slices.ContainsFunc(found, func(p *packages.Package) bool { return p.Module == nil }) {
		broken = patterns // a pattern that matches nothing has no path of its own
	}
	err := l.check(ctx, broken)
	var said *BuildError
	switch {
	case errors.As(err, &said):
		failed.Output = said.Output
	case err != nil:
		return err
	default:
		for _, e := range failed.Errors {
			failed.Output += e.Error() + "\n"
		}
	}
	return failed
}

// check runs go build for what it says.
func (l *Loader) check(ctx context.Context, pkgs []string) error {
	if len(l.Overlay) == 0 {
		return l.build(ctx, os.DevNull, nil, pkgs...)
	}
	dir, err := os.MkdirTemp("", "stepsmith-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	overlay, err := writeOverlay(dir, l.Overlay)
	if err != nil {
		return err
	}
	return l.build(ctx, os.DevNull, []string{"-overlay=" + overlay}, pkgs...)
}

// build runs go build. The error is a *BuildError when it says that something
// does not compile.
func (l *Loader) build(ctx context.Context, output string, flags []string, pkgs ...string) error {
	args := slices.Concat(
		// Positions are told by the file's full name. Where the executable came from
		// and how to debug it is of no use, and takes time.
		[]string{"build", "-trimpath=false", "-buildvcs=false", "-ldflags=-s -w"}, l.Flags, flags, []string{"-o", output, "--"}, pkgs)
	cmd := l.command(ctx, args...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &exit) && said.Len() > 0:
		return &BuildError{Output: said.String()}
	}
	return fmt.Errorf("go build: %w", err)
}
