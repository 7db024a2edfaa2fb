package runtime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
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
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
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
	inMemory, inFile := memory.New(), storeFile(t)
	compared, parallel := 0, 0
	for _, c := range cases {
		switch c.Kind {
		case conformance.KindExecution, conformance.KindChoice, conformance.KindExpressSync, conformance.KindExpressAsync:
		default:
			continue
		}
		m, err := compileText("agree", c.Definition)
		if err != nil {
			t.Logf("%s %v: %v", c.ID, c.Needs, err)
			continue
		}
		x := &sample{name: fmt.Sprint("x", compared), machine: m, definition: c.Definition, input: c.Input}
		if x.input == "" {
			x.input = "{}"
		}
		compared++
		if x.parallel() {
			parallel++
		}
		want := onExpress(t, x)
		for name, s := range map[string]store.Store{"memory": inMemory, "sqlite": inFile} {
			if d := cmp.Diff(want, onStandard(t, x, s)); d != "" {
				t.Errorf("%s %v: Express and Standard on %s differ (-express +standard):\n%s", c.ID, c.Needs, name, d)
			}
		}
	}
	t.Logf("%d definitions, %d with parallel branches", compared, parallel)
	if compared < 100 {
		t.Errorf("only %d definitions", compared)
	}
}

// storeFile makes a store in a file, for many executions.
func storeFile(t *testing.T) store.Store {
	t.Helper()
	s, err := sqlite.Open(filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// A sample is an execution to be run by every driver.
type sample struct {
	name              string
	machine           *graph.Machine
	definition, input string
}

// seed is what all that is random in the execution comes from.
func (x *sample) seed() [2]uint64 {
	h := fnv.New64()
	h.Write([]byte(x.name))
	return [2]uint64{h.Sum64(), 1}
}

// random gives an engine the seed first, and then whatever it is.
func (x *sample) random() func([]byte) {
	var mu sync.Mutex
	next := x.seed()
	more := rand.NewPCG(next[0], 2)
	return func(b []byte) {
		mu.Lock()
		defer mu.Unlock()
		for i := range b {
			b[i] = byte(next[i/8%2] >> (i % 8 * 8))
		}
		next = [2]uint64{more.Uint64(), more.Uint64()}
	}
}

// parallel reports whether something runs at the same time in it.
func (x *sample) parallel() bool {
	for _, s := range x.machine.States {
		switch s.(type) {
		case *graph.Parallel, *graph.Map:
			return true
		}
	}
	return false
}

func compileText(name, text string) (*graph.Machine, error) {
	d, problems := asl.Decode([]byte(text), name)
	if d == nil || problems.HasErrors() {
		return nil, problems.Err()
	}
	m, problems := graph.Compile(&d.Machine)
	return m, problems.Err()
}

// handlers answer every task: some states fail at first, all others give their
// input back. How long an attempt takes depends on which it is, to the
// nanosecond, so that no two end at the same time: then the order of events is
// the same on every driver. Callbacks are answered seven seconds later.
func (x *sample) handlers(c *clock.Virtual, send func(token string, output *value.Doc) error) task.Handlers {
	handle := func(ctx context.Context, in json.RawMessage) (json.RawMessage, error) {
		d := task.Info(ctx)
		which := d.IdempotencyKey
		if strings.Contains(d.Machine, "/") { // the key of a map run's child comes from another seed
			which = fmt.Sprint(d.State, len(in))
		}
		h := fnv.New32()
		fmt.Fprint(h, which, d.Attempt)
		odd := time.Duration(h.Sum32()) % time.Second
		if d.Attempt == 0 && len(d.State)%3 == 0 {
			task.Sleep(ctx, odd)
			return nil, &task.Error{Name: "Exception", Cause: which}
		}
		if err := task.Sleep(ctx, 3*time.Second+odd); err != nil {
			return nil, err
		}
		if d.Token != "" {
			c.At(c.Now().Add(7*time.Second), func() {
				c.Begin()
				go func() {
					defer c.End()
					send(d.Token, value.DocOf(value.String(d.State))) // it may have timed out
				}()
			})
		}
		return in, nil
	}
	handlers := make(task.Handlers)
	for _, s := range x.machine.States {
		handlers[s.Shared().Name] = task.HandlerFunc(handle)
	}
	return handlers
}

var agreed = time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)

func textOf(events []history.Event) []string {
	var lines []string
	for _, e := range events {
		lines = append(lines, fmt.Sprint(e.State, " ", e.Time.Sub(agreed), " ", string(history.Format{}.Append(nil, e))))
	}
	return lines
}

func (x *sample) doc(t *testing.T) *value.Doc {
	t.Helper()
	doc, err := value.ParseDoc(x.input)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func onExpress(t *testing.T, x *sample) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c := clock.NewVirtual(agreed)
	c.Begin()
	var running atomic.Pointer[express.Execution]
	e, err := express.Start(ctx, x.machine, x.doc(t), express.Options{
		Handlers: x.handlers(c, func(token string, output *value.Doc) error { return running.Load().SendTaskSuccess(token, output) }),
		Clock:    c, Standard: true, Machine: "agree", Name: x.name, Objects: new(objects.Memory),
		Seed: x.seed(),
	})
	if err != nil {
		t.Fatal(err)
	}
	running.Store(e)
	c.End()
	r, err := e.Wait(ctx)
	if err != nil {
		t.Fatalf("%v\n%s", err, x.definition)
	}
	return textOf(r.History)
}

// onStandard has an engine of its own, on a store that others have used before.
func onStandard(t *testing.T, x *sample, s store.Store) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c := clock.NewVirtual(agreed)
	c.Begin()
	e, err := standard.Open(ctx, standard.Options{
		Store: s, Clock: c, Compile: compileText, Retention: -1, Logger: slog.New(slog.DiscardHandler), Objects: new(objects.Memory),
		Random: x.random(),
	})
	if err != nil {
		t.Fatal(err)
	}
	send := func(token string, output *value.Doc) error { return e.SendTaskSuccess(ctx, token, output) }
	if _, err := e.Deploy(ctx, "agree", "STANDARD", x.definition, x.handlers(c, send)); err != nil {
		t.Fatal(err)
	}
	started, err := e.Start(ctx, "agree", x.name, x.doc(t))
	if err != nil {
		t.Fatal(err)
	}
	c.End()
	if _, err := e.Wait(ctx, started.ARN); err != nil {
		t.Fatalf("%v\n%s", err, x.definition)
	}
	var events []history.Event
	for event, err := range e.History(ctx, started.ARN, false) {
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
