package diag

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// source is the file that the diagnostics of the tests are about.
const source = "{\n\t\"Größe\": \"x\",\n  \"long\": \"" +
	"0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 here 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789" +
	"\"\n}\n"

func read(file string) []byte {
	if file == "a.json" {
		return []byte(source)
	}
	return nil
}

// at is the place of a text in the source.
func at(t *testing.T, text string) Position {
	t.Helper()
	offset := strings.Index(source, text)
	if offset < 0 {
		t.Fatalf("%q is not in the source", text)
	}
	before := source[:offset]
	return Position{
		File: "a.json", Line: strings.Count(before, "\n") + 1, Column: offset - strings.LastIndex(before, "\n"),
		Offset: offset, Length: len(text),
	}
}

func examples(t *testing.T) List {
	return List{
		{Code: "WRONG", Message: "something is wrong", Fix: "mend it\nin two lines", Pos: at(t, `"x"`), Pointer: "/Größe",
			Related: []Related{{Message: "because of this", Pos: at(t, `"long"`)}, {Message: "and of that", Pointer: "/that"}}},
		{Severity: Warning, Code: "ODD", Message: "something <odd> & strange", Pos: at(t, "here")},
		{Severity: Hint, Code: "NICER", Message: "could be said better", Pos: Position{File: "a.json", Line: 2}},
		{Code: "NOWHERE", Message: "nobody knows where"},
		{Code: "POINTED", Message: "only a pointer is known", Pointer: "/States/A"},
		{Code: "MISSING", Message: "the file cannot be read", Pos: Position{File: "b.json", Line: 3, Column: 7}},
		{Severity: Warning, Code: "ODD", Message: "whole file", Pos: Position{File: "a.json"}},
	}
}

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	want, err := os.ReadFile(file)
	if os.Getenv("STEPSMITH_UPDATE") == "1" {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("STEPSMITH_UPDATE=1 accepts this (-want +got):\n%s", d)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	var archive txtar.Archive
	for _, writer := range []struct {
		name string
		text Text
	}{{"plain", Text{}}, {"excerpts", Text{Source: read}}, {"colours", Text{Source: read, Color: true}}} {
		var b bytes.Buffer
		if err := writer.text.Write(&b, examples(t)); err != nil {
			t.Fatal(err)
		}
		out := strings.ReplaceAll(b.String(), "\x1b", "ESC")
		archive.Files = append(archive.Files, txtar.File{Name: writer.name, Data: []byte(out)})
	}
	golden(t, "text.txtar", txtar.Format(&archive))
}

// TestCaret checks that the mark stands below what is meant, also behind tabs and
// letters of several bytes.
func TestCaret(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	list := List{{Code: "C", Message: "m", Pos: at(t, `"x"`)}}
	if err := (Text{Source: read}).Write(&b, list); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	column := func(s, text string) int { return len([]rune(s[:strings.Index(s, text)])) }
	if got, want := column(lines[2], "^"), column(lines[1], `"x"`); got != want {
		t.Errorf("the caret stands in column %d, want %d:\n%s", got, want, b.String())
	}
	if !strings.Contains(lines[2], "^~~") || strings.Contains(lines[2], "^~~~") {
		t.Errorf("the mark is not as long as what it marks:\n%s", b.String())
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	for _, r := range []Report{{"a.json", examples(t)}, {"clean.json", nil}} {
		if err := r.WriteJSON(&b); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "lines.json", b.Bytes())
	lines := bytes.Split(bytes.TrimSuffix(b.Bytes(), []byte("\n")), []byte("\n"))
	if len(lines) != 2 {
		t.Fatalf("%d lines for 2 files", len(lines))
	}
	for _, line := range lines {
		var report struct {
			File, Result string
			Diagnostics  []struct {
				Severity                Severity
				Code, Message, Location string
				Line, Column            int
			}
		}
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&report); err != nil {
			t.Error(err)
		}
		if want := map[string]string{"a.json": "FAIL", "clean.json": "OK"}[report.File]; report.Result != want {
			t.Errorf("%s is %s, want %s", report.File, report.Result, want)
		}
		if report.Diagnostics == nil {
			t.Errorf("%s: no list of diagnostics", report.File)
		}
	}
}

func TestSARIF(t *testing.T) {
	t.Parallel()
	s := SARIF{
		Tool: "stepsmith", Version: "v1.2.3", URI: "https://example.com", Source: read,
		Title: func(code string) string { return map[string]string{"ODD": "Something odd"}[code] },
	}
	var b bytes.Buffer
	if err := s.Write(&b, Report{"a.json", examples(t)}, Report{"clean.json", nil}); err != nil {
		t.Fatal(err)
	}
	golden(t, "sarif.json", b.Bytes())
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 || len(log.Runs[0].Results) != len(examples(t)) {
		t.Fatalf("version %s, %d runs", log.Version, len(log.Runs))
	}
	for _, r := range log.Runs[0].Results {
		if got := log.Runs[0].Tool.Driver.Rules[r.RuleIndex].ID; got != r.RuleID {
			t.Errorf("result of rule %s points to rule %s", r.RuleID, got)
		}
	}
	b.Reset()
	if err := (SARIF{}).Write(&b); err != nil || !strings.Contains(b.String(), `"results": []`) {
		t.Errorf("nothing at all is written as %v\n%s", err, b.String())
	}
}

func TestSort(t *testing.T) {
	t.Parallel()
	list := List{
		{Code: "5", Pos: Position{File: "b", Line: 1}},
		{Code: "4", Pos: Position{File: "a", Line: 2, Column: 3}},
		{Code: "1"},
		{Code: "2"},
		{Code: "3", Pos: Position{File: "a", Line: 2, Column: 1}},
	}
	list.Sort()
	var order string
	for _, d := range list {
		order += d.Code
	}
	if order != "12345" {
		t.Errorf("order %s", order)
	}
}

func TestErr(t *testing.T) {
	t.Parallel()
	warning := Diagnostic{Severity: Warning, Code: "W", Message: "w"}
	wrong := Diagnostic{Code: "E", Message: "e", Pos: Position{File: "f", Line: 1, Column: 2}}
	if err := (List{warning}).Err(); err != nil {
		t.Errorf("a warning is an error: %v", err)
	}
	if err := List(nil).Err(); err != nil {
		t.Errorf("nothing is an error: %v", err)
	}
	err := fmt.Errorf("wrapped: %w", List{warning, wrong}.Err())
	var list List
	if !errors.As(err, &list) || len(list) != 2 {
		t.Errorf("the list cannot be had back from %v", err)
	}
	if got := list.Error(); got != "f:1:2: error[E]: e" {
		t.Errorf("error text %q", got)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	for want, list := range map[string]List{
		"no problems":                nil,
		"1 error":                    {{}},
		"2 errors, 1 warning":        {{}, {Severity: Warning}, {}},
		"1 warning, 2 hints":         {{Severity: Hint}, {Severity: Warning}, {Severity: Hint}},
		"1 error, 1 warning, 1 hint": {{Severity: Hint}, {Severity: Warning}, {}},
	} {
		if got := list.Summary(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestSeverityText(t *testing.T) {
	t.Parallel()
	for _, s := range []Severity{Error, Warning, Hint} {
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back Severity
		if err := json.Unmarshal(text, &back); err != nil || back != s {
			t.Errorf("%s came back as %v, %v", text, back, err)
		}
	}
	var s Severity
	if err := json.Unmarshal([]byte(`"LOUD"`), &s); err == nil {
		t.Error("LOUD is taken for a severity")
	}
}
