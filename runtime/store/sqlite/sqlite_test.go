package sqlite_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/store/storetest"
)

func open(t *testing.T, file string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store {
		file := filepath.Join(t.TempDir(), "an odd?name#.db")
		return open(t, file)
	}, func(t *testing.T, s store.Store) store.Store {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		return open(t, s.(*sqlite.Store).File())
	})
}

func TestOneOwner(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x.db")
	s := open(t, file)
	_, err := sqlite.Open(file)
	var owned *sqlite.OwnedError
	if !errors.As(err, &owned) || owned.PID != os.Getpid() || owned.File != file {
		t.Errorf("the second owner: %v", err)
	}
	done := make(chan error, 1)
	s.Submit(&store.Batch{Settings: map[string]string{"a": "b"}}, func(err error) { done <- err })
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	r, err := sqlite.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	settings, err := r.Settings(t.Context())
	if err != nil || settings["a"] != "b" {
		t.Errorf("beside the owner: %v, %v", settings, err)
	}
	r.Submit(&store.Batch{Settings: map[string]string{"a": "c"}}, func(err error) { done <- err })
	if err := <-done; err == nil {
		t.Error("a reader may write")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, file)
}

func TestDamageIsFound(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x.db")
	s := open(t, file)
	done := make(chan error, 1)
	s.Submit(&store.Batch{Entries: []store.Entry{{Execution: 1, Seq: 1, Data: []byte(`[1]`)}}}, func(err error) { done <- err })
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	s.Close()
	execute(t, file, "UPDATE journal SET data = '[2]'")
	for _, err := range open(t, file).Journal(t.Context(), 1) {
		if err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("damage went unseen: %v", err)
		}
	}
}

func TestInputsView(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x.db")
	s := open(t, file)
	done := make(chan error, 1)
	s.Submit(&store.Batch{Entries: []store.Entry{{Execution: 1, Seq: 1, Data: []byte(`[{"a":1},{"a":2}]`)}}}, func(err error) { done <- err })
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	s.Close()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRow("SELECT sum(input ->> 'a') FROM inputs").Scan(&n); err != nil || n != 3 {
		t.Errorf("%d, %v", n, err)
	}
}

// A reader may have the lock of the writer for a moment: that is no failure.
func TestWaitsForLocks(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x.db")
	s := open(t, file)
	other, err := sql.Open("sqlite", file+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	lock, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	s.Submit(&store.Batch{Settings: map[string]string{"a": "b"}}, func(err error) { done <- err })
	select {
	case err := <-done:
		t.Fatal(err)
	case <-time.After(50 * time.Millisecond):
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// After Close, everything is in the one file, and the file is not open any more.
func TestCloseLeavesOneFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x.db")
	s := open(t, file)
	if _, err := s.Machines(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, more := range []string{"-wal", "-shm"} {
		if _, err := os.Stat(file + more); err == nil {
			t.Errorf("%s is left", more)
		}
	}
}
