// Package sqlite keeps machines and executions in one SQLite file, with the pure
// Go driver modernc.org/sqlite.
//
// The file is in WAL mode with synchronous=FULL: what was acknowledged survives a
// kill of the process, a crash of the system and a power loss, on a local disk
// that honours fsync. Network file systems are not supported. One process owns
// the file, by a lock on a file beside it; others may read.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/store"
	_ "modernc.org/sqlite" // registers the driver
)

// Store is a [store.Store] in a SQLite file. Make one with [Open] or
// [OpenReader].
type Store struct {
	file   string
	lock   *lock     // nil: reading only
	writes *sql.DB   // nil: reading only
	conn   *sql.Conn // the only one that writes; the writer goroutine's
	reads  *sql.DB
	insert statements
	// Of the last transaction; the writer goroutine's.
	last int // batches
	took time.Duration

	mu      sync.Mutex
	work    *sync.Cond
	queue   []submitted
	failed  error // why nothing is written any more
	closing bool
	stopped chan struct{} // closed when the writer has ended
	stats   Stats
}

type submitted struct {
	batch *store.Batch
	done  func(error)
}

// Stats count what the writer did.
type Stats struct {
	// Commits is the number of transactions, each of which is one fsync unless
	// SQLite checkpoints the log.
	Commits int64
	// Batches is the number of batches in them.
	Batches int64
}

// oldest is the first version of SQLite without the bug that can corrupt a
// database when the WAL is reset.
const oldest = "3.51.3"

// patience has SQLite wait for locks. There is one writer, but a reader that sees
// the index of the log half written takes the writer's lock for a moment, to make
// sure that nobody died there.
const patience = "busy_timeout(10000)"

// Open opens a file for writing and reading, and creates it if there is none. It
// is refused while another process owns it; see [OwnedError].
func Open(file string) (*Store, error) {
	l, err := acquire(file + ".lock")
	if err != nil {
		return nil, err
	}
	s, err := open(file, l)
	if err != nil {
		l.release()
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	go s.write()
	return s, nil
}

func open(file string, l *lock) (*Store, error) {
	ctx := context.Background()
	s := &Store{file: file, lock: l, stopped: make(chan struct{})}
	s.work = sync.NewCond(&s.mu)
	var err error
	if s.writes, err = sql.Open("sqlite", uri(file, "_pragma", patience, "_pragma", "synchronous(FULL)", "_pragma", "wal_autocheckpoint(4000)")); err != nil {
		return nil, err
	}
	if s.conn, err = s.writes.Conn(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", file, err), s.writes.Close())
	}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, s.insert.close(), s.conn.Close(), s.writes.Close())
	}
	return s, nil
}

// prepare checks the library and the file, and makes both ready.
func (s *Store) prepare(ctx context.Context) error {
	if err := checkVersion(ctx, s.conn); err != nil {
		return err
	}
	version, err := identify(ctx, s.conn, s.file)
	if err != nil {
		return err
	}
	if err := setModes(ctx, s.conn); err != nil {
		return err
	}
	if err := migrate(ctx, s.conn, s.file, version); err != nil {
		return err
	}
	if err := s.insert.prepare(ctx, s.conn); err != nil {
		return err
	}
	s.reads, err = sql.Open("sqlite", uri(s.file, "mode", "ro", "_pragma", patience, "_pragma", "query_only(1)"))
	return err
}

// OpenReader opens a file for reading only, also while another process owns it.
// Submitting to it fails. A file of an older release is brought up to date first,
// which is refused while that release owns it; see [OwnedError].
func OpenReader(file string) (*Store, error) {
	reads, err := sql.Open("sqlite", uri(file, "mode", "ro", "_pragma", patience, "_pragma", "query_only(1)"))
	if err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	version, err := identify(context.Background(), reads, file)
	switch {
	case err != nil:
		err = fmt.Errorf("sqlite: %w", err)
	case version == 0:
		err = fmt.Errorf("sqlite: %s is not a store of executions", file)
	case version < len(migrations):
		err = upgrade(file)
	}
	if err != nil {
		return nil, errors.Join(err, reads.Close())
	}
	return &Store{file: file, reads: reads, failed: errors.New("sqlite: the file was opened for reading only")}, nil
}

// upgrade brings the schema of a file up to date.
func upgrade(file string) error {
	s, err := Open(file)
	if err != nil {
		return fmt.Errorf("%w; it was written by an older release and has to be brought up to date before it can be read", err)
	}
	return s.Close()
}

// uri is the name of a database for the driver.
func uri(file string, parameters ...string) string {
	q := make(url.Values)
	for i := 0; i < len(parameters); i += 2 {
		q.Add(parameters[i], parameters[i+1])
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(file)}).EscapedPath(), RawQuery: q.Encode()}
	return u.String()
}

func checkVersion(ctx context.Context, c *sql.Conn) error {
	var version string
	if err := c.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return err
	}
	if older(version, oldest) {
		return fmt.Errorf("SQLite %s can corrupt a database in WAL mode: %s is the oldest that is safe", version, oldest)
	}
	return nil
}

// older compares dotted versions.
func older(a, b string) bool {
	var x, y [3]int
	fmt.Sscanf(strings.ReplaceAll(a, ".", " "), "%d %d %d", &x[0], &x[1], &x[2])
	fmt.Sscanf(strings.ReplaceAll(b, ".", " "), "%d %d %d", &y[0], &y[1], &y[2])
	for i := range x {
		if x[i] != y[i] {
			return x[i] < y[i]
		}
	}
	return false
}

// setModes sets what durability depends on and makes sure that it is so: a file
// system may not support it.
func setModes(ctx context.Context, c *sql.Conn) error {
	var mode string
	var synchronous int
	if err := c.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return err
	}
	if err := c.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous); err != nil {
		return err
	}
	if mode != "wal" || synchronous != 2 {
		return fmt.Errorf("journal_mode is %s and synchronous %d; need wal and 2", mode, synchronous)
	}
	return nil
}

// Stats tells what the writer has done so far.
func (s *Store) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}

// Close implements [store.Store].
func (s *Store) Close() error {
	if s.writes == nil {
		return s.reads.Close()
	}
	s.mu.Lock()
	if s.closing {
		s.mu.Unlock()
		return nil
	}
	s.closing = true
	s.work.Signal()
	s.mu.Unlock()
	<-s.stopped
	err := errors.Join(s.reads.Close(), s.insert.close(), s.conn.Close(), s.writes.Close())
	s.lock.release()
	return err
}

// File returns the name of the file.
func (s *Store) File() string { return s.file }

// Owns reports whether the store was opened for writing.
func (s *Store) Owns() bool { return s.lock != nil }
