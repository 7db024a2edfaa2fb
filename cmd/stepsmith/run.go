package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// runFlags are the flags of run.
type runFlags struct {
	input, kind, history, handlers string
	objects                        string
	tasks                          []string
	tags, db, name                 string
	fast, quiet                    bool
}

func runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run PACKAGE [WORKFLOW] | FILE.asl.json",
		Short: "Run a workflow on this machine",
		Long: `Run compiles a workflow and executes it on this machine, with AWS's semantics.

Of a package, tasks are done by its own handlers: a package-level variable of
type task.Handlers, or with the Tasks of generated code. WORKFLOW is the name of
the workflow or of its Go variable; it may be left out when there is only one.
The definition is written beside the package, as build does. It can start the
package's other workflows. A task that waits for its token gets what its handler
returns.

Of a file, tasks are answered by --task. NAME is the name of a Lambda function,
the ARN of a resource or the name of a state. A command reads the task's input
from standard input and prints the answer; when it fails, the task fails with
the last line it printed as the cause.

The folder --objects takes the place of Amazon S3 for distributed Map states: the
object KEY of bucket BUCKET is its file BUCKET/KEY. With --objects s3:// it is
Amazon S3 itself, with the credentials and the region that the AWS CLI would use.

With --db, a Standard workflow runs durably: when the command is interrupted or
killed, the same command with the same --name goes on where it was. See also the
commands list, describe, history, start, stop and redrive.

The states are shown on standard error while they run; the result is printed on
standard output. The exit code is 1 when the execution fails.`,
		Example: `  stepsmith run ./orders --input order.json
  stepsmith run ./orders Fulfil --input '{"id": "A-1"}' --fast
  stepsmith run orders.asl.json --task charge=receipt.json --task pack='exec:./pack.sh'`,
		Args: arguments(1, 2, "a package and perhaps a workflow, or a file"),
		RunE: func(cmd *cobra.Command, args []string) error { return run(cmd, args, f) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.input, "input", "i", "", "input of the execution: a file, - for standard input, or JSON (default {})")
	flags.StringVar(&f.kind, "type", "", "run as standard or express (default: what the workflow is)")
	flags.StringArrayVarP(&f.tasks, "task", "t", nil, "answer a task: NAME=FILE.json or NAME=exec:COMMAND (repeatable)")
	flags.StringVar(&f.handlers, "handlers", "", "variable with the task handlers (default: Handlers, or the only one)")
	flags.StringVar(&f.objects, "objects", "", "folder of the buckets that distributed Map states read and write, or s3://")
	flags.BoolVar(&f.fast, "fast", false, "use a virtual clock: waiting takes no time")
	flags.StringVar(&f.history, "history", "", "write the history to a file, as AWS's GetExecutionHistory returns it")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "do not show the states")
	flags.StringVar(&f.db, "db", "", "run a Standard workflow durably, in this store file")
	flags.StringVar(&f.name, "name", "", "with --db: name of the execution; one that is running goes on")
	flags.StringVar(&f.tags, "tags", "", "build tags, as for go build")
	return cmd
}

// An execution is what run has made ready to be executed.
type execution struct {
	name       string
	express    bool
	definition string // in ASL
	graph      *graph.Machine
	in, out    *spec.Type // nil when not known
	handlers   task.Handlers
	others     map[string]express.Machine // that it may start, by name
	children   []runtime.Definition       // the same, for a store
	where      func(state string) string  // file:line of a state; "" when not known
	close      func() error               // releases what the handlers need; may be called twice
}

func run(cmd *cobra.Command, args []string, f runFlags) error {
	kind, err := parseType(cmd, f.kind)
	if err != nil {
		return err
	}
	input, err := readInput(f.input, cmd.InOrStdin())
	if err != nil {
		return &usageError{cmd, err}
	}
	ctx, cancel := context.WithCancelCause(cmd.Context())
	defer cancel(nil)
	prints := &output{w: cmd.ErrOrStderr()}
	canned, err := answers(f.tasks, prints)
	if err != nil {
		return &usageError{cmd, err}
	}
	var x *execution
	if _, files := split(args[:1]); len(files) > 0 {
		if len(args) > 1 {
			return usage(cmd, "a file holds one workflow: leave out %q", args[1])
		}
		x, err = prepareFile(cmd, files[0], kind)
	} else {
		x, err = preparePackage(ctx, cmd, args, f, prints, cancel)
	}
	if x != nil {
		defer x.close()
	}
	if err != nil {
		return reportBuild(cmd.ErrOrStderr(), err)
	}
	if err := checkInput(x.in, input); err != nil {
		return err
	}
	maps.Copy(x.handlers, canned)
	if kind.given {
		x.express = kind.express
	}
	if f.db != "" {
		return x.runDurably(ctx, cmd, input, f, prints)
	}
	return x.run(ctx, cmd, input, f, prints)
}

// run executes and shows the execution, and prints its result.
func (x *execution) run(ctx context.Context, cmd *cobra.Command, input *value.Doc, f runFlags, prints *output) error {
	options, release, err := x.options(ctx, f)
	if err != nil {
		return err
	}
	defer release()
	stderr := cmd.ErrOrStderr()
	if !x.express && !f.quiet {
		fmt.Fprintf(stderr, "%s is a Standard workflow: it runs in memory here and is not durable; see --db.\n", x.name)
	}
	states := newTree()
	result, err := x.execute(ctx, input, options, newView(stderr, x.name, f), states, prints)
	prints.redirect(stderr)
	if result != nil && f.history != "" {
		err = errors.Join(err, writeHistory(f.history, result.History))
	}
	if crash := context.Cause(ctx); crash != nil && !errors.Is(crash, context.Canceled) {
		err = crash
	}
	if err != nil {
		return err
	}
	return x.report(cmd, result, states)
}

// report prints the result of an execution, or says why there is none.
func (x *execution) report(cmd *cobra.Command, result *express.Result, states *tree) error {
	stderr := cmd.ErrOrStderr()
	if result.Status != interp.Succeeded {
		x.failure(stderr, result, states)
		return errReported
	}
	checkResult(stderr, x.out, result.Output)
	if x.out != nil && isTerminal(stderr) && isTerminal(cmd.OutOrStdout()) {
		fmt.Fprintf(stderr, "\n%s\n", x.out)
	}
	return printResult(cmd.OutOrStdout(), result.Output)
}

// options says how to run the execution. release frees what it needs.
func (x *execution) options(ctx context.Context, f runFlags) (o express.Options, release func(), err error) {
	o = express.Options{Machine: x.name, Machines: x.others, Standard: !x.express}
	if f.fast {
		o.Clock = express.NewVirtualClock(time.Now())
	}
	o.Objects, release, err = openObjects(ctx, f.objects)
	return o, release, err
}

// execute runs the execution in a view, and closes both when it has ended.
func (x *execution) execute(ctx context.Context, input *value.Doc, o express.Options, v view, states *tree, prints *output) (*express.Result, error) {
	defer v.close()
	prints.redirect(v)
	tokens := newCallbacks()
	o.Handlers = tokens.around(x.handlers)
	o.Observe = func(e history.Event) {
		states.add(e)
		v.observe(e)
	}
	execution, err := express.Start(ctx, x.graph, input, o)
	if err != nil {
		return nil, err
	}
	tokens.start(execution)
	result, err := execution.Wait(context.WithoutCancel(ctx)) // it ends when ctx does
	return result, errors.Join(err, x.close())                // now all that the handlers printed has come
}

// failure says why an execution failed, and where.
func (x *execution) failure(w io.Writer, r *express.Result, states *tree) {
	fmt.Fprintf(w, "\n%s %s", x.name, strings.ToLower(strings.ReplaceAll(string(r.Status), "_", " ")))
	if r.Error != "" {
		fmt.Fprintf(w, ": %s", r.Error)
	}
	fmt.Fprintln(w)
	if r.Cause != "" {
		fmt.Fprintf(w, "  cause: %s\n", strings.ReplaceAll(r.Cause, "\n", "\n         "))
	}
	if n := states.failed; n != nil {
		fmt.Fprintf(w, "  state: %s\n", n.path())
		if where := x.where(n.name); where != "" {
			fmt.Fprintf(w, "     at: %s\n", where)
		}
	}
}

func printResult(w io.Writer, output *value.Doc) error {
	text := output.Text()
	if isTerminal(w) {
		var pretty bytes.Buffer
		if json.Indent(&pretty, []byte(text), "", "  ") == nil {
			text = pretty.String()
		}
	}
	_, err := fmt.Fprintln(w, text)
	return err
}

// writeHistory writes what GetExecutionHistory would answer.
func writeHistory(file string, events []history.Event) error {
	text := append(history.Format{RFC3339: true}.AppendAll([]byte(`{"events":`), events), '}')
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, text, "", "  "); err != nil {
		return err
	}
	pretty.WriteByte('\n')
	return os.WriteFile(file, pretty.Bytes(), 0o644)
}
