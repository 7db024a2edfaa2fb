package load_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/load"
	"golang.org/x/tools/txtar"
)

// handlersModule is a program with handlers; its main function must not run.
const handlersModule = `
-- go.mod --
module example.com/m

go 1.26

require github.com/stepsmith-dev/stepsmith v0.0.0

replace github.com/stepsmith-dev/stepsmith => STEPSMITH
-- main.go --
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

var hello = dsl.Express("Hello", func(f *dsl.Flow, s dsl.String) dsl.String { return s })

var Handlers = task.Handlers{
	"echo": task.HandlerFunc(func(_ context.Context, in json.RawMessage) (json.RawMessage, error) {
		fmt.Println("on standard output")
		fmt.Fprintln(os.Stderr, "on standard error")
		return in, nil
	}),
	"state": task.Func(func(ctx context.Context, _ any) (string, error) { return task.Info(ctx).State, nil }),
	"named": task.Func(func(context.Context, any) (any, error) { return nil, &task.Error{Name: "Named", Cause: "why"} }),
	"plain": task.Func(func(context.Context, any) (any, error) { return nil, errors.New("oops") }),
	"panic": task.Func(func(context.Context, any) (any, error) { panic("at the disco") }),
	"slow": task.Func(func(ctx context.Context, _ any) (any, error) { <-ctx.Done(); return nil, ctx.Err() }),
	"deadline": task.Func(func(ctx context.Context, _ any) (time.Time, error) { d, _ := ctx.Deadline(); return d.UTC(), nil }),
	"alive": task.Func(func(ctx context.Context, _ any) (any, error) {
		return nil, errors.Join(task.Heartbeat(ctx), task.Sleep(ctx, time.Hour))
	}),
	"exit": task.Func(func(context.Context, any) (any, error) { os.Exit(7); return nil, nil }),
}

func main() { panic("main must not run") }
`

func start(t *testing.T) (*load.Program, *load.Package, *bytes.Buffer) {
	t.Helper()
	var printed bytes.Buffer
	l := &load.Loader{Dir: extract(t, txtar.Parse([]byte(handlersModule))), Stderr: &printed}
	pkgs, err := l.Packages(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	program, err := l.Start(t.Context(), pkgs[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return program, pkgs[0], &printed
}

func TestHandlers(t *testing.T) {
	t.Parallel()
	program, pkg, printed := start(t)
	names, err := program.Handlers(t.Context(), pkg, "Handlers")
	if want := strings.Fields("alive deadline echo exit named panic plain slow state"); err != nil || !cmp.Equal(want, names) {
		t.Errorf("Handlers: %q, %v; want %q", names, err, want)
	}
	if _, err := program.Handlers(t.Context(), pkg, "Others"); err == nil {
		t.Error("Handlers of a variable that does not exist: no error")
	}
	for _, test := range []struct{ handler, output, failure, cause string }{
		{handler: "echo", output: `{"a": 1.0}`},
		{handler: "state", output: `"Echo"`},
		{handler: "named", failure: "Named", cause: "why"},
		{handler: "plain", failure: "errorString", cause: `{"errorMessage":"oops","errorType":"errorString"}`},
		{handler: "nobody", failure: "Stepsmith.NoHandler", cause: "no handler nobody"},
	} {
		output, err := program.Call(t.Context(), load.Call{
			Package: pkg, Variable: "Handlers", Handler: test.handler, Info: json.RawMessage(`{"state": "Echo"}`), Input: json.RawMessage(`{"a": 1.0}`),
		})
		failure := new(load.TaskError)
		errors.As(err, &failure)
		if string(output) != test.output || failure.Name != test.failure || failure.Cause != test.cause {
			t.Errorf("%s: %s, %v", test.handler, output, err)
		}
	}
	beats, slept := 0, time.Duration(0)
	_, err = program.Call(t.Context(), load.Call{
		Package: pkg, Variable: "Handlers", Handler: "alive", Info: json.RawMessage("{}"), Input: json.RawMessage("1"), Heartbeat: func() { beats++ }, Sleep: func(d time.Duration) { slept = d },
	})
	if err != nil || beats != 1 || slept != time.Hour {
		t.Errorf("%d heartbeats, slept %v, %v; want 1 and an hour", beats, slept, err)
	}
	_, err = program.Call(t.Context(), load.Call{Package: pkg, Variable: "Handlers", Handler: "panic", Input: json.RawMessage("1")})
	if failure := new(load.TaskError); !errors.As(err, &failure) || !strings.Contains(failure.Cause, "at the disco") {
		t.Errorf("a panic: %v; want a failed task", err)
	}
	program.Close()
	if want := "on standard output\non standard error\n"; printed.String() != want {
		t.Errorf("printed %q, want %q", printed, want)
	}
}

func TestCancelledCall(t *testing.T) {
	t.Parallel()
	program, pkg, _ := start(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stop")
	time.AfterFunc(10*time.Millisecond, func() { cancel(stop) })
	if _, err := program.Call(ctx, load.Call{Package: pkg, Variable: "Handlers", Handler: "slow", Input: json.RawMessage("1")}); !errors.Is(err, stop) {
		t.Errorf("a cancelled call: %v", err)
	}
	deadline := time.Date(2099, 1, 2, 3, 4, 5, 0, time.UTC)
	ctx, release := context.WithDeadline(t.Context(), deadline)
	defer release()
	output, err := program.Call(ctx, load.Call{Package: pkg, Variable: "Handlers", Handler: "deadline", Input: json.RawMessage("1")})
	if string(output) != `"2099-01-02T03:04:05Z"` {
		t.Errorf("the handler saw the deadline %s, %v", output, err)
	}
}

func TestCrashedCall(t *testing.T) {
	t.Parallel()
	program, pkg, _ := start(t)
	_, err := program.Call(t.Context(), load.Call{Package: pkg, Variable: "Handlers", Handler: "exit", Input: json.RawMessage("1")})
	crash := new(load.CrashError)
	if !errors.As(err, &crash) {
		t.Fatalf("%v, want a CrashError", err)
	}
	if want := "the code of package example.com/m crashed: it ended the program (exit status 7)"; crash.Error() != want {
		t.Errorf("%v, want %s", crash, want)
	}
	list, err := load.Diagnostics(errors.Join(err, nil))
	if err != nil || len(list) != 1 || list[0].Code != load.Crashed {
		t.Errorf("Diagnostics: %v, %v", list, err)
	}
}

func TestDiagnostics(t *testing.T) {
	t.Parallel()
	other := errors.New("disk full")
	workflow := &load.Workflow{Variable: load.Variable{Name: "W"}}
	workflow.Pos.File, workflow.Pos.Line = "w.go", 7
	list, rest := load.Diagnostics(errors.Join(&load.TraceError{Workflow: workflow, Message: "the variable is nil"}, other,
		&load.BuildError{Output: "# m\nm.go:1:1: undefined: x\n"}))
	want := diag.List{
		{
			Code: load.NotTraceable, Message: "the workflow W cannot be traced: the variable is nil",
			Fix: "give it a value made by dsl.Standard or dsl.Express", Pos: diag.Position{File: "w.go", Line: 7},
		},
		{Code: load.DoesNotCompile, Message: "# m\nm.go:1:1: undefined: x"},
	}
	if diff := cmp.Diff(want, list); diff != "" || !errors.Is(rest, other) {
		t.Errorf("rest %v, (-want +got):\n%s", rest, diff)
	}
}
