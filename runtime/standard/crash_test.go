package standard_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// victim is the variable that makes the test binary the program that is killed;
// it names the folder with the database and the files below.
const victim = "STEPSMITH_VICTIM"

func TestMain(m *testing.M) {
	if dir := os.Getenv(victim); dir != "" {
		if err := runVictim(dir, os.Getenv(victim+"_FINISH") != ""); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if folder := os.Getenv(preyFolder); folder != "" {
		os.Exit(runPrey(folder))
	}
	if folder := os.Getenv(migrateFolder); folder != "" {
		os.Exit(runMigration(folder))
	}
	if folder := os.Getenv(chainFolder); folder != "" {
		os.Exit(runChains(folder))
	}
	os.Exit(m.Run())
}

// The workflow goes through everything that has to survive: tasks, a timer, a
// token and a child.
var (
	again = `"Retry": [{"ErrorEquals": ["Stepsmith.Interrupted"], "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": 1000}],`
	trunk = machine("A", `"A":`+lambda("work", again+`"Next": "W"`), `"W": {"Type": "Wait", "Seconds": 0, "Next": "T"}`,
		`"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
			"Parameters": {"FunctionName": "ask", "Payload": {"token.$": "$$.Task.Token", "n.$": "$"}}, `+again+` "Next": "C"}`,
		`"C": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "OutputPath": "$.Output",
			"Parameters": {"StateMachineArn": "leaf", "Input.$": "$"}, "Next": "B"}`,
		`"B":`+lambda("work", again+`"End": true`))
	leaf = machine("L", `"L":`+lambda("work", again+`"End": true`))
)

// A diary is a file that survives the process that writes it.
type diary struct{ file *os.File }

func openDiary(dir, name string) (*diary, error) {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	return &diary{f}, err
}

func (d *diary) write(line string) error {
	_, err := d.file.WriteString(line + "\n") // one system call
	return err
}

// runVictim starts executions until it is killed, or finishes what is there.
func runVictim(dir string, finish bool) error {
	ctx := context.Background()
	calls, err := openDiary(dir, "calls")
	if err != nil {
		return err
	}
	acknowledged, err := openDiary(dir, "acknowledged")
	if err != nil {
		return err
	}
	db, err := sqlite.Open(filepath.Join(dir, "x.db"))
	if err != nil {
		return err
	}
	e, err := standard.Open(ctx, standard.Options{Store: db, Compile: compile})
	if err != nil {
		return err
	}
	asked, err := openDiary(dir, "asked")
	if err != nil {
		return err
	}
	// answer answers a token twice: the first answer must count, if it comes in
	// time.
	answer := func(token string, n int) {
		if e.SendTaskSuccess(ctx, token, value.DocOf(value.Int(int64(n+1)))) == nil {
			acknowledged.write("token " + token)
		}
		if e.SendTaskSuccess(ctx, token, value.DocOf(value.Int(-1000))) == nil {
			acknowledged.write("second " + token)
		}
	}
	handlers := task.Handlers{
		"work": task.Func(func(ctx context.Context, n int) (int, error) {
			d := task.Info(ctx)
			return n + 1, calls.write(fmt.Sprint(d.ExecutionName, " ", d.State, " ", d.Attempt))
		}),
		"ask": task.Func(func(ctx context.Context, in struct {
			Token string
			N     int
		}) (any, error) {
			d := task.Info(ctx)
			if err := asked.write(fmt.Sprint(in.Token, " ", in.N)); err != nil {
				return nil, err
			}
			go answer(in.Token, in.N)
			return nil, calls.write(fmt.Sprint(d.ExecutionName, " ", d.State, " ", d.Attempt))
		}),
	}
	for name, definition := range map[string]string{"leaf": leaf, "trunk": trunk} {
		if _, err := e.Deploy(ctx, name, "STANDARD", definition, handlers); err != nil {
			return err
		}
	}
	if err := answerAgain(dir, answer); err != nil {
		return err
	}
	if finish {
		return finishVictim(ctx, e, db)
	}
	var n atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				name := fmt.Sprint("p", os.Getpid(), "-", n.Add(1))
				x, err := e.Start(ctx, "trunk", name, value.DocOf(value.Int(0)))
				if err != nil {
					return
				}
				if acknowledged.write("start "+name) != nil {
					return
				}
				e.Wait(ctx, x.ARN)
			}
		})
	}
	wg.Wait()
	return errors.New("the victim stopped by itself")
}

// answerAgain answers what was asked by those that were killed.
func answerAgain(dir string, answer func(token string, n int)) error {
	text, err := os.ReadFile(filepath.Join(dir, "asked"))
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		var token string
		var n int
		if _, err := fmt.Sscan(line, &token, &n); err != nil {
			return err
		}
		answer(token, n)
	}
	return nil
}

func finishVictim(ctx context.Context, e *standard.Engine, db *sqlite.Store) error {
	machines, err := db.Machines(ctx)
	if err != nil {
		return err
	}
	for _, m := range machines {
		for x, err := range db.Running(ctx, m.ID) {
			if err != nil {
				return err
			}
			if _, err := e.Wait(ctx, "arn:aws:states:us-east-1:123456789012:execution:"+m.Name+":"+x.Name); err != nil {
				return err
			}
		}
	}
	if err := e.Shutdown(ctx); err != nil {
		return err
	}
	return db.Close()
}

// TestKill kills a process that is at work, again and again, and then looks
// whether what was promised was kept.
func TestKill(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts processes")
	}
	dir := t.TempDir()
	const kills = 12
	for i := range kills {
		cmd := victimCommand(dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(60+rand.IntN(120)) * time.Millisecond) // what is interrupted differs
		cmd.Process.Kill()
		if err := cmd.Wait(); err == nil || cmd.ProcessState.Exited() {
			t.Fatalf("round %d: not killed: %v\n%s", i, err, cmd.Stderr)
		}
	}
	cmd := victimCommand(dir)
	cmd.Env = append(cmd.Env, victim+"_FINISH=1")
	patience := time.AfterFunc(30*time.Second, func() { cmd.Process.Signal(syscall.SIGQUIT) })
	defer patience.Stop()
	if err := cmd.Run(); err != nil {
		t.Fatalf("finishing: %v\n%s", err, cmd.Stderr)
	}
	checkDiaries(t, dir)
}

func victimCommand(dir string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victim+"="+dir)
	cmd.Stderr = new(strings.Builder)
	return cmd
}

func lines(t *testing.T, file string) []string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []string
	for s := bufio.NewScanner(f); s.Scan(); {
		all = append(all, s.Text())
	}
	return all
}

// checkDiaries compares what the victims saw with what the store says.
func checkDiaries(t *testing.T, dir string) {
	t.Helper()
	e, db := inspect(t, filepath.Join(dir, "x.db"))
	interrupted, calls := 0, make(map[string]bool)
	for _, call := range lines(t, filepath.Join(dir, "calls")) {
		if calls[call] {
			t.Errorf("an attempt reached its handler twice: %s", call)
		}
		calls[call] = true
	}
	acknowledged := lines(t, filepath.Join(dir, "acknowledged"))
	for _, line := range acknowledged {
		what, name, _ := strings.Cut(line, " ")
		switch what {
		case "second":
			t.Errorf("a token was answered twice: %s", name)
		case "start":
			if d, err := e.Describe(t.Context(), "arn:aws:states:us-east-1:123456789012:execution:trunk:"+name); err != nil || outcome(d) != "SUCCEEDED 4" {
				t.Errorf("the acknowledged execution %s: %v, %v", name, err, d)
			}
		}
	}
	machines, err := db.Machines(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	executions := 0
	for _, m := range machines {
		list, err := db.List(t.Context(), store.Query{Machine: m.ID, Limit: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range list {
			executions++
			interrupted += checkHistory(t, e, m.Name, x.Name)
		}
	}
	t.Logf("%d executions, %d lines acknowledged, %d attempts interrupted", executions, len(acknowledged), interrupted)
	if interrupted == 0 {
		t.Error("no attempt was interrupted: the test has tested nothing")
	}
}

// inspect opens a store for looking into it.
func inspect(t *testing.T, file string) (*standard.Engine, *sqlite.Store) {
	t.Helper()
	db, err := sqlite.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	e, err := standard.Open(t.Context(), standard.Options{Store: db, Compile: compile, Passive: true})
	if err != nil {
		t.Fatal(err)
	}
	return e, db
}

// checkHistory checks that a history is whole. It returns how many attempts were
// interrupted.
func checkHistory(t *testing.T, e *standard.Engine, machine, name string) (interrupted int) {
	t.Helper()
	var last history.Event
	for event, err := range e.History(t.Context(), "arn:aws:states:us-east-1:123456789012:execution:"+machine+":"+name, false) {
		switch {
		case err != nil:
			t.Errorf("%s %s: %v", machine, name, err)
			return interrupted
		case event.ID != last.ID+1 || event.PreviousID >= event.ID || last.Type.Terminal() || event.Time.Before(last.Time):
			t.Errorf("%s %s: event %d (%s) after %d (%s)", machine, name, event.ID, event.Type, last.ID, last.Type)
		}
		if f, ok := event.Details.(*history.TaskFailure); ok && *f.Error == task.Interrupted {
			interrupted++
		}
		last = event
	}
	if last.Type != history.ExecutionSucceeded {
		t.Errorf("%s %s ended with %s", machine, name, last.Type)
	}
	return interrupted
}
