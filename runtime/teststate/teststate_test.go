package teststate_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/stepsmith-dev/stepsmith/runtime/teststate"
)

// TestGolden makes the tests of testdata/*.txtar: a definition, perhaps an input,
// the rest of the request, and the response or the refusal.
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			golden(t, file)
		})
	}
}

func golden(t *testing.T, file string) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var r teststate.Request
	var want *txtar.File
	for i, f := range archive.Files {
		text := strings.TrimSuffix(string(f.Data), "\n")
		switch f.Name {
		case "definition":
			r.Definition = text
		case "input":
			r.Input = &text
		case "request":
			if err := json.Unmarshal(f.Data, &r); err != nil {
				t.Fatal(err)
			}
		case "response":
			want = &archive.Files[i]
		}
	}
	got := respond(t, &r)
	if os.Getenv("STEPSMITH_UPDATE") == "1" {
		want.Data = got
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want.Data), string(got)); diff != "" {
		t.Errorf("response (-want +got):\n%s", diff)
	}
}

// respond returns the response, or the refusal, as indented JSON.
func respond(t *testing.T, r *teststate.Request) []byte {
	t.Helper()
	response, err := teststate.Run(context.Background(), r, teststate.Options{
		Now: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC), Seed: [2]uint64{1, 2}, Machine: "machine", Execution: "execution",
	})
	var refused *teststate.Error
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	var answer any = response
	if errors.As(err, &refused) {
		answer, err = refused, nil
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Encode(answer); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
