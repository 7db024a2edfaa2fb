package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// applicationID marks a database file as ours: "Stsm".
const applicationID = 0x5374736d

// migrations bring the schema from each version to the next; the version is the
// file's user_version. They are never changed once released, only added to.
var migrations = []string{
	`
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE definitions (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE machines (id INTEGER PRIMARY KEY, name TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE executions (
	id INTEGER PRIMARY KEY,
	machine INTEGER NOT NULL,
	name TEXT NOT NULL,
	definition INTEGER NOT NULL,
	version INTEGER NOT NULL,
	alias TEXT NOT NULL,
	kernel INTEGER NOT NULL,
	parent INTEGER NOT NULL,
	parent_task INTEGER NOT NULL,
	status INTEGER NOT NULL,   -- 1 running, 2 succeeded, 3 failed, 4 timed out, 5 aborted
	started INTEGER NOT NULL,  -- times are Unix nanoseconds
	stopped INTEGER NOT NULL,
	redriven INTEGER NOT NULL,
	redrives INTEGER NOT NULL,
	wake INTEGER NOT NULL
);
CREATE UNIQUE INDEX executions_name ON executions (machine, name);
CREATE INDEX executions_status ON executions (machine, status, id);
CREATE INDEX executions_parent ON executions (parent) WHERE parent <> 0;
CREATE TABLE journal (
	execution INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	events INTEGER NOT NULL,   -- history events so far
	crc INTEGER NOT NULL,      -- CRC-32C of data
	data BLOB NOT NULL,        -- JSON: what happened outside of the kernel
	PRIMARY KEY (execution, seq)
) WITHOUT ROWID;
CREATE TABLE tokens (
	token TEXT PRIMARY KEY,
	execution INTEGER NOT NULL,
	task INTEGER NOT NULL,
	activity TEXT NOT NULL,
	machine INTEGER NOT NULL,
	waiting INTEGER NOT NULL   -- no worker has taken it
) WITHOUT ROWID;
CREATE INDEX tokens_waiting ON tokens (machine, execution, task) WHERE waiting = 1;
CREATE INDEX tokens_execution ON tokens (execution);
CREATE TABLE express (
	id INTEGER PRIMARY KEY,
	machine INTEGER NOT NULL,
	definition INTEGER NOT NULL,
	started INTEGER NOT NULL,
	data BLOB NOT NULL
);
CREATE VIEW inputs AS
	SELECT j.execution, j.seq, e.key AS step, e.value AS input
	FROM journal AS j, json_each(CAST(j.data AS TEXT)) AS e;
`,
	`
CREATE TABLE map_runs (
	arn TEXT PRIMARY KEY,
	execution INTEGER NOT NULL,
	run INTEGER NOT NULL,
	machine INTEGER NOT NULL,
	open INTEGER NOT NULL,     -- it or its children run
	data BLOB NOT NULL         -- JSON
) WITHOUT ROWID;
CREATE INDEX map_runs_execution ON map_runs (execution, run);
CREATE INDEX map_runs_open ON map_runs (machine, execution, run) WHERE open = 1;
`,
}

// identify returns the version of a file's schema, 0 of a file that is empty. A
// file of another program or of a newer release is refused, and left as it is.
func identify(ctx context.Context, db interface {
	QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row
}, file string) (version int, err error) {
	var application, tables int
	const text = `SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version, pragma_application_id`
	if err := db.QueryRowContext(ctx, text).Scan(&version, &application, &tables); err != nil {
		return 0, fmt.Errorf("%s: %w", file, err)
	}
	switch {
	case application != applicationID && (application != 0 || version != 0 || tables != 0):
		return 0, fmt.Errorf("%s is the database of another program", file)
	case version > len(migrations):
		return 0, fmt.Errorf("%s was written by a newer release (schema %d, this one knows %d): upgrade the program", file, version, len(migrations))
	}
	return version, nil
}

// migrate brings the schema up to date from a version. Each step is a transaction:
// a crash leaves the schema of one version or of the next.
func migrate(ctx context.Context, c *sql.Conn, file string, version int) error {
	for ; version < len(migrations); version++ {
		script := fmt.Sprintf("BEGIN IMMEDIATE; %s; PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
			migrations[version], applicationID, version+1)
		if _, err := c.ExecContext(ctx, script); err != nil {
			return fmt.Errorf("%s: migration to schema %d: %w", file, version+1, err)
		}
	}
	return nil
}
