package interp_test

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

const twoTasks = `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
	{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}},
	{"StartAt":"B","States":{"B":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}}]}}}`

// begin starts an execution and returns what it asks for.
func begin(t *testing.T, m *graph.Machine, limits interp.Limits) (*interp.Execution, interp.Output) {
	t.Helper()
	x := interp.New(m)
	info := interp.Info{StateMachineID: "arn:aws:states:us-east-1:123456789012:stateMachine:m"}
	out, err := x.Step(start, &interp.Started{Input: doc(t, `{"n":1}`), Info: info, Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	return x, out
}

func tasks(out interp.Output) (ids []interp.TaskID) {
	for _, c := range out.Commands {
		if c, ok := c.(*interp.InvokeTask); ok {
			ids = append(ids, c.Task)
		}
	}
	return ids
}

func types(out interp.Output) string {
	var list []string
	for _, e := range out.Events {
		list = append(list, string(e.Type))
	}
	return strings.Join(list, " ")
}

// half is an execution of which one branch has succeeded and the other failed.
func half(t *testing.T, m *graph.Machine) *interp.Execution {
	t.Helper()
	x, out := begin(t, m, interp.StandardLimits())
	ids := tasks(out)
	if _, err := x.Step(start, &interp.TaskSucceeded{Task: ids[0], Output: doc(t, "1")}, &interp.TaskFailed{Task: ids[1]}); err != nil {
		t.Fatal(err)
	}
	return x
}

// TestRedriveWhole: journals and snapshots of a time when a redrive did a Parallel
// state again as a whole can still be read.
func TestRedriveWhole(t *testing.T) {
	t.Parallel()
	m := compile(t, twoTasks)
	older, err := base64.StdEncoding.DecodeString("c3RlcAQCBgZGQUlMRUQBB3sibiI6MX0AAAAAAAl1cy1lYXN0LTEAAAAA0IYDgICY2uX0hHCAx4PeDACAx4PeDAAUcGNnOgAAAAAAAAAAAAAAAAAAAAAeAgAAAQAAARwEAIDHg94MAAAAAAAAAAAAAAAAAAA=")
	if err != nil {
		t.Fatal(err)
	}
	restored, err := interp.Restore(m, older)
	if err != nil {
		t.Fatal(err)
	}
	const whole = "ExecutionRedriven ParallelStateStarted TaskStateEntered TaskScheduled TaskStateEntered TaskScheduled"
	for _, c := range []struct {
		name string
		x    *interp.Execution
		e    *interp.Redriven
		want string
	}{
		{"new", half(t, m), &interp.Redriven{}, "ExecutionRedriven TaskScheduled"},
		{"an older journal", half(t, m), &interp.Redriven{Whole: true}, whole},
		{"an older snapshot", restored, &interp.Redriven{}, whole},
	} {
		out, err := c.x.Step(start, c.e)
		if got := types(out); err != nil || got != c.want {
			t.Errorf("%s: %s, %v", c.name, got, err)
		}
	}
}

// TestRedriveCutOff: what had arrived when the execution was ended is not asked
// for again.
func TestRedriveCutOff(t *testing.T) {
	t.Parallel()
	x, out := begin(t, compile(t, twoTasks), interp.StandardLimits())
	ids := tasks(out)
	if _, err := x.Step(start, &interp.TaskSucceeded{Task: ids[0], Output: doc(t, "1")}, &interp.Stopped{}); err != nil {
		t.Fatal(err)
	}
	out, err := x.Step(start.Add(time.Hour), &interp.Redriven{})
	if got := types(out); err != nil || got != "ExecutionRedriven TaskStateExited TaskScheduled" {
		t.Fatalf("%s, %v", got, err)
	}
	out, err = x.Step(start.Add(time.Hour), &interp.TaskSucceeded{Task: tasks(out)[0], Output: doc(t, "2")})
	if err != nil || x.Status() != interp.Succeeded {
		t.Fatalf("%s: %s, %v", x.Status(), types(out), err)
	}
}

func TestNotRedrivable(t *testing.T) {
	t.Parallel()
	m := compile(t, `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":5,"End":true}}}`)
	running, _ := begin(t, m, interp.StandardLimits())
	succeeded, _ := begin(t, m, interp.StandardLimits())
	full, _ := begin(t, m, interp.Limits{Events: 4})
	for _, c := range []struct {
		x *interp.Execution
		e interp.Event
	}{{succeeded, &interp.TimerFired{Timer: 2}}, {full, &interp.Stopped{}}} {
		if _, err := c.x.Step(start, c.e); err != nil {
			t.Fatal(err)
		}
	}
	for name, x := range map[string]*interp.Execution{"running": running, "succeeded": succeeded, "full": full, "new": interp.New(m)} {
		before := x.Status()
		out, err := x.Step(start, &interp.Redriven{})
		if !errors.Is(err, interp.ErrNotRedrivable) || len(out.Events)+len(out.Commands) > 0 || x.Status() != before {
			t.Errorf("%s: %v, %s", name, err, types(out))
		}
	}
}

// TestRedriveMapRun: the run of a distributed Map state goes on with its execution,
// within other states too, up to AWS's limit.
func TestRedriveMapRun(t *testing.T) {
	t.Parallel()
	const each = `"Each":{"Type":"Map","Label":"each","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
		"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}},"ItemsPath":"$.list"}`
	for name, definition := range map[string]string{
		"alone":  `{"StartAt":"In","States":{"In":{"Type":"Pass","Result":{"list":[1]},"Next":"Each"},` + each + `}}`,
		"nested": `{"StartAt":"In","States":{"In":{"Type":"Pass","Result":{"list":[1]},"Next":"P"},"P":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"Each","States":{` + each + `}}]}}}`,
	} {
		x, out := begin(t, compile(t, definition), interp.Limits{})
		var first *interp.StartMapRun
		for n := 0; ; n++ {
			i := slices.IndexFunc(out.Commands, func(c interp.Command) bool { _, ok := c.(*interp.StartMapRun); return ok })
			if i < 0 {
				end, _ := out.Commands[len(out.Commands)-1].(*interp.Complete)
				if n != 1001 || end == nil || *end.Error != "States.Runtime" || out.Events[0].Type != history.ExecutionRedriven {
					t.Errorf("%s: after %d runs: %s", name, n, types(out))
				}
				break
			}
			c := out.Commands[i].(*interp.StartMapRun)
			if first == nil {
				first = c
			}
			if c.ARN != first.ARN || c.Redrives != n {
				t.Fatalf("%s: %s is redrive %d of %s", name, c.ARN, c.Redrives, first.ARN)
			}
			if _, err := x.Step(start, &interp.MapRunFailed{Run: c.Run, Error: history.Ref("States.ExceedToleratedFailureThreshold")}); err != nil {
				t.Fatal(err)
			}
			var err error
			if out, err = x.Step(start, &interp.Redriven{}); err != nil {
				t.Fatal(err)
			}
		}
	}
}
