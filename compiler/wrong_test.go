package compiler_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler"
	"golang.org/x/tools/go/packages"
)

// TestWrongPrograms has Go and Stepsmith say what is wrong with each program of
// testdata/wrong, and compares it with the archive's section "want".
func TestWrongPrograms(t *testing.T) {
	t.Parallel()
	programs := readPrograms(t, "testdata/wrong/*.txtar")
	said := typeCheck(t, programs)
	var sound []*program
	for _, p := range programs {
		if said[p.name] == "" {
			sound = append(sound, p)
		}
	}
	byGo := len(said)
	for name, workflows := range evaluate(t, sound) {
		for _, w := range workflows {
			_, list := compiler.Compile(w.Spec)
			said[name] += describe(list)
		}
	}
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			if said[p.name] == "" {
				t.Error("nobody has anything to say")
			}
			p.golden(t, "want", said[p.name])
		})
	}
	if byGo < 30 || len(sound) < 30 {
		t.Errorf("%d programs are refused by Go and %d by us; want 30 of each at least", byGo, len(sound))
	}
}

// declared is what Go says of places in our own files.
var declared = regexp.MustCompile(` \(declared at [^)]*\)`)

// typeCheck returns what Go's type checker says, by the program's name.
func typeCheck(t *testing.T, programs []*program) map[string]string {
	t.Helper()
	patterns, files := overlay(t, programs)
	found, err := packages.Load(&packages.Config{
		Mode:    packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedTypes | packages.NeedSyntax,
		Overlay: files,
	}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	said := make(map[string]string)
	for _, p := range found {
		for _, e := range p.Errors {
			if e.Kind != packages.TypeError {
				continue // go list tells the same once more
			}
			place := strings.Split(e.Pos, ":")
			message := declared.ReplaceAllString(strings.ReplaceAll(e.Msg, "github.com/stepsmith-dev/stepsmith/", ""), "")
			said[filepath.Base(p.PkgPath)] += fmt.Sprintf("flow.go:%s: %s\n", place[1], message)
		}
	}
	return said
}
