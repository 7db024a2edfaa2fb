package main

import (
	"context"
	"errors"
	"go/types"
	"maps"
	"slices"
	"strconv"

	"github.com/stepsmith-dev/stepsmith/compiler/codegen"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/load"
)

// evaluated loads the packages and traces their workflows. Where a package does
// not compile, code made from the types alone stands in for what is generated, in
// case that is why. Types do not tell of tasks that come about while Go runs; so if
// that is not enough, the files that use generated code are left out, and the
// packages have to be verified with what is generated in the end.
func evaluated(ctx context.Context, l *load.Loader, patterns []string) (pkgs []*load.Package, list diag.List, verify bool, err error) {
	pkgs, err = l.Types(ctx, patterns...)
	if err != nil {
		return nil, nil, false, err
	}
	broken := suspects(pkgs)
	var build *load.BuildError
	if len(broken) == 0 {
		err := l.Evaluate(ctx, pkgs...)
		if !errors.As(err, &build) {
			list, err = load.Diagnostics(err)
			return pkgs, list, false, err
		}
		broken = pkgs // it may be the generated code itself that does not compile
	}
	if l.Overlay, err = substitutes(ctx, l, broken); err != nil {
		return nil, nil, false, err
	}
	pkgs, err = l.Packages(ctx, patterns...)
	if errors.As(err, &build) {
		maps.Copy(l.Overlay, withoutUsers(broken))
		verify = true
		if pkgs, _ = l.Packages(ctx, patterns...); pkgs == nil {
			return nil, nil, false, build
		}
	} else if err != nil {
		return nil, nil, false, err
	}
	list, err = load.Diagnostics(l.Evaluate(ctx, pkgs...))
	return pkgs, list, verify, err
}

// withoutUsers empties the files of packages that use the packages' own generated
// code.
func withoutUsers(pkgs []*load.Package) map[string][]byte {
	overlay := make(map[string][]byte)
	for _, p := range pkgs {
		for _, f := range p.Source.Syntax {
			for _, i := range f.Imports {
				imported, err := strconv.Unquote(i.Path.Value)
				if err == nil && slices.Contains(codegen.Paths(p.Name, p.Path), imported) {
					overlay[p.Source.Fset.Position(f.FileStart).Filename] = []byte("package " + p.Name + "\n")
				}
			}
		}
	}
	return overlay
}

// verified says what does not compile with the files that were generated.
func verified(ctx context.Context, l *load.Loader, patterns []string, all []generation) error {
	l.Overlay = make(map[string][]byte)
	for _, g := range all {
		for _, f := range g.files {
			l.Overlay[f.Name] = f.Content
		}
	}
	_, err := l.Packages(ctx, patterns...)
	return err
}

// suspects returns the packages whose generated code may be why some package does
// not compile.
func suspects(pkgs []*load.Package) []*load.Package {
	imported := make(map[string]bool) // by packages that do not compile
	for _, p := range pkgs {
		if len(p.Source.Errors) > 0 {
			imported[p.Dir] = true
			for _, i := range p.Source.Imports {
				imported[i.PkgPath] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(pkgs), func(p *load.Package) bool {
		return !imported[p.Dir] && !slices.ContainsFunc(codegen.Paths(p.Name, p.Path), func(path string) bool { return imported[path] })
	})
}

// substitutes generates from the types alone.
func substitutes(ctx context.Context, l *load.Loader, pkgs []*load.Package) (map[string][]byte, error) {
	overlay := make(map[string][]byte)
	for _, p := range pkgs {
		in := codegen.Package{Source: p.Source}
		for _, w := range p.Workflows {
			in.Workflows = append(in.Workflows, codegen.Workflow{Variable: w.Name})
		}
		if len(in.Workflows) == 0 {
			continue
		}
		var err error
		if in.Existing, err = existing(ctx, l, p); err != nil {
			return nil, err
		}
		files, _ := codegen.Generate(in) // mistakes are found when all is known
		for _, f := range files {
			overlay[f.Name] = f.Content
		}
	}
	return overlay, nil
}

// existing loads the packages of the plain types that the package's types stand
// for.
func existing(ctx context.Context, l *load.Loader, p *load.Package) ([]*types.Package, error) {
	paths := codegen.Existing(p.Source)
	if len(paths) == 0 {
		return nil, nil
	}
	found, err := l.Types(ctx, paths...)
	if err != nil {
		return nil, err
	}
	var all []*types.Package
	for _, p := range found {
		all = append(all, p.Source.Types)
	}
	return all, nil
}
