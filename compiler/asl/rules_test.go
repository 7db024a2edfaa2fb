package asl

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"golang.org/x/tools/txtar"
)

// update says that golden files are to be written and not compared.
var update = os.Getenv("STEPSMITH_UPDATE") == "1"

// TestRules validates the definitions in testdata/rules. Their names begin with
// the number of the rule that they are about, as it is counted among the
// published validators' rules; what there is to say stands behind each. One with
// "express" in its name is an Express machine.
func TestRules(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "rules", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal("no rules", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			testRules(t, file)
		})
	}
}

func testRules(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	archive := txtar.Parse(text)
	got := &txtar.Archive{Comment: archive.Comment}
	for _, f := range archive.Files {
		if strings.HasSuffix(f.Name, ".txt") {
			continue
		}
		said := said(t, f)
		got.Files = append(got.Files, f, txtar.File{Name: strings.TrimSuffix(f.Name, filepath.Ext(f.Name)) + ".txt", Data: said})
	}
	if update {
		if err := os.WriteFile(file, txtar.Format(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(string(txtar.Format(archive)), string(txtar.Format(got))); d != "" {
		t.Errorf("STEPSMITH_UPDATE=1 accepts this (-want +got):\n%s", d)
	}
}

// said returns what there is to say about a definition.
func said(t *testing.T, f txtar.File) []byte {
	var b bytes.Buffer
	list := example(txtar.File{Name: f.Name, Data: f.Data})
	for i := range list {
		list[i].Pos.File = ""
		for k := range list[i].Related {
			list[i].Related[k].Pos.File = ""
		}
	}
	source := func(string) []byte { return f.Data }
	if err := (diag.Text{Source: source}).Write(&b, list); err != nil {
		t.Error(err)
	}
	return b.Bytes()
}
