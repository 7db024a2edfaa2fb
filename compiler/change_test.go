package compiler_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler"
	"golang.org/x/tools/go/packages"
)

// TestChangedFields changes a field of a workflow's type: the Go build breaks at
// every use, and nowhere else.
func TestChangedFields(t *testing.T) {
	t.Parallel()
	file, err := filepath.Abs("../examples/orders/orders.go")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new, use string }{
		{"renamed", "	Total    dsl.Float      `json:\"total\"`", "	Sum    dsl.Float      `json:\"total\"`", "order.Total"},
		{"a number that becomes a text", "	Score dsl.Int `json:\"score\"`", "	Score dsl.String `json:\"score\"`", "checks.Credit.Score"},
		{"one that becomes optional", "	Number dsl.String `json:\"number\"`", "	Number dsl.Optional[dsl.String] `json:\"number\"`", "receipt.Number"},
		{"a list of something else", "	Items    dsl.List[Item] `json:\"items\"`", "	Items    dsl.List[Parcel] `json:\"items\"`", "order.Items"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			changed := strings.Replace(string(text), c.old, c.new, 1)
			if changed == string(text) {
				t.Fatalf("%s has no field %q", file, c.old)
			}
			pkgs, err := packages.Load(&packages.Config{
				Mode:    packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedTypes | packages.NeedSyntax,
				Overlay: map[string][]byte{file: []byte(changed)},
			}, "../examples/orders")
			if err != nil {
				t.Fatal(err)
			}
			broken := make(map[string]bool)
			for _, e := range pkgs[0].Errors {
				if e.Kind == packages.TypeError {
					broken[strings.Split(e.Pos, ":")[1]] = true
				}
			}
			uses := 0
			for line := range strings.Lines(changed) {
				if strings.Contains(line, c.use) {
					uses++
				}
			}
			if uses == 0 || len(broken) != uses {
				t.Errorf("%d lines use the field, and %d do not compile: %v", uses, len(broken), pkgs[0].Errors)
			}
		})
	}
}

// TestUnrelatedEdits adds a state in the middle of a workflow: the definition
// changes there, and nowhere else.
func TestUnrelatedEdits(t *testing.T) {
	t.Parallel()
	lines := func(extra int) map[string]int {
		program, list := compiler.Compile(benchWorkflow(200, extra).Trace())
		if program == nil {
			t.Fatal(list.Err())
		}
		count := make(map[string]int)
		for line := range strings.Lines(string(program.ASL)) {
			count[line]++
		}
		return count
	}
	before, after := lines(-1), lines(10)
	added, removed := 0, 0
	for line, n := range after {
		added += max(0, n-before[line])
	}
	for line, n := range before {
		removed += max(0, n-after[line])
	}
	if added == 0 || added > 6 || removed > 1 {
		t.Errorf("a Wait more adds %d lines and removes %d", added, removed)
	}
}
