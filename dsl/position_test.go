package dsl_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

type order struct {
	ID    dsl.String             `json:"id"`
	Items dsl.List[dsl.Int]      `json:"items"`
	Note  dsl.Optional[dsl.Bool] `json:"note"`
}

// Package-level variables are where an inlined builder would have no line. Each
// must report the line that its comment names.
var (
	lambda   = dsl.Lambda[order, order]("lambda")               // line:lambda
	activity = dsl.Activity[order, order]("activity")           // line:activity
	service  = dsl.Service[order, order]("service", "arn:x")    // line:service
	connect  = dsl.HTTP[order, order]("http", "arn:connection") // line:http
	named    = dsl.WorkflowNamed[order, order]("named")         // line:named
	retried  = dsl.Lambda[order, order]("retried").             // line:retried
			Idempotent().
			Retry(dsl.On(dsl.AllErrors)).
			Timeout(time.Minute)

	standard = dsl.Standard("standard", func(f *dsl.Flow, o order) order { // line:standard
		lambda.Call(f, o)                       // line:call lambda
		activity.Call(f, o)                     // line:call activity
		service.Call(f, o)                      // line:call service
		connect.Call(f, dsl.HTTPRequest[order]{ // line:call http
			URL: dsl.V("https://example.com"), Method: dsl.V("POST"), Body: o,
		})
		named.Call(f, o)                                 // line:call named
		retried.Named("again").Call(f, o)                // line:call again
		dsl.Wait(f, "wait", time.Second)                 // line:wait
		dsl.If(f, "if", dsl.V(true), func(f *dsl.Flow) { // line:if
			helper(f) // line:caller of helper
		})
		dsl.Map(f, "map", o.Items, func(f *dsl.Flow, n dsl.Int) dsl.Int { // line:map
			return n
		})
		dsl.Parallel(f, "parallel", func(p *dsl.Fork) dsl.Int { // line:parallel
			return dsl.Branch(p, func(f *dsl.Flow) dsl.Int { return dsl.V(1) })
		})
		return dsl.Switch[order](f, "switch"). // line:switch
							Case(o.Note.Present(), func(f *dsl.Flow) order { return o }).
							Default(func(f *dsl.Flow) order { return dsl.Fail[order](f, "fail", dsl.ErrorName("No"), "no") }) // line:fail
	})
	express = dsl.Express("express", func(f *dsl.Flow, o order) order { return o }) // line:express
)

func helper(f *dsl.Flow) {
	generic(f, "helped") // line:caller of generic
}

func generic[T ~string](f *dsl.Flow, name T) {
	dsl.Succeed(f, string(name), order{ID: dsl.V(""), Items: dsl.ListOf[dsl.Int]()}) // line:helped
}

// lines finds the lines that comments of this file name.
func lines(t *testing.T) map[string]int {
	t.Helper()
	text, err := os.ReadFile("position_test.go")
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]int)
	for i, line := range strings.Split(string(text), "\n") {
		if _, name, ok := strings.Cut(line, "// line:"); ok {
			found[name] = i + 1
		}
	}
	return found
}

func TestPositions(t *testing.T) {
	t.Parallel()
	want := lines(t)
	check := func(name string, pos spec.Pos) {
		t.Helper()
		if want[name] == 0 {
			t.Errorf("no line is marked %q", name)
		}
		if filepath.Base(pos.File) != "position_test.go" || pos.Line != want[name] {
			t.Errorf("%s is at %s, want line %d", name, pos, want[name])
		}
	}
	w := standard.Trace()
	if len(w.Problems) > 0 {
		t.Fatal(w.Problems)
	}
	check("standard", w.Pos)
	check("express", express.Trace().Pos)
	for _, task := range w.Tasks {
		check(task.Name, task.Pos)
	}
	states := 0
	w.Body.Walk(func(step spec.Step) {
		head := step.Head()
		if head.Name == "" {
			return
		}
		states++
		name := head.Name
		if call, ok := step.(*spec.Call); ok {
			name = "call " + call.Name
		}
		check(name, head.Pos)
		if head.Name == "helped" {
			for i, caller := range []string{"caller of generic", "caller of helper"} {
				if i >= len(head.Stack) {
					t.Fatalf("the state has the callers %v", head.Stack)
				}
				check(caller, head.Stack[i])
			}
		}
	})
	if states != 13 {
		t.Errorf("%d states have a name, want 13", states)
	}
}
