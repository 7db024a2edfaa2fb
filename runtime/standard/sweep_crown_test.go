package standard_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

const (
	preyDesk      = "arn:aws:states:us-east-1:123456789012:activity:desk"
	preyRetention = 6 * time.Hour
)

// distributedOver is a distributed Map state with one task for each item.
func distributedOver(kind, label, task, more string) string {
	return `{"Type": "Map", "Label": "` + label + `", "MaxConcurrency": 2, ` + more + `,
		"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "` + kind + `"}, "StartAt": "I", "States": {"I": ` + task + `}}}`
}

// crownWork branches out, all at the same time: map runs with Standard and Express
// children, asynchronous Express executions, a redrive, an activity, an execution
// that is stopped, versions and aliases, and a purge.
var crownWork = &workload{
	name: "crown",
	machines: []preyMachine{
		{"swift", "EXPRESS", machine("S", `"S":`+lambda("ran", `"End": true`))},
		{"sleep", "STANDARD", machine("W", `"W": {"Type": "Wait", "Seconds": 43200, "End": true}`)},
		{"many", "STANDARD", machine("M",
			`"M": `+distributedOver("STANDARD", "each", lambda("work", again+`"End": true`), `"Next": "E"`),
			`"E": `+distributedOver("EXPRESS", "quick", lambda("add", `"End": true`), `"Next": "X"`),
			`"X": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "ResultPath": null,
				"Parameters": {"StateMachineArn": "swift", "Input.$": "$$.Execution.Name"}, "End": true}`)},
		{"redo", "STANDARD", machine("M",
			`"M": `+distributedOver("STANDARD", "again", `{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "OutputPath": "$.Payload",
				"Parameters": {"FunctionName": "fickle", "Payload": {"n.$": "$", "redrives.$": "$$.Execution.RedriveCount"}}, `+again+`"End": true}`, `"End": true`))},
		{"desk", "STANDARD", machine("A", `"A": {"Type": "Task", "Resource": "`+preyDesk+`", "TimeoutSeconds": 60, "End": true,
			"Retry": [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": 1000}]}`)},
		{"long", "STANDARD", machine("K", `"K": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
			"Parameters": {"StateMachineArn": "sleep"}, "End": true}`)},
		{"edition", "STANDARD", machine("P", `"P": {"Type": "Pass", "End": true}`)},
	},
	handlers: func(e *preyEngine) task.Handlers {
		return task.Handlers{
			"work": task.Func(e.work),
			"add":  task.Func(func(_ context.Context, n int) (int, error) { return n + 1, nil }),
			"ran":  task.Func(func(_ context.Context, name string) (any, error) { return nil, e.note("ran " + name) }),
			"fickle": task.Func(func(ctx context.Context, in struct{ N, Redrives int }) (int, error) {
				// A redrive counts attempts anew.
				d := task.Info(ctx)
				d.State += fmt.Sprint("-", in.Redrives)
				if err := e.called(d); err != nil {
					return 0, err
				}
				if in.N == 2 && in.Redrives == 0 {
					return 0, &task.Error{Name: "Fickle"}
				}
				return in.N, nil
			}),
		}
	},
	round: (*preyEngine).crown,
	ends: map[string][]string{
		"many": {"SUCCEEDED [2,3,4,5]"}, "many/each": {"SUCCEEDED "}, "many/quick": {"SUCCEEDED "},
		"redo": {"SUCCEEDED [1,2]"}, "redo/again": {"SUCCEEDED "}, "desk": {"SUCCEEDED 1"},
		"long": {"ABORTED", "SUCCEEDED"}, "sleep": {"ABORTED", "SUCCEEDED"}, "edition": {"SUCCEEDED {}"},
	},
	check: func(ctx context.Context, e *preyEngine, r *record, problem func(string, ...any)) {
		e.checkMapRuns(ctx, problem)
		e.checkEditions(ctx, r, problem)
	},
}

// crown is a round.
func (e *preyEngine) crown() error {
	ctx := context.Background()
	name := fmt.Sprint("g", e.generation)
	return together(
		func() error {
			arn, err := e.start("many", name, value.List(value.Int(0), value.Int(1), value.Int(2), value.Int(3)))
			if err != nil {
				return err
			}
			return e.end(arn)
		},
		func() error {
			arn, err := e.start("redo", name, value.List(value.Int(1), value.Int(2)))
			if err != nil {
				return err
			}
			if _, err := e.Wait(ctx, arn); err != nil {
				return err
			}
			if _, err := e.Redrive(ctx, arn); err != nil {
				return err
			}
			if err := e.note("redriven " + shortName(arn)); err != nil {
				return err
			}
			return e.end(arn)
		},
		func() error {
			arn, err := e.start("desk", name, value.Null())
			if err != nil {
				return err
			}
			return e.end(arn)
		},
		func() error {
			e.clock.Begin() // it is stopped before its time
			defer e.clock.End()
			arn, err := e.start("long", name, value.Object())
			if err != nil {
				return err
			}
			if _, err := e.Stop(ctx, arn, nil, nil); err != nil {
				return err
			}
			return e.end(arn)
		},
		func() error {
			for i := range 2 {
				if err := e.startSwift(fmt.Sprint(name, "-", i)); err != nil {
					return err
				}
			}
			return nil
		},
		e.newEdition,
		func() error {
			if err := e.note("purge"); err != nil {
				return err
			}
			_, err := e.Purge(ctx)
			return err
		},
	)
}

// poll does one task of the activity.
func (e *preyEngine) poll(ctx context.Context) bool {
	t, err := e.Poll(ctx, preyDesk, "w")
	return t != nil && err == nil && e.ask(t.Token, 0) == nil
}

// newEdition deploys another definition, publishes it and starts it by an alias.
func (e *preyEngine) newEdition() error {
	ctx := context.Background()
	definition := fmt.Sprintf(`{"Comment": "g%d", "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}`, e.generation)
	if _, err := e.Deploy(ctx, "edition", "STANDARD", definition, nil); err != nil {
		return err
	}
	version, err := e.PublishVersion(ctx, "edition", "")
	if err != nil {
		return err
	}
	if err := e.note("version " + version); err != nil {
		return err
	}
	number, _ := lastNumber(version)
	alias, err := e.SetAlias(ctx, "edition", "live", standard.Route{Version: number, Weight: 100})
	if err != nil {
		return err
	}
	if err := e.note(fmt.Sprint("alias ", number)); err != nil {
		return err
	}
	arn, err := e.start(alias, fmt.Sprint("g", e.generation), value.Object())
	if err != nil {
		return err
	}
	return e.note(fmt.Sprint("edition ", shortName(arn), " ", version))
}

func lastNumber(arn string) (n int64, err error) {
	_, err = fmt.Sscan(arn[strings.LastIndexByte(arn, ':')+1:], &n)
	return n, err
}

// swiftJob is an Express execution as the façade would have it.
func (e *preyEngine) swiftJob(start store.ExpressStart) (*express.Job, error) {
	d, err := e.Deployed(context.Background(), "swift")
	if err != nil {
		return nil, err
	}
	if start.ID == 0 {
		start = store.ExpressStart{ID: e.NextID(), Machine: d.Machine, Definition: d.Definition, Started: e.clock.Now().UnixNano()}
	}
	return &express.Job{Start: start, Graph: d.Graph, Options: express.Options{Handlers: d.Handlers, Info: d.Info, DiscardHistory: true}}, nil
}

// startSwift starts an Express execution and notes that this was acknowledged.
func (e *preyEngine) startSwift(name string) error {
	j, err := e.swiftJob(store.ExpressStart{})
	if err != nil {
		return err
	}
	j.Input = value.DocOf(value.String(name))
	if _, err := e.queue.Start(context.Background(), j); err != nil {
		return err
	}
	return e.note("express " + name)
}

// startExpress is how tasks start Express executions.
func (e *preyEngine) startExpress(_ *standard.Deployed, c *invoke.Child) (arn string, start store.ExpressStart, durable func(error), err error) {
	return prepared(e.queue, e.swiftJob, c)
}

// prepared is a job of a queue that a task asks for.
func prepared(q *express.Queue, job func(store.ExpressStart) (*express.Job, error), c *invoke.Child) (arn string, start store.ExpressStart, durable func(error), err error) {
	j, err := job(start)
	if err != nil {
		return "", start, nil, err
	}
	j.Input = c.Input
	durable, err = q.Prepare(j)
	return j.Options.Info.ExecutionID, j.Start, durable, err
}

// resumeExpress runs again what was acknowledged and did not end.
func (e *preyEngine) resumeExpress(machine string) error {
	d, err := e.Deployed(context.Background(), machine)
	if err != nil {
		return err
	}
	starts, err := e.db.ExpressStarts(context.Background(), d.Machine)
	if err != nil {
		return err
	}
	for _, start := range starts {
		j, err := e.swiftJob(start)
		if err != nil {
			return err
		}
		if err := e.queue.Resume(j); err != nil {
			return err
		}
	}
	return nil
}

// checkMapRuns checks that each item has one child, and that the counts are right.
func (e *preyEngine) checkMapRuns(ctx context.Context, problem func(string, ...any)) {
	for _, want := range []struct {
		machine, label, items string
		redrives              int
	}{
		{"many", "each", "[0 1 2 3]", 0}, {"many", "quick", "[1 2 3 4]", 0}, {"redo", "again", "[1 2]", 1},
	} {
		page, err := e.List(ctx, standard.Query{Machine: want.machine, Limit: 1000})
		if err != nil {
			continue // it was never deployed
		}
		for _, x := range page.Executions {
			name := shortName(x.ARN)
			runs, err := e.MapRuns(ctx, x.ARN)
			if err != nil {
				problem("the map runs of %s: %v", name, err)
				continue
			}
			i := slices.IndexFunc(runs, func(m *standard.MapRun) bool { return strings.Contains(m.ARN, "/"+want.label+":") })
			if i < 0 {
				problem("%s has no map run %s", name, want.label)
				continue
			}
			run, err := e.DescribeMapRun(ctx, runs[i].ARN)
			if err != nil {
				problem("%s: %v", runs[i].ARN, err)
				continue
			}
			items := e.itemsOf(ctx, run, problem)
			n := len(strings.Fields(want.items))
			if run.Status != interp.Succeeded || run.Items.Succeeded != n || run.Executions.Succeeded != n || run.RedriveCount != want.redrives || items != want.items {
				problem("the map run of %s has the items %s: %+v", name, items, run)
			}
		}
	}
}

// itemsOf returns the inputs of the children of a map run.
func (e *preyEngine) itemsOf(ctx context.Context, run *standard.MapRun, problem func(string, ...any)) string {
	page, err := e.List(ctx, standard.Query{MapRun: run.ARN, Limit: 1000})
	if err != nil {
		problem("the children of %s: %v", run.ARN, err)
		return ""
	}
	var items []string
	for _, c := range page.Executions {
		d, err := e.Describe(ctx, c.ARN)
		if err != nil {
			problem("%s: %v", c.ARN, err)
			continue
		}
		items = append(items, d.Input.Text())
	}
	slices.Sort(items)
	return fmt.Sprint(items)
}

// checkEditions checks versions and the alias that were acknowledged.
func (e *preyEngine) checkEditions(ctx context.Context, r *record, problem func(string, ...any)) {
	for _, version := range r.versions {
		if _, err := e.Deployed(ctx, version); err != nil {
			problem("the acknowledged version %s: %v", version, err)
		}
	}
	if r.alias > 0 {
		d, err := e.Deployed(ctx, "arn:aws:states:us-east-1:123456789012:stateMachine:edition:live")
		if err != nil {
			problem("the acknowledged alias: %v", err)
		} else if n, err := lastNumber(d.Info.VersionARN); err != nil || n < r.alias {
			problem("the alias was acknowledged for version %d, it is %s", r.alias, d.Info.VersionARN)
		}
	}
	for name, version := range r.editions {
		if d, err := e.Describe(ctx, preyARN+name); err == nil && (d.VersionARN != version || d.AliasARN == "") {
			problem("%s is of version %q, want %s", name, d.VersionARN, version)
		}
	}
}
