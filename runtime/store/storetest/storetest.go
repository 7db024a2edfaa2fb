// Package storetest has the tests that every store passes.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// Run tests a store. open returns an empty store; reopen closes it and opens it
// again, and is nil where nothing survives that.
func Run(t *testing.T, open func(t *testing.T) store.Store, reopen func(t *testing.T, s store.Store) store.Store) {
	tests := []struct {
		name string
		test func(t *testing.T, s store.Store)
	}{
		{"Empty", testEmpty},
		{"Machines", testMachines},
		{"Executions", testExecutions},
		{"List", testList},
		{"Journal", testJournal},
		{"Tokens", testTokens},
		{"Express", testExpress},
		{"MapRuns", testMapRuns},
		{"Closed", testClosed},
		{"Order", testOrder},
		{"Close", testClose},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			t.Cleanup(func() { s.Close() })
			tt.test(t, s)
		})
	}
	if reopen == nil {
		return
	}
	t.Run("Reopen", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		fill(t, s)
		before := dump(t, s)
		s = reopen(t, s)
		t.Cleanup(func() { s.Close() })
		if d := cmp.Diff(before, dump(t, s)); d != "" {
			t.Errorf("after reopening (-before +after):\n%s", d)
		}
	})
}

// submit submits a batch and waits for it.
func submit(t *testing.T, s store.Store, b *store.Batch) {
	t.Helper()
	done := make(chan error, 1)
	s.Submit(b, func(err error) { done <- err })
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func testEmpty(t *testing.T, s store.Store) {
	ctx := t.Context()
	same(t, "Settings", must(s.Settings(ctx))(t), map[string]string{})
	same(t, "LastID", must(s.LastID(ctx))(t), int64(0))
	same(t, "Machines", len(must(s.Machines(ctx))(t)), 0)
	same(t, "List", len(must(s.List(ctx, store.Query{Machine: 1, Limit: 10}))(t)), 0)
	for what, err := range map[string]error{
		"Definition": second(s.Definition(ctx, 1)),
		"Execution":  second(s.Execution(ctx, 1)),
		"Named":      second(s.Named(ctx, 1, "x")),
		"Token":      second(s.Token(ctx, "x")),
	} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s of an empty store: %v", what, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func testMachines(t *testing.T, s store.Store) {
	ctx := t.Context()
	submit(t, s, &store.Batch{
		Settings:    map[string]string{"region": "eu-west-1", "account": "1"},
		Definitions: []store.Definition{{ID: 7, Text: `{"StartAt":"A"}`}},
		Machines:    []store.Machine{{ID: 2, Name: "b", Data: []byte(`{}`)}, {ID: 1, Name: "a", Data: []byte(`{"x":1}`)}},
	})
	submit(t, s, &store.Batch{
		Settings: map[string]string{"account": "2"},
		Machines: []store.Machine{{ID: 2, Name: "b", Data: []byte(`{"y":2}`)}},
	})
	same(t, "Settings", must(s.Settings(ctx))(t), map[string]string{"region": "eu-west-1", "account": "2"})
	same(t, "Definition", must(s.Definition(ctx, 7))(t), `{"StartAt":"A"}`)
	same(t, "LastID", must(s.LastID(ctx))(t), int64(7))
	same(t, "Machines", must(s.Machines(ctx))(t), []store.Machine{
		{ID: 1, Name: "a", Data: []byte(`{"x":1}`)}, {ID: 2, Name: "b", Data: []byte(`{"y":2}`)},
	})
}

func execution(id int64) store.Execution {
	return store.Execution{
		ID: id, Machine: 1, Name: fmt.Sprint("name-", id), Definition: 3, Version: 4, Alias: "live", Kernel: 1,
		Status: store.Running, Started: 1000 * id, Wake: store.Never,
	}
}

func testExecutions(t *testing.T, s store.Store) {
	ctx := t.Context()
	parent, child, other := execution(1), execution(2), execution(3)
	child.Parent, child.ParentTask = 1, 5
	other.Machine = 2
	submit(t, s, &store.Batch{Create: []store.Execution{parent, child, other}})
	same(t, "Execution", must(s.Execution(ctx, 2))(t), child)
	same(t, "Named", must(s.Named(ctx, 1, "name-1"))(t), parent)
	if _, err := s.Named(ctx, 2, "name-1"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a name of another machine: %v", err)
	}
	family := store.Query{Parent: child.Parent, ParentTask: child.ParentTask, Limit: 10}
	same(t, "Children", must(s.List(ctx, family))(t), []store.Execution{child})
	family.ParentTask++
	same(t, "Children of nothing", len(must(s.List(ctx, family))(t)), 0)
	same(t, "LastID", must(s.LastID(ctx))(t), int64(3))
	same(t, "Running", all(t, s, 1), []store.Execution{parent, child})

	submit(t, s, &store.Batch{Update: []store.Change{{ID: 1, Status: store.Failed, Stopped: 9, Redriven: 8, Redrives: 7, Wake: 6}}})
	parent.Status, parent.Stopped, parent.Redriven, parent.Redrives, parent.Wake = store.Failed, 9, 8, 7, 6
	same(t, "changed", must(s.Execution(ctx, 1))(t), parent)
	same(t, "Running after a change", all(t, s, 1), []store.Execution{child})
}

func all(t *testing.T, s store.Store, machine int64) []store.Execution {
	t.Helper()
	var running []store.Execution
	for x, err := range s.Running(t.Context(), machine) {
		if err != nil {
			t.Fatal(err)
		}
		running = append(running, x)
	}
	return running
}

func testList(t *testing.T, s store.Store) {
	ctx := t.Context()
	b := new(store.Batch)
	for id := int64(1); id <= 20; id++ {
		x := execution(id)
		x.Status = store.Status(1 + id%5)
		b.Create = append(b.Create, x)
	}
	submit(t, s, b)
	tests := []struct {
		query store.Query
		want  []int64
	}{
		{store.Query{Machine: 1, Limit: 3}, []int64{20, 19, 18}},
		{store.Query{Machine: 1, Limit: 3, Before: 18}, []int64{17, 16, 15}},
		{store.Query{Machine: 1, Limit: 9, Before: 3}, []int64{2, 1}},
		{store.Query{Machine: 1, Limit: 2, Status: store.Succeeded}, []int64{16, 11}},
		{store.Query{Machine: 1, Limit: 9, Status: store.Succeeded, Before: 11}, []int64{6, 1}},
		{store.Query{Machine: 2, Limit: 9}, nil},
	}
	for _, tt := range tests {
		var got []int64
		for _, x := range must(s.List(ctx, tt.query))(t) {
			got = append(got, x.ID)
		}
		same(t, fmt.Sprintf("%+v", tt.query), got, tt.want)
	}
}

func entry(execution, seq, events int64, data string) store.Entry {
	return store.Entry{Execution: execution, Seq: seq, Events: events, Data: []byte(data)}
}

func journal(t *testing.T, s store.Store, id int64) []store.Entry {
	t.Helper()
	var entries []store.Entry
	for e, err := range s.Journal(t.Context(), id) {
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	return entries
}

func testJournal(t *testing.T, s store.Store) {
	large := `"` + strings.Repeat("x", 1<<16) + `"`
	want := []store.Entry{entry(1, 1, 2, `[1]`), entry(1, 2, 2, `["ü"]`), entry(1, 3, 9, large)}
	other := store.Entry{Execution: 2, Seq: 1, Events: 1, Data: []byte(`[]`)}
	submit(t, s, &store.Batch{Create: []store.Execution{execution(1), execution(2)}, Entries: []store.Entry{want[0], other}})
	submit(t, s, &store.Batch{Entries: want[1:2]})
	first := s.Journal(t.Context(), 1)
	submit(t, s, &store.Batch{Entries: want[2:]})
	same(t, "Journal", journal(t, s, 1), want)
	edges, last, err := s.Edges(t.Context(), 1)
	same(t, "Edges", []any{edges, last, err}, []any{want[0], want[2], nil})
	if _, _, err := s.Edges(t.Context(), 3); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Edges of nothing: %v", err)
	}
	same(t, "another", journal(t, s, 2), []store.Entry{other})
	same(t, "none", len(journal(t, s, 3)), 0)
	again := []byte(`[4]`)
	submit(t, s, &store.Batch{Entries: []store.Entry{{Execution: 2, Seq: 2, Events: 1, Data: again}}})
	copy(again, `[5]`)
	same(t, "memory that is used again", journal(t, s, 2)[1:], []store.Entry{entry(2, 2, 1, `[4]`)})
	for e, err := range first { // may be left early
		if err != nil || e.Seq != 1 {
			t.Errorf("entry %d, %v", e.Seq, err)
		}
		break
	}
}

func testTokens(t *testing.T, s store.Store) {
	ctx := t.Context()
	callback := store.Token{Token: "c", Execution: 1, Task: 2, Machine: 1}
	late := store.Token{Token: "a", Execution: 2, Task: 1, Activity: "arn", Machine: 1}
	early := store.Token{Token: "z", Execution: 1, Task: 3, Activity: "arn", Machine: 1}
	submit(t, s, &store.Batch{Create: []store.Execution{execution(1), execution(2)}, Tokens: []store.Token{callback, early, late}})
	same(t, "Token", must(s.Token(ctx, "c"))(t), callback)
	same(t, "Waiting", must(s.Waiting(ctx, 1))(t), []store.Token{early, late})
	submit(t, s, &store.Batch{Taken: []string{"z", "unknown"}})
	same(t, "Waiting", must(s.Waiting(ctx, 1))(t), []store.Token{late})
	same(t, "Token that was taken", must(s.Token(ctx, "z"))(t), early)
	same(t, "Waiting elsewhere", len(must(s.Waiting(ctx, 2))(t)), 0)
}

func testExpress(t *testing.T, s store.Store) {
	ctx := t.Context()
	a := store.ExpressStart{ID: 5, Machine: 1, Definition: 2, Started: 3, Data: []byte(`{}`)}
	b := store.ExpressStart{ID: 4, Machine: 1, Definition: 2, Started: 3, Data: []byte(`{"x":1}`)}
	submit(t, s, &store.Batch{Express: []store.ExpressStart{a, b}})
	same(t, "ExpressStarts", must(s.ExpressStarts(ctx, 1))(t), []store.ExpressStart{b, a})
	same(t, "LastID", must(s.LastID(ctx))(t), int64(5))
	submit(t, s, &store.Batch{Ended: []int64{5, 99}})
	same(t, "ExpressStarts", must(s.ExpressStarts(ctx, 1))(t), []store.ExpressStart{b})
}

func testMapRuns(t *testing.T, s store.Store) {
	ctx := t.Context()
	parent, a, b, inner := execution(1), execution(2), execution(3), execution(4)
	for _, x := range []*store.Execution{&a, &b, &inner} {
		x.Machine, x.Parent, x.ParentTask = -1, 1, 5
	}
	b.Status, inner.Parent = store.Failed, 2
	run := store.MapRun{ARN: "arn:b", Execution: 1, Run: 5, Machine: 1, Open: true, Data: []byte(`{}`)}
	other := store.MapRun{ARN: "arn:a", Execution: 1, Run: 9, Machine: 1, Data: []byte(`{}`)}
	submit(t, s, &store.Batch{Create: []store.Execution{parent, a, b, inner}, MapRuns: []store.MapRun{other, run}})
	same(t, "MapRun", must(s.MapRun(ctx, "arn:b"))(t), run)
	same(t, "MapRuns", must(s.MapRuns(ctx, 1))(t), []store.MapRun{run, other})
	same(t, "OpenMapRuns", must(s.OpenMapRuns(ctx, 1))(t), []store.MapRun{run})
	same(t, "Tally", must(s.Tally(ctx, 1, 5))(t), map[store.Status]int64{store.Running: 1, store.Failed: 1})
	same(t, "Running children", must(s.List(ctx, store.Query{Parent: 1, ParentTask: 5, Status: store.Running, Limit: 9}))(t), []store.Execution{a})
	same(t, "a page of children", must(s.List(ctx, store.Query{Parent: 1, ParentTask: 5, Limit: 1}))(t), []store.Execution{b})
	same(t, "executions of the machine", must(s.List(ctx, store.Query{Machine: 1, Limit: 9}))(t), []store.Execution{parent})

	run.Run, run.Open, run.Data = 7, false, []byte(`{"x":1}`)
	submit(t, s, &store.Batch{MapRuns: []store.MapRun{run}})
	same(t, "MapRun afterwards", must(s.MapRun(ctx, "arn:b"))(t), run)
	same(t, "OpenMapRuns afterwards", len(must(s.OpenMapRuns(ctx, 1))(t)), 0)

	closed, _, err := s.Closed(ctx, 100, 0, 9)
	same(t, "Closed", must(closed, err)(t), []int64(nil)) // b goes with its parent
	submit(t, s, &store.Batch{Update: []store.Change{{ID: 1, Status: store.Failed}}})
	submit(t, s, &store.Batch{Purge: []int64{1}})
	for id := range int64(4) {
		if _, err := s.Execution(ctx, id+1); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("execution %d after the purge: %v", id+1, err)
		}
	}
	same(t, "MapRuns after the purge", len(must(s.MapRuns(ctx, 1))(t)), 0)
}

func testClosed(t *testing.T, s store.Store) {
	ctx := t.Context()
	b := new(store.Batch)
	for id := int64(1); id <= 5; id++ {
		x := execution(id)
		if id != 2 {
			x.Status, x.Stopped = store.Succeeded, 10*id
		}
		b.Create = append(b.Create, x)
		b.Entries = append(b.Entries, store.Entry{Execution: id, Seq: 1, Data: []byte(`[]`)})
		b.Tokens = append(b.Tokens, store.Token{Token: fmt.Sprint(id), Execution: id, Machine: 1})
	}
	submit(t, s, b)
	closed := func(before, after int64, limit int, wantIDs []int64, wantLast int64) {
		t.Helper()
		ids, last, err := s.Closed(ctx, before, after, limit)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "ids", ids, wantIDs)
		same(t, "last", last, wantLast)
	}
	closed(40, 0, 2, []int64{1}, 2)
	closed(40, 2, 2, []int64{3}, 4)
	closed(40, 4, 2, nil, 0)
	submit(t, s, &store.Batch{Purge: []int64{1, 2, 3}}) // 2 runs
	closed(40, 0, 100, nil, 0)
	same(t, "what runs", len(journal(t, s, 2)), 1)
	for _, id := range []int64{1, 3} {
		if _, err := s.Execution(ctx, id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("execution %d: %v", id, err)
		}
		if _, err := s.Named(ctx, 1, fmt.Sprint("name-", id)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("name %d: %v", id, err)
		}
		if _, err := s.Token(ctx, fmt.Sprint(id)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("token %d: %v", id, err)
		}
		same(t, "journal", len(journal(t, s, id)), 0)
	}
	same(t, "kept", len(journal(t, s, 4)), 1)
	same(t, "List", len(must(s.List(ctx, store.Query{Machine: 1, Limit: 9}))(t)), 3)
	same(t, "LastID", must(s.LastID(ctx))(t), int64(5))
}

// testOrder submits from many goroutines: each sees its batches done in order,
// and what is done can be read.
func testOrder(t *testing.T, s store.Store) {
	const writers, entries = 16, 50
	var wg sync.WaitGroup
	for w := int64(1); w <= writers; w++ {
		wg.Go(func() {
			var mu sync.Mutex
			next := int64(1)
			done := make(chan struct{})
			for seq := int64(1); seq <= entries; seq++ {
				b := &store.Batch{Entries: []store.Entry{entry(w, seq, seq, `[]`)}}
				if seq == 1 {
					b.Create = []store.Execution{execution(w)}
				}
				s.Submit(b, func(err error) {
					mu.Lock()
					defer mu.Unlock()
					if err != nil || seq != next {
						t.Errorf("batch %d is done when %d should be: %v", seq, next, err)
					}
					next++
					if seq == entries {
						close(done)
					}
				})
			}
			<-done
			if n := len(journal(t, s, w)); n != entries {
				t.Errorf("execution %d has %d entries", w, n)
			}
		})
	}
	wg.Wait()
}

func testClose(t *testing.T, s store.Store) {
	accepted := make(chan error, 1)
	s.Submit(&store.Batch{Settings: map[string]string{"a": "b"}}, func(err error) { accepted <- err })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-accepted; err != nil {
		t.Errorf("a batch from before Close: %v", err)
	}
	refused := make(chan error, 1)
	s.Submit(new(store.Batch), func(err error) { refused <- err })
	if err := <-refused; !errors.Is(err, store.ErrClosed) {
		t.Errorf("a batch after Close: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("a second Close: %v", err)
	}
}

// fill puts something of everything into a store.
func fill(t *testing.T, s store.Store) {
	t.Helper()
	closed := execution(2)
	closed.Status, closed.Stopped = store.Aborted, 5
	submit(t, s, &store.Batch{
		Settings:    map[string]string{"region": "x"},
		Definitions: []store.Definition{{ID: 1, Text: "{}"}},
		Machines:    []store.Machine{{ID: 1, Name: "m", Data: []byte("{}")}},
		Create:      []store.Execution{execution(1), closed},
		Entries:     []store.Entry{entry(1, 1, 3, `["x"]`), entry(1, 2, 4, `[]`)},
		Tokens: []store.Token{
			{Token: "t", Execution: 1, Task: 2, Activity: "arn", Machine: 1},
			{Token: "u", Execution: 1, Task: 3, Machine: 1},
		},
		Express: []store.ExpressStart{{ID: 9, Machine: 1, Definition: 1, Started: 2, Data: []byte("{}")}},
	})
}

// dump reads everything.
func dump(t *testing.T, s store.Store) []any {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	return []any{
		must(s.Settings(ctx))(t), must(s.Machines(ctx))(t), must(s.Definition(ctx, 1))(t),
		must(s.LastID(ctx))(t), must(s.List(ctx, store.Query{Machine: 1, Limit: 9}))(t),
		journal(t, s, 1), must(s.Token(ctx, "u"))(t), must(s.Waiting(ctx, 1))(t), must(s.ExpressStarts(ctx, 1))(t),
	}
}
