package main

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/compiler/codegen"
	"github.com/stepsmith-dev/stepsmith/compiler/load"
	"golang.org/x/tools/go/packages"
)

// shapes writes the symbolic twins of plain structs into a package.
func shapes(cmd *cobra.Command, args []string, l *load.Loader, f generateFlags) error {
	into, err := l.Types(cmd.Context(), args...)
	if err != nil {
		return reportBuild(cmd.ErrOrStderr(), err)
	}
	if len(into) != 1 {
		return usage(cmd, "--shapes writes into one package, but there are %d", len(into))
	}
	var paths []string
	for _, target := range f.shapes {
		paths = append(paths, strings.TrimSuffix(target, path.Ext(target)))
	}
	found, err := l.Types(cmd.Context(), paths...)
	if err != nil {
		return reportBuild(cmd.ErrOrStderr(), err)
	}
	var from []*packages.Package
	for _, p := range found {
		from = append(from, p.Source)
	}
	files, list := codegen.Shapes(from, f.shapes, into[0].Dir, into[0].Name)
	if err := explain(cmd.ErrOrStderr(), list); err != nil {
		return err
	}
	if list.HasErrors() {
		return errReported
	}
	if old := source(files[0].Name); old != nil && !bytes.HasPrefix(old, []byte(codegen.Header)) {
		return fmt.Errorf("%s is not generated: rename it, or write the twins by hand", relative(files[0].Name))
	}
	all := []generation{{nil, files}}
	if f.check {
		return checkGenerated(cmd, all)
	}
	return writeGenerated(cmd, all)
}
