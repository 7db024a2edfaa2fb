package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A List is what a phase found, in the order in which it was found. The nil
// List is a clean bill of health.
type List []Diagnostic

// Sort orders the list by file, line and column. Diagnostics of one place, and
// those without a place, keep the order in which they were found, which for
// AWS's own rules is AWS's order.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
		)
	})
}

// HasErrors reports whether one of the diagnostics is an [Error].
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Only returns the diagnostics of one severity, in order.
func (l List) Only(s Severity) List {
	var only List
	for _, d := range l {
		if d.Severity == s {
			only = append(only, d)
		}
	}
	return only
}

// Count returns how many diagnostics of one severity there are.
func (l List) Count(s Severity) int {
	n := 0
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Err returns the list as an error when it holds an [Error], else nil, so that
// warnings alone never fail a call. The error is the List itself: errors.As
// with a *List gets it back.
func (l List) Err() error {
	if !l.HasErrors() {
		return nil
	}
	return l
}

// Error returns the errors of the list, one on a line. Warnings and hints are
// left out.
func (l List) Error() string {
	errs := l.Only(Error)
	lines := make([]string, len(errs))
	for i, d := range errs {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}

// Summary returns a line such as "2 errors, 1 warning", and "no problems" for a
// list without any diagnostic.
func (l List) Summary() string {
	var parts []string
	for _, s := range [...]Severity{Error, Warning, Hint} {
		n := l.Count(s)
		if n == 0 {
			continue
		}
		part := fmt.Sprintf("%d %s", n, strings.ToLower(s.String()))
		if n > 1 {
			part += "s"
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return "no problems"
	}
	return strings.Join(parts, ", ")
}
