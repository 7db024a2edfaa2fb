package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/conformance"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/store/memory"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// TestDriversAgree runs the definitions of the recordings on every driver. What
// comes out must be the same, event for event, with all data and all times.
func TestDriversAgree(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("STEPSMITH_CONFORMANCE")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "conformance", "cases")
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
		m := permitted(c)
		if m == nil {
			continue
		}
		compared++
		input := c.Input
		if input == "" {
			input = "{}"
		}
		want := onExpress(t, m, input)
		drivers := map[string]func() store.Store{"memory": func() store.Store { return memory.New() }}
		if compared%4 == 0 { // a file takes longer
			drivers["sqlite"] = func() store.Store {
				db, err := sqlite.Open(filepath.Join(t.TempDir(), "x.db"))
				if err != nil {
					t.Fatal(err)
				}
				return db
			}
		}
		for name, open := range drivers {
			if d := cmp.Diff(want, onStandard(t, m, c.Definition, input, open())); d != "" {
				t.Errorf("%s: Express and Standard on %s differ (-express +standard):\n%s", c.ID, name, d)
			}
		}
	}
	t.Logf("%d definitions", compared)
	if compared < 100 {
		t.Errorf("only %d definitions", compared)
	}
}

// permitted compiles the definition of a case that both kinds of executions
// permit, that needs nothing but Lambda functions, and in which nothing runs at
// the same time: nil for the others.
func permitted(c conformance.Case) *graph.Machine {
	kind := c.Kind == conformance.KindExecution || c.Kind == conformance.KindChoice
	foreign := slices.ContainsFunc(c.Needs, func(need string) bool { return need != "none" && need != "lambda" })
	if !kind || foreign || strings.Contains(c.Definition, `"Parallel"`) || strings.Contains(c.Definition, `"DISTRIBUTED"`) {
		return nil
	}
	m, err := compileText("agree", c.Definition)
	if err != nil {
		return nil
	}
	for _, s := range m.States {
		if p, ok := s.(*graph.Map); ok && p.MaxConcurrency == nil {
			return nil
		}
	}
	return m
}

func compileText(name, text string) (*graph.Machine, error) {
	d, problems := asl.Decode([]byte(text), name)
	if d == nil || problems.HasErrors() {
		return nil, problems.Err()
	}
	m, problems := graph.Compile(&d.Machine)
	return m, problems.Err()
}

// handlers answers every task: at first with a failure, then with its input.
func handlersOf(m *graph.Machine) task.Handlers {
	h := make(task.Handlers)
	for _, s := range m.States {
		h[s.Shared().Name] = task.HandlerFunc(func(ctx context.Context, in json.RawMessage) (json.RawMessage, error) {
			d := task.Info(ctx)
			if d.Attempt == 0 && len(d.State)%3 == 0 {
				return nil, &task.Error{Name: "Exception", Cause: d.IdempotencyKey}
			}
			if err := task.Sleep(ctx, 3*time.Second); err != nil {
				return nil, err
			}
			return in, nil
		})
	}
	return h
}

var agreed = time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)

func textOf(events []history.Event) []string {
	var lines []string
	for _, e := range events {
		lines = append(lines, fmt.Sprint(e.State, " ", e.Time.Sub(agreed), " ", string(history.Format{}.Append(nil, e))))
	}
	return lines
}

func onExpress(t *testing.T, m *graph.Machine, input string) []string {
	t.Helper()
	doc, err := value.ParseDoc(input)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	r, err := express.Run(ctx, m, doc, express.Options{
		Handlers: handlersOf(m), Clock: clock.NewVirtual(agreed), Standard: true, Machine: "agree", Name: "x",
		Seed: [2]uint64{0x0101010101010101, 0x0101010101010101},
	})
	if err != nil {
		t.Fatal(err)
	}
	return textOf(r.History)
}

func onStandard(t *testing.T, m *graph.Machine, definition, input string, s store.Store) []string {
	t.Helper()
	defer s.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c := clock.NewVirtual(agreed)
	e, err := standard.Open(ctx, standard.Options{
		Store: s, Clock: c, Compile: compileText, Retention: -1, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Random: func(b []byte) {
			for i := range b {
				b[i] = 1
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Begin()
	if _, err := e.Deploy(ctx, "agree", "STANDARD", definition, handlersOf(m)); err != nil {
		t.Fatal(err)
	}
	doc, err := value.ParseDoc(input)
	if err != nil {
		t.Fatal(err)
	}
	x, err := e.Start(ctx, "agree", "x", doc)
	if err != nil {
		t.Fatal(err)
	}
	c.End()
	if _, err := e.Wait(ctx, x.ARN); err != nil {
		t.Fatalf("%v\n%s", err, definition)
	}
	var events []history.Event
	for event, err := range e.History(ctx, x.ARN, false) {
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, event)
	}
	if err := e.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	return textOf(events)
}
