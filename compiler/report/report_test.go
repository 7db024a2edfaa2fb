package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/report"
	"github.com/stepsmith-dev/stepsmith/runtime/conformance"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

func analyze(t *testing.T, definition []byte, o report.Options) *report.Report {
	t.Helper()
	document, list := asl.Decode(definition, "definition.asl.json")
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	r, list := report.Analyze(&document.Machine, o)
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestGolden writes the reports of testdata/*.txtar.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			o := report.Options{Name: name, Express: name == "express", Region: "us-east-1", Account: "123456789012"}
			r := analyze(t, archive.Files[0].Data, o)
			if _, err := json.Marshal(r); err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := r.Write(&got); err != nil {
				t.Fatal(err)
			}
			want := &archive.Files[1]
			if os.Getenv("STEPSMITH_UPDATE") == "1" {
				want.Data = got.Bytes()
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want.Data), got.String()); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBounds compares the bounds with the histories of recorded executions.
func TestBounds(t *testing.T) {
	t.Parallel()
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
	compared := 0
	for _, c := range cases {
		if c.Kind != conformance.KindExecution {
			continue
		}
		x, err := c.Run(nil)
		if err != nil || x.End == nil || x.End.Status != interp.Succeeded {
			continue
		}
		items := 0
		for _, e := range x.Events {
			if l, ok := e.Details.(*history.Length); ok {
				items = max(items, l.Length)
			}
		}
		r := analyze(t, []byte(c.Definition), report.Options{Items: items})
		n := float64(len(x.Events))
		if most := r.Events.WithRetries; len(r.Loops) == 0 && n > most {
			t.Errorf("%s: %v events, but %v at most", c.ID, n, most)
		}
		if least := r.Events.History.Least; len(r.Maps) == 0 && n < least {
			t.Errorf("%s: %v events, but %v at least", c.ID, n, least)
		}
		compared++
	}
	t.Logf("%d histories are within their bounds", compared)
}
