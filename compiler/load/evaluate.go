package load

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// Evaluate traces the workflows of the packages and fills in their Specs, doc
// comments included. Packages share programs where Go's rules allow it.
//
// The error is a [*BuildError], [*CrashError] or [*TraceError], or several
// joined, in the order of the packages.
func (l *Loader) Evaluate(ctx context.Context, pkgs ...*Package) error {
	var some []*Package
	for _, p := range pkgs {
		if len(p.Workflows) > 0 {
			some = append(some, p)
		}
	}
	plans := planFor(some)
	errs := make([]error, len(plans))
	places := make(chan struct{}, runtime.GOMAXPROCS(0))
	var all sync.WaitGroup
	for i, g := range plans {
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			errs[i] = l.evaluate(ctx, g)
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

func (l *Loader) evaluate(ctx context.Context, g *plan) error {
	program, err := l.start(ctx, g)
	if err != nil {
		return err
	}
	return errors.Join(program.Evaluate(ctx), program.Close())
}

// Evaluate traces all workflows of the program's packages and fills in their
// Specs, doc comments included. A variable that holds the same workflow as an
// earlier one of its package is dropped.
func (p *Program) Evaluate(ctx context.Context) error {
	parsed := make(map[string]docs)
	var untraceable error
	for _, pkg := range p.pkgs {
		for _, w := range pkg.Workflows {
			traced, err := p.trace(ctx, pkg, w)
			var wrong *TraceError
			if errors.As(err, &wrong) { // the others may still be all right
				untraceable = errors.Join(untraceable, err)
				continue
			}
			if err != nil {
				return err
			}
			document(traced, w.Doc, parsed)
			w.Spec = traced
		}
		pkg.Workflows = distinct(pkg.Workflows)
	}
	return untraceable
}

// A TraceError says that a variable holds no workflow that can be traced.
type TraceError struct {
	Workflow *Workflow
	Message  string
}

// Error says what is wrong with which variable, and where it is declared.
func (e *TraceError) Error() string {
	return fmt.Sprintf("%s: workflow %s: %s", e.Workflow.Pos, e.Workflow.Name, e.Message)
}

// distinct drops workflows that were declared at the same place, under the same
// name, as an earlier one.
func distinct(workflows []*Workflow) []*Workflow {
	type identity struct {
		name string
		pos  spec.Pos
	}
	seen := make(map[identity]bool)
	return slices.DeleteFunc(workflows, func(w *Workflow) bool {
		if w.Spec == nil {
			return false
		}
		id := identity{w.Spec.Name, w.Spec.Pos}
		again := seen[id]
		seen[id] = true
		return again
	})
}
