package dsl_test

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/dsl"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// TestLight keeps programs that import dsl alone free of other modules.
func TestLight(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Fields(string(out))
	want := []string{"github.com/stepsmith-dev/stepsmith/dsl/spec", "github.com/stepsmith-dev/stepsmith/dsl"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("dependencies of dsl outside the standard library (-want +got):\n%s", diff)
	}
}

// TestTraceAgain shows that a trace leaves nothing behind: the next one gives the
// same record.
func TestTraceAgain(t *testing.T) {
	t.Parallel()
	first, again := encode(t, standard.Trace()), encode(t, standard.Trace())
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("two traces differ (-first +second):\n%s", diff)
	}
}

// TestJSON sends a record through JSON, as it goes from the user's program to the
// compiler.
func TestJSON(t *testing.T) {
	t.Parallel()
	w := standard.Trace()
	text := encode(t, w)
	read := new(spec.Workflow)
	if err := json.Unmarshal([]byte(text), read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w.Text(), read.Text()); diff != "" {
		t.Errorf("the record changed (-sent +read):\n%s", diff)
	}
	if diff := cmp.Diff(text, encode(t, read)); diff != "" {
		t.Errorf("it is written differently (-first +second):\n%s", diff)
	}
	for _, s := range read.Sources {
		if s.Type != nil && s.Type.ID == "" {
			t.Errorf("the source %s has a type without a name", s)
		}
	}
}

func TestJSONRefusesUnknownRecords(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"types": [], "sources": [], "body": {"steps": [{"teleport": {}}]}}`,
		`{"types": [], "sources": [], "input": "some.Type", "body": {"steps": []}}`,
		`{"types": [], "sources": [], "body": {"steps": [], "result": {"op": "ref", "source": 7}}}`,
	} {
		err := json.Unmarshal([]byte(text), new(spec.Workflow))
		if err == nil || !strings.Contains(err.Error(), "another version of package dsl") {
			t.Errorf("%s: error %v", text, err)
		}
	}
}

func encode(t *testing.T, w *spec.Workflow) string {
	t.Helper()
	text, err := json.MarshalIndent(w, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestSymbolsAreNotData formats and marshals symbols, which gives no data, but
// neither a crash nor something that looks like data.
func TestSymbolsAreNotData(t *testing.T) {
	t.Parallel()
	var text string
	var failure error
	dsl.Standard("symbols", func(f *dsl.Flow, o order) dsl.None {
		text = fmt.Sprint(o.ID, o.Items, o.Note, dsl.DictOf(map[string]dsl.String{"a": o.ID}))
		_, failure = json.Marshal(o)
		return dsl.None{}
	}).Trace()
	if strings.Count(text, "‹symbol ") != 4 {
		t.Errorf("symbols print as %q", text)
	}
	if failure == nil || !strings.Contains(failure.Error(), "no JSON") {
		t.Errorf("marshalling a symbol gives the error %v", failure)
	}
}

type narrow struct {
	ID dsl.String `json:"id"`
}

// TestWholeValues keeps a struct that is copied field by field one expression, if
// it is of the same Go type: a narrower one must not hand on what it has not.
func TestWholeValues(t *testing.T) {
	t.Parallel()
	take, takeNarrow := dsl.Lambda[order, dsl.None]("take"), dsl.Lambda[narrow, dsl.None]("narrow")
	w := dsl.Standard("whole", func(f *dsl.Flow, o order) dsl.None {
		take.Named("same").Call(f, order{ID: o.ID, Items: o.Items, Note: o.Note})
		take.Named("other").Call(f, order{ID: dsl.V("x"), Items: o.Items, Note: o.Note})
		return takeNarrow.Call(f, narrow{ID: o.ID})
	}).Trace()
	var ops []spec.Op
	w.Body.Walk(func(step spec.Step) { ops = append(ops, step.(*spec.Call).Input.Op) })
	if diff := cmp.Diff([]spec.Op{spec.OpRef, spec.OpStruct, spec.OpStruct}, ops); diff != "" {
		t.Errorf("inputs (-want +got):\n%s", diff)
	}
}

// TestRecursiveType describes a type that holds itself.
func TestRecursiveType(t *testing.T) {
	t.Parallel()
	w := dsl.Standard("tree", func(f *dsl.Flow, n node) dsl.String {
		return dsl.At(n.Children, 0).Name
	}).Trace()
	if len(w.Problems) > 0 {
		t.Fatal(w.Problems)
	}
	if children := w.Input.Fields[1].Type; children.Elem != w.Input {
		t.Errorf("the children are a %s of %v", children, children.Elem)
	}
}

type node struct {
	Name     dsl.String     `json:"name"`
	Children dsl.List[node] `json:"children"`
}
