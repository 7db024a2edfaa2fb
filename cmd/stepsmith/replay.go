package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/replay"
)

// replayFlags are the flags of replay.
type replayFlags struct {
	definition, history, execution, input, edit, kind, test, format string
	tasks                                                           []string
}

func replayCommand() *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "replay --definition FILE --history FILE",
		Short: "Run a recorded execution again, and try a fix on it",
		Long: `Replay runs a definition with the recorded outcomes of its tasks, on virtual
time, and compares the history that comes out with the recorded one: the first
event that differs is shown from both sides. Nothing is invoked.

The history is what 'aws stepfunctions get-execution-history' or 'stepsmith run
--history' wrote. What a history does not tell may be anything: the names of the
execution and of the machine, dates and times, task tokens and new UUIDs.

--edit answers whether an edited definition would have saved the execution. Tasks
that were not recorded, such as another attempt, are answered by --task, as for
run. --emit-test writes a Go test that replays the history ever after; it copies
the history into testdata beside the test.

The exit code is 0 when the replay is the same, or when the edit saves the
execution, and 1 otherwise.`,
		Example: `  aws stepfunctions get-execution-history --execution-arn ARN > failed.json
  stepsmith replay --definition orders.asl.json --history failed.json
  stepsmith replay --definition orders.asl.json --history failed.json --edit fixed.asl.json --task charge=receipt.json
  stepsmith replay --definition orders.asl.json --history failed.json --emit-test failed_test.go`,
		Args: arguments(0, 0, "no arguments; name the files with --definition and --history"),
		RunE: func(cmd *cobra.Command, _ []string) error { return replayHistory(cmd, f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.definition, "definition", "", "the definition of the execution")
	flags.StringVar(&f.history, "history", "", "the history of the execution")
	flags.StringVar(&f.execution, "execution-arn", "", "the ARN of the execution, for definitions that take it apart")
	flags.StringVarP(&f.input, "input", "i", "", "another input: a file, - for standard input, or JSON")
	flags.StringVar(&f.edit, "edit", "", "an edited definition to try")
	flags.StringVar(&f.kind, "type", "", "replay as standard or express (default: what the source map says, or standard)")
	flags.StringArrayVarP(&f.tasks, "task", "t", nil, "answer a task that was not recorded: NAME=FILE.json or NAME=exec:COMMAND (repeatable)")
	flags.StringVar(&f.test, "emit-test", "", "write a Go test of the replay to this file, …_test.go")
	flags.StringVar(&f.format, "format", "text", "text or json")
	return cmd
}

func replayHistory(cmd *cobra.Command, f replayFlags) error {
	if f.definition == "" || f.history == "" {
		return usage(cmd, "replay needs --definition and --history")
	}
	if f.format != "text" && f.format != "json" {
		return usage(cmd, "unknown format %q: use text or json", f.format)
	}
	kind, err := parseType(cmd, f.kind)
	if err != nil {
		return err
	}
	file := f.definition
	if f.edit != "" {
		file = f.edit
	}
	m, err := replayMachine(file)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(f.history)
	if err != nil {
		return err
	}
	recording, err := replay.Read(text)
	if err != nil {
		return fmt.Errorf("%s: %w", f.history, err)
	}
	o := replay.Options{Express: kind.of(f.definition) == asl.Express, ExecutionARN: f.execution}
	if f.input != "" {
		if o.Input, err = readInput(f.input, cmd.InOrStdin()); err != nil {
			return &usageError{cmd, err}
		}
	}
	if o.Answer, err = replayAnswers(cmd, f.tasks); err != nil {
		return &usageError{cmd, err}
	}
	report, err := replay.Run(m, recording, o)
	if err != nil {
		return err
	}
	if f.test != "" {
		if err := emitReplayTest(cmd, f, text); err != nil {
			return err
		}
	}
	return tellReplay(cmd.OutOrStdout(), f, recording, report)
}

func replayMachine(file string) (*graph.Machine, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return replay.Compile(text, file)
}

// replayAnswers answers tasks that were not recorded with --task flags.
func replayAnswers(cmd *cobra.Command, flags []string) (func(*interp.InvokeTask) *replay.Outcome, error) {
	handlers, err := answers(flags, &output{w: cmd.ErrOrStderr()})
	if err != nil || len(handlers) == 0 {
		return nil, err
	}
	invoke := invoking(handlers, nil, nil)
	return func(t *interp.InvokeTask) *replay.Outcome {
		answer, err := invoke(cmd.Context(), t)
		if err != nil {
			return nil
		}
		return &replay.Outcome{
			Started: true, Output: answer.Output, Failed: answer.Output == nil, Error: answer.Error, Cause: answer.Cause,
		}
	}, nil
}

// tellReplay says what came of the replay, and ends the command accordingly.
func tellReplay(w io.Writer, f replayFlags, recording *replay.Recording, r *replay.Report) error {
	good := r.Same()
	if f.edit != "" {
		good = r.Verdict() == replay.Saved
	}
	var err error
	switch {
	case f.format == "json":
		err = writeJSON(w, replayJSON(f, recording, r))
	case f.edit != "":
		err = writeEdit(w, recording, r)
	default:
		err = writeReplay(w, recording, r)
	}
	if err == nil && !good {
		err = errReported
	}
	return err
}

func writeReplay(w io.Writer, recording *replay.Recording, r *replay.Report) error {
	var b strings.Builder
	switch {
	case r.Same() && r.Reordered:
		fmt.Fprintf(&b, "the replay is the same, but for the order of concurrent events: %d events, %s\n", recording.Events(), recording.Status())
	case r.Same():
		fmt.Fprintf(&b, "the replay is the same: %d events, %s\n", recording.Events(), recording.Status())
	case r.Difference != nil:
		fmt.Fprintf(&b, "the replay differs from the recording\n\n%s\n", r.Difference.Error())
	}
	writeMissing(&b, r)
	_, err := io.WriteString(w, b.String())
	return err
}

func writeMissing(b *strings.Builder, r *replay.Report) {
	for _, t := range r.Missing {
		fmt.Fprintf(b, "\nno outcome was recorded for attempt %d of state %q (%s);\n  answer it with --task %s=FILE.json\n",
			t.Attempt+1, t.State, t.Resource.ARN, t.State)
	}
}

// writeEdit answers whether the edit would have saved the execution.
func writeEdit(w io.Writer, recording *replay.Recording, r *replay.Report) error {
	var b strings.Builder
	switch r.Verdict() {
	case replay.Saved:
		b.WriteString("yes: the execution would have succeeded")
		if recording.Status() == "SUCCEEDED" {
			b.WriteString(", as it did")
		}
	case replay.NotSaved:
		b.WriteString("no: the execution would have ended all the same")
	default:
		b.WriteString("cannot tell: the execution goes where nothing was recorded")
	}
	name, cause := recording.Failure()
	fmt.Fprintf(&b, "\n\nrecorded  %s\n", ending(recording.Status(), name, cause))
	if r.End != nil {
		fmt.Fprintf(&b, "edited    %s\n", ending(string(r.End.Status), r.End.Error, r.End.Cause))
		if r.End.Output != nil {
			fmt.Fprintf(&b, "output    %s\n", replay.Short(r.End.Output.Value()))
		}
	}
	if d := r.Difference; d != nil && r.Verdict() != replay.Unknown {
		fmt.Fprintf(&b, "\nit goes another way here:\n%s\n", d.Error())
	}
	for _, c := range r.Changed {
		fmt.Fprintf(&b, "\nstate %q calls its task with other parameters, so what was recorded may not hold:\nrecorded  %s\nedited    %s\n",
			c.Task.State, replay.Short(c.Outcome.Parameters()), replay.Short(c.Task.Parameters.Value()))
	}
	writeMissing(&b, r)
	if n := len(r.Unused); n > 0 {
		fmt.Fprintf(&b, "\n%d of the recorded outcomes were not needed\n", n)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// ending describes the end of an execution.
func ending(status string, name, cause *string) string {
	s := status
	if name != nil {
		s += " " + *name
	}
	if cause != nil {
		s += ": " + oneLine(*cause)
	}
	return s
}

// replayed is the JSON of a replay.
type replayed struct {
	Same      bool            `json:"same"`
	Reordered bool            `json:"reordered"`
	Verdict   replay.Verdict  `json:"verdict,omitempty"`
	Recorded  string          `json:"recordedStatus"`
	Status    string          `json:"status,omitempty"`
	Error     *string         `json:"error,omitempty"`
	Cause     *string         `json:"cause,omitempty"`
	Thread    string          `json:"thread,omitempty"`
	Path      string          `json:"path,omitempty"`
	Expected  json.RawMessage `json:"recorded,omitempty"`
	Got       json.RawMessage `json:"replayed,omitempty"`
	Missing   []string        `json:"missing,omitempty"`
	Changed   []string        `json:"changed,omitempty"`
}

func replayJSON(f replayFlags, recording *replay.Recording, r *replay.Report) replayed {
	j := replayed{Same: r.Same(), Reordered: r.Reordered, Recorded: recording.Status()}
	if f.edit != "" {
		j.Verdict = r.Verdict()
	}
	if r.End != nil {
		j.Status, j.Error, j.Cause = string(r.End.Status), r.End.Error, r.End.Cause
	}
	if d := r.Difference; d != nil {
		j.Thread, j.Path, j.Expected, j.Got = d.Thread, d.Path, rawEvent(d.Recorded), rawEvent(d.Replayed)
	}
	for _, t := range r.Missing {
		j.Missing = append(j.Missing, t.State)
	}
	for _, c := range r.Changed {
		j.Changed = append(j.Changed, c.Task.State)
	}
	return j
}

func rawEvent(v value.Value) json.RawMessage {
	if v.IsUndefined() {
		return nil
	}
	return json.RawMessage(v.String())
}
