package runtime_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Store files of each version of the schema lie beside the driver, as SQL. Each
// was written by a release that had the schema, while the executions below were
// under way. STEPSMITH_UPDATE=1 writes the file of a version that has none; it is
// never written again.
func oldFile(schema int) string {
	return filepath.Join("store", "sqlite", "testdata", fmt.Sprintf("schema%d.sql", schema))
}

const (
	oldLambda   = `"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "End": true`
	oldRetry    = `"Retry": [{"ErrorEquals": ["Stepsmith.Interrupted"], "MaxAttempts": 1}]`
	oldActivity = "arn:aws:states:us-east-1:123456789012:activity:desk"
	oldARN      = "arn:aws:states:us-east-1:123456789012:execution:"
)

var oldTime = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// oldMachines are the machines in a file. Distributed Map states came with
// version 2.
func oldMachines(schema int) []runtime.Definition {
	machines := []runtime.Definition{
		{Name: "one", ASL: `{"StartAt": "A", "States": {"A": {` + oldLambda + `, ` + oldRetry + `}}}`},
		{Name: "wait", ASL: `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": true}}}`},
		{Name: "call", ASL: `{"StartAt": "C", "States": {"C": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
			"Parameters": {"Token.$": "$$.Task.Token"}, "End": true}}}`},
		{Name: "act", ASL: `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "` + oldActivity + `", "End": true}}}`},
		{Name: "parent", ASL: `{"StartAt": "P", "States": {"P": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
			"Parameters": {"StateMachineArn": "one", "Input": "hang"}, "OutputPath": "$.Output", "End": true}}}`},
		{Name: "quick", Type: runtime.Express, ASL: `{"StartAt": "Q", "States": {"Q": {` + oldLambda + `}}}`},
	}
	if schema > 1 {
		machines = append(machines, runtime.Definition{Name: "each", ASL: `{"StartAt": "M", "States": {"M": {"Type": "Map", "MaxConcurrency": 1, "End": true,
			"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "A", "States": {"A": {` + oldLambda + `, ` + oldRetry + `}}}}}}`})
	}
	return machines
}

// openOld opens a store file at a time that stands still until the clock's End.
func openOld(t *testing.T, file string, at time.Time, o runtime.Options, schema int, work task.HandlerFunc) (*runtime.Engine, *clock.Virtual) {
	t.Helper()
	db, err := sqlite.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewVirtual(at)
	c.Begin()
	o.Store, o.Clock, o.Logger, o.Retention = db, c, slog.New(slog.DiscardHandler), -1
	e, err := runtime.New(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range oldMachines(schema) {
		if _, err := e.Deploy(t.Context(), d, task.Handlers{"work": work, "C": work}); err != nil {
			t.Fatal(err)
		}
	}
	return e, c
}

// TestUpgrade opens a file of each version of the schema: what had ended can be
// read, and what was under way goes on.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	newest := version(t, filepath.Join(t.TempDir(), "x.db"))
	if os.Getenv("STEPSMITH_UPDATE") != "" {
		writeOld(t, newest)
	}
	for schema := 1; schema <= newest; schema++ {
		t.Run(fmt.Sprint("schema ", schema), func(t *testing.T) {
			t.Parallel()
			script, err := os.ReadFile(oldFile(schema))
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "x.db")
			execute(t, file, string(script))
			upgrade(t, file, schema)
			if v := version(t, file); v != newest {
				t.Errorf("the file has version %d", v)
			}
		})
	}
}

func upgrade(t *testing.T, file string, schema int) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	again := make(chan string, 1)
	e, c := openOld(t, file, oldTime.Add(time.Minute), runtime.Options{}, schema, func(ctx context.Context, in json.RawMessage) (json.RawMessage, error) {
		if d := task.Info(ctx); d.Machine == "quick" {
			again <- d.ExecutionName + " " + string(in)
		}
		return in, nil
	})
	defer e.Shutdown(ctx)
	if err := e.SendTaskSuccess(ctx, oldToken(t, file), json.RawMessage(`"answered"`)); err != nil {
		t.Error(err)
	}
	if p, err := e.Poll(ctx, oldActivity, "w"); err != nil {
		t.Error(err)
	} else if err := e.SendTaskSuccess(ctx, p.Token, p.Input); err != nil {
		t.Error(err)
	}
	failed, err := e.Describe(ctx, oldARN+"one:failed")
	if err != nil || failed.Status != runtime.Failed || failed.Error != "Broken" {
		t.Errorf("what had failed: %+v, %v", failed, err)
	}
	if err := e.Redrive(ctx, oldARN+"one:failed"); err != nil {
		t.Error(err)
	}
	if got := <-again; got != `again "hang"` {
		t.Errorf("the Express execution ran again: %s", got)
	}
	if _, err := e.Start(ctx, "arn:aws:states:us-east-1:123456789012:stateMachine:one:live", json.RawMessage("1"), runtime.Name("new")); err != nil {
		t.Error(err)
	}
	c.End()
	want := map[string]string{
		"one:done": `"fine"`, "one:failed": `"fail"`, "one:cut": `"hang"`, "one:versioned": `"fine"`, "one:new": "1", "wait:w": `"fine"`, "call:c": `"answered"`, "act:a": `"fine"`, "parent:p": `"hang"`,
	}
	if schema > 1 {
		want["each:e"] = `["fine","hang","fine"]`
	}
	for name, output := range want {
		d, err := e.Wait(ctx, oldARN+name)
		if err != nil || d.Status != runtime.Succeeded || d.Output.Text() != output {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
	waited, err := e.Describe(ctx, oldARN+"wait:w")
	if err != nil || !waited.Stopped.Equal(oldTime.Add(time.Hour)) {
		t.Errorf("the wait of an hour ended at %v: %v", waited.Stopped, err)
	}
	cut := []history.Type{"ExecutionStarted", "TaskStateEntered", "LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionFailed",
		"LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded", "TaskStateExited", "ExecutionSucceeded"}
	var types []history.Type
	for event, err := range e.History(ctx, oldARN+"one:cut", false) {
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, event.Type)
	}
	if d := cmp.Diff(cut, types); d != "" {
		t.Error(d)
	}
}

// writeOld writes the file of the newest version unless there is one.
func writeOld(t *testing.T, schema int) {
	if _, err := os.Stat(oldFile(schema)); err == nil {
		return
	}
	file := filepath.Join(t.TempDir(), "x.db")
	reached := make(chan string, 10)
	o := runtime.Options{Observe: func(arn string, event history.Event) {
		if event.Type == history.TaskSubmitted && strings.Contains(arn, ":call:") || event.Type == history.ActivityScheduled {
			reached <- arn
		}
	}}
	e, _ := openOld(t, file, oldTime, o, schema, func(ctx context.Context, in json.RawMessage) (json.RawMessage, error) {
		switch string(in) {
		case `"hang"`:
			reached <- task.Info(ctx).Execution
			<-ctx.Done()
			return nil, ctx.Err()
		case `"fail"`:
			return nil, &task.Error{Name: "Broken"}
		}
		return in, nil
	})
	if _, err := e.PublishVersion(t.Context(), "one", "the first"); err != nil {
		t.Fatal(err)
	}
	live, err := e.SetAlias(t.Context(), "one", "live", runtime.Route{Version: 1, Weight: 100})
	if err != nil {
		t.Fatal(err)
	}
	wanted := 5 // 3 that hang, the callback and the activity
	for _, x := range [][3]string{
		{"one", "cut", `"hang"`}, {"wait", "w", `"fine"`}, {"call", "c", `"fine"`}, {"act", "a", `"fine"`}, {"parent", "p", `"fine"`},
		{"quick", "again", `"hang"`}, {"each", "e", `["fine","hang","fine"]`}, {"one", "done", `"fine"`}, {"one", "failed", `"fail"`}, {live, "versioned", `"fine"`},
	} {
		if x[0] == "each" {
			if schema == 1 {
				continue
			}
			wanted++
		}
		arn, err := e.Start(t.Context(), x[0], json.RawMessage(x[2]), runtime.Name(x[1]))
		if err != nil {
			t.Fatal(err)
		}
		if x[0] == "one" && x[1] != "cut" || x[0] == live {
			if _, err := e.Wait(t.Context(), arn); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range wanted {
		<-reached
	}
	if err := os.WriteFile(oldFile(schema), []byte(dump(t, file)), 0o644); err != nil {
		t.Fatal(err)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	e.Shutdown(stopped) // what hangs is not waited for
}

func query(t *testing.T, file, text string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
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

// version is the version of a file's schema; a file that is not there is made.
func version(t *testing.T, file string) (n int) {
	t.Helper()
	s, err := sqlite.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	fmt.Sscan(query(t, file, "PRAGMA user_version")[0], &n)
	return n
}

func oldToken(t *testing.T, file string) string {
	t.Helper()
	return query(t, file, "SELECT token FROM tokens WHERE activity = ''")[0]
}

// dump writes a file as SQL: blobs are texts in it.
func dump(t *testing.T, file string) string {
	t.Helper()
	lines := query(t, file, `SELECT 'PRAGMA application_id = ' || application_id || '; PRAGMA user_version = ' || user_version
		FROM pragma_application_id, pragma_user_version`)
	lines = append(lines, query(t, file, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")...)
	for _, table := range query(t, file, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid") {
		var columns []string
		for _, c := range query(t, file, "SELECT name FROM pragma_table_info('"+table+"')") {
			columns = append(columns, fmt.Sprintf("iif(typeof(%[1]s) = 'blob', 'CAST(' || quote(CAST(%[1]s AS TEXT)) || ' AS BLOB)', quote(%[1]s))", c))
		}
		rows := query(t, file, "SELECT 'INSERT INTO "+table+" VALUES (' || "+strings.Join(columns, " || ', ' || ")+" || ')' FROM "+table)
		slices.Sort(rows)
		lines = append(lines, rows...)
	}
	return strings.Join(lines, ";\n") + ";\n"
}
