package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"

	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// Settings implements [store.Store].
func (s *Store) Settings(ctx context.Context) (map[string]string, error) {
	settings := make(map[string]string)
	for row, err := range query(ctx, s.reads, "SELECT key, value FROM settings", func(r *sql.Rows, kv *[2]string) error {
		return r.Scan(&kv[0], &kv[1])
	}) {
		if err != nil {
			return nil, err
		}
		settings[row[0]] = row[1]
	}
	return settings, nil
}

// query iterates over the rows of a query.
func query[T any](ctx context.Context, db *sql.DB, text string, scan func(*sql.Rows, *T) error, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := db.QueryContext(ctx, text, args...)
		if err != nil {
			yield(none, fmt.Errorf("sqlite: %w", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var item T
			if err := scan(rows, &item); err != nil {
				yield(none, fmt.Errorf("sqlite: %w", err))
				return
			}
			if !yield(item, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, fmt.Errorf("sqlite: %w", err))
		}
	}
}

func collect[T any](rows iter.Seq2[T, error]) ([]T, error) {
	var items []T
	for item, err := range rows {
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// one returns the only row of a query.
func one[T any](rows iter.Seq2[T, error]) (T, error) {
	for item, err := range rows {
		return item, err
	}
	var none T
	return none, store.ErrNotFound
}

// Machines implements [store.Store].
func (s *Store) Machines(ctx context.Context) ([]store.Machine, error) {
	return collect(query(ctx, s.reads, "SELECT id, name, data FROM machines ORDER BY id", func(r *sql.Rows, m *store.Machine) error {
		return r.Scan(&m.ID, &m.Name, &m.Data)
	}))
}

// Definition implements [store.Store].
func (s *Store) Definition(ctx context.Context, id int64) (string, error) {
	return one(query(ctx, s.reads, "SELECT text FROM definitions WHERE id = ?", func(r *sql.Rows, text *string) error {
		return r.Scan(text)
	}, id))
}

// LastID implements [store.Store].
func (s *Store) LastID(ctx context.Context) (int64, error) {
	return one(query(ctx, s.reads,
		`SELECT coalesce(max(id), 0) FROM (SELECT max(id) AS id FROM executions
			UNION ALL SELECT max(id) FROM express UNION ALL SELECT max(id) FROM definitions)`,
		func(r *sql.Rows, id *int64) error { return r.Scan(id) }))
}

const executions = `SELECT id, machine, name, definition, version, alias, kernel, parent, parent_task,
	status, started, stopped, redriven, redrives, wake FROM executions `

func scanExecution(r *sql.Rows, x *store.Execution) error {
	return r.Scan(&x.ID, &x.Machine, &x.Name, &x.Definition, &x.Version, &x.Alias, &x.Kernel, &x.Parent, &x.ParentTask,
		&x.Status, &x.Started, &x.Stopped, &x.Redriven, &x.Redrives, &x.Wake)
}

// Running implements [store.Store].
func (s *Store) Running(ctx context.Context, machine int64) iter.Seq2[store.Execution, error] {
	return query(ctx, s.reads, executions+"WHERE machine = ? AND status = 1 ORDER BY id", scanExecution, machine)
}

// Execution implements [store.Store].
func (s *Store) Execution(ctx context.Context, id int64) (store.Execution, error) {
	return one(query(ctx, s.reads, executions+"WHERE id = ?", scanExecution, id))
}

// Named implements [store.Store].
func (s *Store) Named(ctx context.Context, machine int64, name string) (store.Execution, error) {
	return one(query(ctx, s.reads, executions+"WHERE machine = ? AND name = ?", scanExecution, machine, name))
}

// List implements [store.Store].
func (s *Store) List(ctx context.Context, q store.Query) ([]store.Execution, error) {
	if q.Before == 0 {
		q.Before = store.Never
	}
	if q.Parent != 0 {
		const children = "WHERE parent = ? AND parent <> 0 AND parent_task = ? AND id < ? AND (? = 0 OR status = ?) ORDER BY id DESC LIMIT ?"
		return collect(query(ctx, s.reads, executions+children, scanExecution,
			q.Parent, q.ParentTask, q.Before, int64(q.Status), int64(q.Status), q.Limit))
	}
	const page = "WHERE machine = ? AND status = ? AND id < ? ORDER BY id DESC LIMIT ?"
	if q.Status != store.AnyStatus {
		return collect(query(ctx, s.reads, executions+page, scanExecution, q.Machine, int64(q.Status), q.Before, q.Limit))
	}
	// The index is by status: the newest of each, and of those the newest.
	var parts []string
	var args []any
	for status := store.Running; status <= store.Aborted; status++ {
		parts = append(parts, "SELECT id FROM (SELECT id FROM executions "+page+")")
		args = append(args, q.Machine, int64(status), q.Before, q.Limit)
	}
	text := executions + "WHERE id IN (SELECT id FROM (" + strings.Join(parts, " UNION ALL ") + ") ORDER BY id DESC LIMIT ?) ORDER BY id DESC"
	return collect(query(ctx, s.reads, text, scanExecution, append(args, q.Limit)...))
}

// Tally implements [store.Store].
func (s *Store) Tally(ctx context.Context, parent, task int64) (map[store.Status]int64, error) {
	const text = "SELECT status, count(*) FROM executions WHERE parent = ? AND parent <> 0 AND parent_task = ? GROUP BY status"
	tally := make(map[store.Status]int64)
	for row, err := range query(ctx, s.reads, text, func(r *sql.Rows, n *[2]int64) error {
		return r.Scan(&n[0], &n[1])
	}, parent, task) {
		if err != nil {
			return nil, err
		}
		tally[store.Status(row[0])] = row[1]
	}
	return tally, nil
}

const mapRuns = "SELECT arn, execution, run, machine, open, data FROM map_runs "

func scanMapRun(r *sql.Rows, m *store.MapRun) error {
	return r.Scan(&m.ARN, &m.Execution, &m.Run, &m.Machine, &m.Open, &m.Data)
}

// MapRun implements [store.Store].
func (s *Store) MapRun(ctx context.Context, arn string) (store.MapRun, error) {
	return one(query(ctx, s.reads, mapRuns+"WHERE arn = ?", scanMapRun, arn))
}

// MapRuns implements [store.Store].
func (s *Store) MapRuns(ctx context.Context, execution int64) ([]store.MapRun, error) {
	return collect(query(ctx, s.reads, mapRuns+"WHERE execution = ? ORDER BY run", scanMapRun, execution))
}

// OpenMapRuns implements [store.Store].
func (s *Store) OpenMapRuns(ctx context.Context, machine int64) ([]store.MapRun, error) {
	return collect(query(ctx, s.reads, mapRuns+"WHERE machine = ? AND open = 1 ORDER BY execution, run", scanMapRun, machine))
}

// Journal implements [store.Store].
func (s *Store) Journal(ctx context.Context, execution int64) iter.Seq2[store.Entry, error] {
	return query(ctx, s.reads, journal+"WHERE execution = ? ORDER BY seq", scanEntry, execution)
}

const journal = "SELECT execution, seq, events, crc, data FROM journal "

func scanEntry(r *sql.Rows, e *store.Entry) error {
	var crc int64
	if err := r.Scan(&e.Execution, &e.Seq, &e.Events, &crc, &e.Data); err != nil {
		return err
	}
	if crc != checksum(e.Data) {
		return fmt.Errorf("entry %d of execution %d is damaged: its checksum is wrong", e.Seq, e.Execution)
	}
	return nil
}

// Edges implements [store.Store].
func (s *Store) Edges(ctx context.Context, execution int64) (first, last store.Entry, err error) {
	first, err = one(query(ctx, s.reads, journal+"WHERE execution = ? ORDER BY seq LIMIT 1", scanEntry, execution))
	if err == nil {
		last, err = one(query(ctx, s.reads, journal+"WHERE execution = ? ORDER BY seq DESC LIMIT 1", scanEntry, execution))
	}
	return first, last, err
}

func scanToken(r *sql.Rows, t *store.Token) error {
	return r.Scan(&t.Token, &t.Execution, &t.Task, &t.Activity, &t.Machine)
}

const tokens = "SELECT token, execution, task, activity, machine FROM tokens "

// Token implements [store.Store].
func (s *Store) Token(ctx context.Context, token string) (store.Token, error) {
	return one(query(ctx, s.reads, tokens+"WHERE token = ?", scanToken, token))
}

// Waiting implements [store.Store].
func (s *Store) Waiting(ctx context.Context, machine int64) ([]store.Token, error) {
	return collect(query(ctx, s.reads, tokens+"WHERE machine = ? AND waiting = 1 ORDER BY execution, task", scanToken, machine))
}

// ExpressStarts implements [store.Store].
func (s *Store) ExpressStarts(ctx context.Context, machine int64) ([]store.ExpressStart, error) {
	const text = "SELECT id, machine, definition, started, data FROM express WHERE machine = ? ORDER BY id"
	return collect(query(ctx, s.reads, text, func(r *sql.Rows, x *store.ExpressStart) error {
		return r.Scan(&x.ID, &x.Machine, &x.Definition, &x.Started, &x.Data)
	}, machine))
}

// Closed implements [store.Store].
func (s *Store) Closed(ctx context.Context, before, after int64, limit int) (ids []int64, last int64, err error) {
	const text = "SELECT id, status, stopped FROM executions WHERE id > ? AND machine > 0 ORDER BY id LIMIT ?"
	n := 0
	for x, err := range query(ctx, s.reads, text, func(r *sql.Rows, x *store.Execution) error {
		return r.Scan(&x.ID, &x.Status, &x.Stopped)
	}, after, limit) {
		if err != nil {
			return nil, 0, err
		}
		n++
		last = x.ID
		if x.Status != store.Running && x.Stopped < before {
			ids = append(ids, x.ID)
		}
	}
	if n < limit {
		last = 0
	}
	return ids, last, nil
}
