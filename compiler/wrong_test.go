package compiler_test

import (
	"path"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler"
)

// TestWrongPrograms has Go and Stepsmith say what is wrong with each program of
// testdata/wrong, and compares it with the archive's section "want".
func TestWrongPrograms(t *testing.T) {
	t.Parallel()
	list, l := programs(t, "wrong")
	byGo := 0
	for _, p := range list {
		said := l.said[p.name]
		if said != "" {
			byGo++
		}
		for _, w := range l.traced[p.name] {
			_, found := compiler.Compile(w.Spec)
			said += describe(found)
		}
		t.Run(path.Base(p.name), func(t *testing.T) {
			if said == "" {
				t.Error("nobody has anything to say")
			}
			p.golden(t, "want", said)
		})
	}
	if byUs := len(list) - byGo; byGo < 30 || byUs < 30 {
		t.Errorf("%d programs are refused by Go and %d by us; want 30 of each at least", byGo, byUs)
	}
}
