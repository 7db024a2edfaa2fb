//go:build linux

package standard_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSweepMigration takes the power away after each system call while files of
// older versions of the schema are brought up to date: the next that opens the
// file finds all that was in it.
func TestSweepMigration(t *testing.T) {
	t.Parallel()
	needStrace(t)
	files, err := filepath.Glob(filepath.Join("..", "store", "sqlite", "testdata", "schema*.sql"))
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, file := range files[:len(files)-1] { // the newest is as it should be
		dir := ram(t)
		folder := filepath.Join(dir, "db")
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		script, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		runSQL(t, folder, string(script))
		old, err := os.ReadFile(filepath.Join(folder, "x.db"))
		if err != nil {
			t.Fatal(err)
		}
		before := rowsOf(t, folder)
		log := filepath.Join(dir, "log")
		cmd := exec.Command("strace", slices.Concat(straceOptions, traceOptions(log), []string{os.Args[0]})...)
		cmd.Env = append(os.Environ(), migrateFolder+"="+folder)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		moments, err := readTrace(log, folder, "")
		if err != nil {
			t.Fatal(err)
		}
		newest := rowsOf(t, folder)
		disk := map[string]*medium{filepath.Join(folder, "x.db"): {certain: old}}
		tried, as := 0, map[string]int{}
		images(disk, moments, 3, rand.New(rand.NewPCG(7, 8)), func(i image) bool {
			tried++
			image := filepath.Join(dir, "image")
			if err := i.restore(image); err != nil {
				t.Fatal(err)
			}
			left := rowsOf(t, image)
			as[left[0]]++
			if runMigration(image) != 0 || left[1] != before[1] || rowsOf(t, image) != newest {
				t.Errorf("%s: %q, then %q, want %q", i.about, left, rowsOf(t, image), newest)
			}
			return true
		})
		t.Logf("%s: %d images of %d moments, by version %v", filepath.Base(file), tried, len(moments), as)
		if tried < 30 || as[before[0]] == 0 || as[newest[0]] == 0 {
			t.Error("the sweep has tested too little")
		}
	}
}

func runSQL(t *testing.T, folder, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(folder, "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(script); err != nil {
		t.Fatal(err)
	}
}

// rowsOf returns the version of a database and what is in its most important
// tables.
func rowsOf(t *testing.T, folder string) (version [2]string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(folder, "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var all bytes.Buffer
	for i, query := range []string{
		"SELECT user_version || ' with ' || (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version",
		"SELECT json_array(id, machine, name, status, wake) FROM executions ORDER BY id",
		"SELECT execution || ' ' || seq || ' ' || crc || ' ' || CAST(data AS TEXT) FROM journal ORDER BY execution, seq",
		"SELECT token FROM tokens ORDER BY token", "SELECT CAST(data AS TEXT) FROM express ORDER BY id", "SELECT CAST(data AS TEXT) FROM machines ORDER BY id",
	} {
		rows, err := db.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				version[0] = line
			} else {
				fmt.Fprintln(&all, line)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	version[1] = strings.TrimSpace(all.String())
	return version
}
