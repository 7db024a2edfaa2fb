package sqlite_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
)

// older makes a file of an older version of the schema; see runtime/upgrade_test.go.
func older(t *testing.T, version int) string {
	t.Helper()
	script, err := os.ReadFile(filepath.Join("testdata", fmt.Sprintf("schema%d.sql", version)))
	if err != nil {
		t.Fatalf("each version of the schema needs a file of its time: %v", err)
	}
	file := filepath.Join(t.TempDir(), "x.db")
	execute(t, file, string(script))
	return file
}

func execute(t *testing.T, file, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(script); err != nil {
		t.Fatal(err)
	}
}

// texts returns the first column of a query.
func texts(t *testing.T, file, query string) (lines []string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

const (
	schemaOf  = "SELECT name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY name"
	versionOf = "PRAGMA user_version"
)

// content returns the rows of the tables of an old file.
func content(t *testing.T, file string, tables []string) (rows []string) {
	t.Helper()
	for _, table := range tables {
		columns := texts(t, file, "SELECT 'quote(' || name || ')' FROM pragma_table_info('"+table+"')")
		for _, row := range texts(t, file, "SELECT "+strings.Join(columns, " || ', ' || ")+" FROM "+table) {
			rows = append(rows, table+": "+row)
		}
	}
	slices.Sort(rows)
	return rows
}

// TestMigrations brings files of all versions up to date: the schema is that of a
// new file, and the rows are what they were. A reader does so, too.
func TestMigrations(t *testing.T) {
	t.Parallel()
	fresh := filepath.Join(t.TempDir(), "x.db")
	open(t, fresh).Close()
	newest := texts(t, fresh, versionOf)[0]
	opens := map[string]func(string) (*sqlite.Store, error){"writer": sqlite.Open, "reader": sqlite.OpenReader}
	for version := 1; fmt.Sprint(version) <= newest; version++ {
		for name, open := range opens {
			t.Run(fmt.Sprint("schema ", version, ", ", name), func(t *testing.T) {
				t.Parallel()
				file := older(t, version)
				tables := texts(t, file, "SELECT name FROM sqlite_schema WHERE type = 'table'")
				before := content(t, file, tables)
				s, err := open(file)
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				if d := cmp.Diff(texts(t, fresh, schemaOf), texts(t, file, schemaOf)); d != "" {
					t.Errorf("the schema of a new file and of this one (-new +this):\n%s", d)
				}
				if d := cmp.Diff(before, content(t, file, tables)); d != "" || len(before) < 10 {
					t.Errorf("%d rows have changed:\n%s", len(before), d)
				}
				if got := texts(t, file, versionOf)[0]; got != newest {
					t.Errorf("version %s", got)
				}
			})
		}
	}
}

// TestMigrationFails: what goes wrong in the middle of a migration leaves the file
// as it was, and the next that opens it tries again.
func TestMigrationFails(t *testing.T) {
	t.Parallel()
	file := older(t, 1)
	execute(t, file, "CREATE TABLE x (y); CREATE INDEX map_runs_open ON x (y)") // what the migration makes last
	before := texts(t, file, schemaOf)
	_, err := sqlite.Open(file)
	if err == nil || !strings.Contains(err.Error(), file+": migration to schema 2") {
		t.Errorf("the migration did not fail: %v", err)
	}
	if d := cmp.Diff(before, texts(t, file, schemaOf)); d != "" || texts(t, file, versionOf)[0] != "1" {
		t.Errorf("the file has changed:\n%s", d)
	}
	execute(t, file, "DROP TABLE x")
	open(t, file)
}

// TestRefuses: files of others are refused and not touched.
func TestRefuses(t *testing.T) {
	t.Parallel()
	const ours = "PRAGMA application_id = 0x5374736d;"
	tests := []struct{ name, script, want string }{
		{"another program", "PRAGMA application_id = 7; CREATE TABLE x (y)", "the database of another program"},
		{"another program's version", "PRAGMA user_version = 1; CREATE TABLE x (y)", "the database of another program"},
		{"another program without marks", "CREATE TABLE x (y)", "the database of another program"},
		{"newer", ours + "PRAGMA user_version = 999; CREATE TABLE x (y)", "newer release (schema 999, this one knows"},
		{"no database", "", "not a database"},
	}
	for _, tt := range tests {
		file := filepath.Join(t.TempDir(), "x.db")
		if tt.script == "" {
			if err := os.WriteFile(file, bytes.Repeat([]byte("Dear diary, "), 1000), 0o644); err != nil {
				t.Fatal(err)
			}
		} else {
			execute(t, file, tt.script)
		}
		before, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for name, open := range map[string]func(string) (*sqlite.Store, error){"writer": sqlite.Open, "reader": sqlite.OpenReader} {
			if _, err := open(file); err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), file) {
				t.Errorf("%s, %s: %v", tt.name, name, err)
			}
		}
		if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s: the file was changed, %v", tt.name, err)
		}
	}
	if _, err := sqlite.OpenReader(filepath.Join(t.TempDir(), "none.db")); err == nil {
		t.Error("a reader opened a file that is not there")
	}
	empty := filepath.Join(t.TempDir(), "empty.db")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.OpenReader(empty); err == nil || !strings.Contains(err.Error(), "not a store of executions") {
		t.Errorf("a reader opened an empty file: %v", err)
	}
}
