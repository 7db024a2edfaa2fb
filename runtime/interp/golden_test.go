package interp_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// TestGolden runs the executions of testdata/*.txtar. A file has a definition, an
// input, a script and the history that comes of them. The script answers tasks,
// in order for each state:
//
//	State: succeed {"a":1}
//	State: fail Error the cause
//	State: beat 2s 4s succeed 1   signs of life, then an answer after the last
//	State: start                  begins and never answers
//	State: none                   does not even begin
//	stop 5s                       aborts the execution
//	redrive 1h                    takes it up again when it has ended
//	limit 12                      the number of events that are allowed
func TestGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			golden(t, file)
		})
	}
}

func golden(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range archive.Files {
		parts[f.Name] = string(f.Data)
	}
	got := perform(t, parts, false)
	if again := perform(t, parts, true); again != got {
		t.Errorf("the history differs when the execution is stored after every step:\n%s", cmp.Diff(got, again))
	}
	if os.Getenv("STEPSMITH_UPDATE") == "1" {
		for i := range archive.Files {
			if archive.Files[i].Name == "history" {
				archive.Files = archive.Files[:i]
				break
			}
		}
		archive.Files = append(archive.Files, txtar.File{Name: "history", Data: []byte(got)})
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(parts["history"], got); diff != "" {
		t.Errorf("the history differs (STEPSMITH_UPDATE=1 accepts it):\n%s", diff)
	}
}

// perform runs the execution of a file and returns its history.
func perform(t *testing.T, parts map[string]string, store bool) string {
	s, m := newScript(t, parts["script"]), compile(t, parts["definition"])
	d := &driver{x: interp.New(m), play: s.play, redrives: s.redrives}
	if store {
		d.stored = func(x *interp.Execution) (*interp.Execution, error) { return stored(m, x) }
	}
	limits := interp.StandardLimits()
	limits.Events = s.limit
	if s.stop > 0 {
		d.later = append(d.later, moment{start.Add(s.stop), &interp.Stopped{Error: history.Ref("Enough"), Cause: history.Ref("stopped by hand")}})
	}
	started := &interp.Started{Input: doc(t, strings.TrimSpace(parts["input"])), Limits: limits, Info: interp.Info{
		ExecutionID: "arn:aws:states:us-east-1:123456789012:execution:m:e", ExecutionName: "e", RoleARN: "role",
		StateMachineID: "arn:aws:states:us-east-1:123456789012:stateMachine:m", StateMachine: "m",
	}}
	if err := d.run(started); err != nil && !errors.Is(err, errStuck) {
		t.Fatal(err)
	}
	return render(d.history())
}

// render shows a history, an event on a line: ids, time and what is peculiar.
func render(events []history.Event) string {
	var b strings.Builder
	for _, e := range events {
		v, _ := value.Parse(string(history.Format{}.Append(nil, e)))
		fmt.Fprintf(&b, "%d<-%d +%v %s", e.ID, e.PreviousID, e.Time.Sub(start), e.Type)
		for _, m := range v.Members() {
			if strings.HasSuffix(m.Key, "EventDetails") {
				for _, d := range m.Value.Members() {
					if !strings.HasSuffix(d.Key, "Details") {
						text := plain(d.Value)
						if len(text) > 400 {
							text = text[:400] + "…"
						}
						fmt.Fprintf(&b, "\n    %s: %s", d.Key, text)
					}
				}
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func plain(v value.Value) string {
	if s, ok := v.Str(); ok {
		return s
	}
	return v.String()
}

// A script says what becomes of tasks.
type script struct {
	t       *testing.T
	answers map[string][]string
	stop    time.Duration
	limit   int64

	redrives []time.Duration
}

func newScript(t *testing.T, text string) *script {
	s := &script{t: t, answers: map[string][]string{}, limit: 25000}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		state, answer, isAnswer := strings.Cut(line, ": ")
		word, argument, _ := strings.Cut(line, " ")
		switch {
		case isAnswer:
			s.answers[state] = append(s.answers[state], answer)
		case word == "stop":
			s.stop, _ = time.ParseDuration(argument)
		case word == "redrive":
			after, _ := time.ParseDuration(argument)
			s.redrives = append(s.redrives, after)
		case word == "limit":
			s.limit, _ = strconv.ParseInt(argument, 10, 64)
		case line != "":
			t.Fatalf("the script says %q", line)
		}
	}
	return s
}

// play returns what happens to a task, and when.
func (s *script) play(c *interp.InvokeTask, now time.Time) []moment {
	queue := s.answers[c.State]
	if len(queue) == 0 {
		s.t.Fatalf("the script has no answer for %s", c.State)
	}
	s.answers[c.State] = queue[1:]
	word, rest, _ := strings.Cut(queue[0], " ")
	if word == "none" {
		return nil
	}
	happens := []moment{{now, &interp.TaskStarted{Task: c.Task, Worker: map[bool]string{true: "worker-1"}[c.Resource.Kind == 2]}}}
	if c.Resource.Pattern != 0 {
		happens = append(happens, moment{now, &interp.TaskSubmitted{Task: c.Task, Output: value.DocOf(value.Object())}})
	}
	if word == "beat" {
		var at time.Duration
		for err := error(nil); err == nil; {
			word, rest, _ = strings.Cut(rest, " ")
			var next time.Duration
			if next, err = time.ParseDuration(word); err == nil {
				at = next
				happens = append(happens, moment{now.Add(at), &interp.TaskHeartbeat{Task: c.Task}})
			}
		}
		now = now.Add(at)
	}
	switch word {
	case "start":
	case "succeed":
		happens = append(happens, moment{now, &interp.TaskSucceeded{Task: c.Task, Output: doc(s.t, large(rest))}})
	case "fail":
		name, cause, both := strings.Cut(rest, " ")
		e := &interp.TaskFailed{Task: c.Task}
		if name != "" {
			e.Error = &name
		}
		if both {
			e.Cause = &cause
		}
		happens = append(happens, moment{now, e})
	default:
		s.t.Fatalf("the script says %q", queue[0])
	}
	return happens
}

// large makes a string of 300,000 bytes of the word LARGE.
func large(text string) string {
	return string(bytes.ReplaceAll([]byte(text), []byte("LARGE"), bytes.Repeat([]byte("x"), 300_000)))
}
