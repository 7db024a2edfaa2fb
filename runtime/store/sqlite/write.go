package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/crc32"
	"runtime"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// group is how many batches one transaction holds at most.
const group = 1024

// Submit implements [store.Store].
func (s *Store) Submit(b *store.Batch, done func(error)) {
	s.mu.Lock()
	err := s.failed
	if err == nil && s.closing {
		err = store.ErrClosed
	}
	if err == nil {
		s.queue = append(s.queue, submitted{b, done})
		s.work.Signal()
	}
	s.mu.Unlock()
	if err != nil {
		done(err)
	}
}

// write is the goroutine that writes: it commits together what was submitted
// while it was busy.
func (s *Store) write() {
	defer close(s.stopped)
	for {
		batches := s.next()
		if batches == nil {
			return
		}
		began := time.Now()
		err := s.commit(batches)
		s.last, s.took = len(batches), time.Since(began)
		if err != nil {
			err = fmt.Errorf("sqlite: %s: %w", s.file, err)
		}
		s.mu.Lock()
		s.stats.Commits++
		s.stats.Batches += int64(len(batches))
		if err != nil {
			// A failed write or sync leaves open what is on the disk. It is not
			// tried again: the next that opens the file finds out.
			s.failed = err
			batches = append(batches, s.queue...)
			s.queue = nil
		}
		s.mu.Unlock()
		for _, b := range batches {
			b.done(err)
		}
	}
}

// next waits for batches; nil means that the store is to close.
func (s *Store) next() []submitted {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.queue) == 0 {
		if s.closing {
			return nil
		}
		s.work.Wait()
	}
	s.gather()
	n := min(len(s.queue), group)
	batches := s.queue[:n:n]
	s.queue = s.queue[n:]
	if len(s.queue) == 0 {
		s.queue = nil
	}
	return batches
}

// A transaction takes as long by itself as some twenty batches in it. So a group
// that is small, and smaller than the last one, is given a moment to grow.
const (
	small  = 16
	moment = 20 * time.Microsecond
)

// gather lets those who are about to submit do so, as long as that brings more. It
// takes no longer than a transaction, so that what is in the queue does not wait
// much longer than it has to. s.mu is held, and is released in between.
func (s *Store) gather() {
	began := time.Now()
	grown := began
	for n := 0; n < group && time.Since(began) <= s.took; {
		if len(s.queue) > n {
			n, grown = len(s.queue), time.Now()
		} else if n >= min(s.last, small) || time.Since(grown) > moment {
			return
		}
		s.mu.Unlock()
		runtime.Gosched()
		s.mu.Lock()
	}
}

// commit writes batches in one transaction.
func (s *Store) commit(batches []submitted) error {
	return s.conn.Raw(func(any) error {
		p := &s.insert
		if err := p.exec(p.begin); err != nil {
			return err
		}
		for _, b := range batches {
			if err := p.batch(b.batch); err != nil {
				if rollback := p.exec(p.rollback); rollback != nil {
					err = fmt.Errorf("%w; and then: %w", err, rollback)
				}
				return err
			}
		}
		return p.exec(p.commit)
	})
}

// statements are what the writer executes. They are the driver's own: database/sql
// makes a copy of all arguments, and there are many.
type statements struct {
	begin, commit, rollback                    statement
	setting, definition, machine               statement
	execution, entry, change                   statement
	token, taken, express, ended, mapRun       statement
	purgeJournal, purgeTokens, purgeExecutions statement
	purgeMapRuns                               statement

	all  []statement
	args []driver.NamedValue // of the statement that is executed
}

type statement interface {
	driver.Stmt
	driver.StmtExecContext
}

// exec executes a statement.
func (p *statements) exec(s statement, args ...driver.Value) error {
	p.args = p.args[:0]
	for i, v := range args {
		p.args = append(p.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	_, err := s.ExecContext(context.Background(), p.args)
	return err
}

// close closes the statements: SQLite keeps a connection open that has any.
func (p *statements) close() error {
	var errs []error
	for _, s := range p.all {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

func (p *statements) prepare(ctx context.Context, c *sql.Conn) error {
	return c.Raw(func(conn any) error { return p.prepareOn(ctx, conn.(driver.ConnPrepareContext)) })
}

func (p *statements) prepareOn(ctx context.Context, c driver.ConnPrepareContext) error {
	for _, s := range []struct {
		to  *statement
		sql string
	}{
		{&p.begin, "BEGIN IMMEDIATE"},
		{&p.commit, "COMMIT"},
		{&p.rollback, "ROLLBACK"},
		{&p.setting, "INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"},
		{&p.definition, "INSERT INTO definitions VALUES (?, ?)"},
		{&p.machine, "INSERT INTO machines VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET data = excluded.data"},
		{&p.execution, "INSERT INTO executions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
		{&p.entry, "INSERT INTO journal VALUES (?, ?, ?, ?, ?)"},
		{&p.change, "UPDATE executions SET status = ?, stopped = ?, redriven = ?, redrives = ?, wake = ? WHERE id = ?"},
		{&p.token, "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?)"},
		{&p.taken, "UPDATE tokens SET waiting = 0 WHERE token = ?"},
		{&p.express, "INSERT INTO express VALUES (?, ?, ?, ?, ?)"},
		{&p.ended, "DELETE FROM express WHERE id = ?"},
		{&p.mapRun, `INSERT INTO map_runs VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET run = excluded.run, open = excluded.open, data = excluded.data`},
		{&p.purgeJournal, family + "DELETE FROM journal WHERE execution IN family"},
		{&p.purgeTokens, family + "DELETE FROM tokens WHERE execution IN family"},
		{&p.purgeMapRuns, family + "DELETE FROM map_runs WHERE execution IN family"},
		{&p.purgeExecutions, family + "DELETE FROM executions WHERE id IN family"},
	} {
		prepared, err := c.PrepareContext(ctx, s.sql)
		if err != nil {
			return err
		}
		*s.to = prepared.(statement)
		p.all = append(p.all, *s.to)
	}
	return nil
}

// family is an execution that does not run, with the children of its map runs and
// of theirs.
const family = `WITH RECURSIVE family(id) AS (SELECT id FROM executions WHERE id = ? AND status <> 1 UNION ALL
	SELECT x.id FROM executions AS x JOIN family AS f ON x.parent = f.id WHERE x.parent <> 0 AND x.machine < 0) `

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(data []byte) int64 { return int64(crc32.Checksum(data, castagnoli)) }

// batch writes one batch; the caller has begun the transaction.
func (p *statements) batch(b *store.Batch) error {
	var failed error
	exec := func(s statement, args ...driver.Value) {
		if failed == nil {
			failed = p.exec(s, args...)
		}
	}
	for k, v := range b.Settings {
		exec(p.setting, k, v)
	}
	for _, d := range b.Definitions {
		exec(p.definition, d.ID, d.Text)
	}
	for _, m := range b.Machines {
		exec(p.machine, m.ID, m.Name, m.Data)
	}
	for i := range b.Create {
		x := &b.Create[i]
		exec(p.execution, x.ID, x.Machine, x.Name, x.Definition, x.Version, x.Alias, x.Kernel, x.Parent, x.ParentTask,
			int64(x.Status), x.Started, x.Stopped, x.Redriven, x.Redrives, x.Wake)
	}
	for i := range b.Entries {
		e := &b.Entries[i]
		exec(p.entry, e.Execution, e.Seq, e.Events, checksum(e.Data), e.Data)
	}
	for _, c := range b.Update {
		exec(p.change, int64(c.Status), c.Stopped, c.Redriven, c.Redrives, c.Wake, c.ID)
	}
	for _, t := range b.Tokens {
		exec(p.token, t.Token, t.Execution, t.Task, t.Activity, t.Machine, t.Activity != "")
	}
	for _, t := range b.Taken {
		exec(p.taken, t)
	}
	for _, x := range b.Express {
		exec(p.express, x.ID, x.Machine, x.Definition, x.Started, x.Data)
	}
	for _, id := range b.Ended {
		exec(p.ended, id)
	}
	for _, m := range b.MapRuns {
		exec(p.mapRun, m.ARN, m.Execution, m.Run, m.Machine, m.Open, m.Data)
	}
	for _, id := range b.Purge {
		exec(p.purgeJournal, id)
		exec(p.purgeTokens, id)
		exec(p.purgeMapRuns, id)
		exec(p.purgeExecutions, id)
	}
	return failed
}
