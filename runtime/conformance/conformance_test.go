package conformance_test

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/conformance"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// load reads the recordings. They are no part of this module.
func load(t *testing.T) []conformance.Case {
	t.Helper()
	dir := os.Getenv("STEPSMITH_CONFORMANCE")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "conformance", "cases")
	}
	cases, err := conformance.Load(dir)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no recordings: %v; set STEPSMITH_CONFORMANCE to their folder", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// known reads the list of cases that fail, with their reasons.
func known(t *testing.T) map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "known.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	list := map[string]string{}
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := strings.TrimSpace(s.Text()); line != "" && line[0] != '#' {
			id, why, _ := strings.Cut(line, "\t")
			list[id] = strings.TrimSpace(why)
		}
	}
	return list
}

// TestRecordings replays every case that can be run. A failure must stand in
// testdata/known.txt, and what stands there must fail.
func TestRecordings(t *testing.T) {
	t.Parallel()
	list, passed, total := known(t), 0, 0
	for _, c := range load(t) {
		err := c.Check()
		var unsupported *conformance.Unsupported
		if errors.As(err, &unsupported) {
			continue
		}
		total++
		switch why, listed := list[c.ID]; {
		case err == nil && listed:
			t.Errorf("%s passes: take it off testdata/known.txt", c.ID)
		case err != nil && !listed:
			t.Errorf("%s: %v", c.ID, err)
		case err != nil:
			t.Logf("%s is known to fail: %s", c.ID, why)
		default:
			passed++
		}
	}
	t.Logf("%d of %d cases pass", passed, total)
}

// TestRepeatable runs every case again, and once more with the execution
// written out and read back between every two steps: the history must be the
// same to the byte.
func TestRepeatable(t *testing.T) {
	t.Parallel()
	stored := func(m *graph.Machine, x *interp.Execution) (*interp.Execution, error) {
		data, err := x.MarshalBinary()
		if err != nil {
			return nil, err
		}
		return interp.Restore(m, data)
	}
	for _, c := range load(t) {
		if !slices.Contains([]string{conformance.KindExecution, conformance.KindExpressSync}, c.Kind) {
			continue
		}
		first, err := c.Run(nil)
		if err != nil {
			continue // TestRecordings tells
		}
		want := string(history.Format{}.AppendAll(nil, first.Events))
		for name, change := range map[string]func(*graph.Machine, *interp.Execution) (*interp.Execution, error){"again": nil, "stored": stored} {
			r, err := c.Run(change)
			if err != nil {
				t.Errorf("%s, %s: %v", c.ID, name, err)
				continue
			}
			if got := string(history.Format{}.AppendAll(nil, r.Events)); got != want {
				t.Errorf("%s, %s: the history differs:\n%s\n%s", c.ID, name, want, got)
			}
		}
	}
}
