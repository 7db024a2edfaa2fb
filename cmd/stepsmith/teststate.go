package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
	"github.com/stepsmith-dev/stepsmith/runtime/teststate"
)

// testStateFlags are the flags of test-state. Their names are those of the AWS
// CLI, as far as it has them.
type testStateFlags struct {
	state, input, variables, context, level, role string
	mock, result, failure, cause, configuration   string
	tasks, headers                                []string
	reveal                                        bool
	format, tags                                  string
}

func testStateCommand() *cobra.Command {
	var f testStateFlags
	cmd := &cobra.Command{
		Use:   "test-state FILE | PACKAGE [WORKFLOW]",
		Short: "Run one state by itself, as AWS's TestState does",
		Long: `Test-state runs one state and shows what came of it: its output and where the
execution would go on, or the error and what Retry and Catch do about it. With
--inspection-level DEBUG it shows what the state made of its data on the way.

FILE holds one state, or a definition of which --state-name chooses a state at
any depth. A package gives the definition of its workflow.

--result and --error stand in for the work of a Task, Map or Parallel state; the
result of a service integration is checked against the API it calls, and --mock
'{"result": "…", "fieldValidationMode": "PRESENT"}' says how strictly. Without a
mock, --task does the work of a Task state, and an HTTP task sends its request; with
--inspection-level TRACE both the request and the response are shown.

Values are JSON, a file (also as file://NAME), or - for standard input. With
--format json it prints what AWS's TestState answers. The exit code is 0 however
the state ends; it is 1 when the test is refused.`,
		Example: `  stepsmith test-state order.asl.json --state-name Charge --input order.json --result receipt.json
  stepsmith test-state state.json --error States.Timeout --state-configuration '{"retrierRetryCount": 2}'
  stepsmith test-state ./orders Fulfil --state-name 'Good to go?' --inspection-level DEBUG`,
		Args: arguments(1, 2, "a file, or a package and perhaps a workflow"),
		RunE: func(cmd *cobra.Command, args []string) error { return testState(cmd, args, f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.state, "state-name", "", "the state of a definition to test")
	flags.StringVarP(&f.input, "input", "i", "", "input of the state (default {})")
	flags.StringVar(&f.variables, "variables", "", "object of the variables that exist")
	flags.StringVar(&f.context, "context", "", "context object; needs a mock")
	flags.StringVar(&f.level, "inspection-level", "INFO", "INFO, DEBUG or TRACE")
	flags.StringVar(&f.role, "role-arn", "", "role in the context object")
	flags.StringVar(&f.result, "result", "", "mock the result")
	flags.StringVar(&f.failure, "error", "", "mock an error of this name")
	flags.StringVar(&f.cause, "cause", "", "the cause of the mocked error")
	flags.StringVar(&f.mock, "mock", "", "mock as the AWS CLI takes it: result or errorOutput, and fieldValidationMode")
	flags.StringVar(&f.configuration, "state-configuration", "", "what came before: retrierRetryCount, errorCausedByState, mapIterationFailureCount, mapItemReaderData")
	flags.StringArrayVarP(&f.tasks, "task", "t", nil, "answer the task: NAME=FILE.json or NAME=exec:COMMAND (repeatable)")
	flags.StringArrayVar(&f.headers, "connection-header", nil, "header that the connection of an HTTP task adds: 'NAME: VALUE' (repeatable)")
	flags.BoolVar(&f.reveal, "reveal-secrets", false, "show these headers too, with --inspection-level TRACE")
	flags.StringVar(&f.format, "format", "text", "text or json")
	flags.StringVar(&f.tags, "tags", "", "build tags, as for go build")
	return cmd
}

func testState(cmd *cobra.Command, args []string, f testStateFlags) error {
	write, ok := map[string]func(io.Writer, *teststate.Response) error{"text": writeTested, "json": writeJSON[*teststate.Response]}[f.format]
	if !ok {
		return usage(cmd, "unknown format %q: use text or json", f.format)
	}
	r, err := f.request(cmd)
	if err != nil {
		return &usageError{cmd, err}
	}
	handlers, err := answers(f.tasks, &output{w: cmd.ErrOrStderr()})
	if err != nil {
		return &usageError{cmd, err}
	}
	if r.Definition, err = definitionText(cmd, args, f.tags); err != nil {
		return reportBuild(cmd.ErrOrStderr(), err)
	}
	if err := needsState(cmd, r); err != nil {
		return err
	}
	wire, connect, err := f.wire()
	if err != nil {
		return &usageError{cmd, err}
	}
	response, err := teststate.Run(cmd.Context(), r, teststate.Options{
		Wire: wire, Invoke: invoking(handlers, &http.Client{Transport: wire, Timeout: time.Minute}, connect),
	})
	var refused *teststate.Error
	if errors.As(err, &refused) {
		return fmt.Errorf("%s: %s", refused.Code, refused.Message)
	}
	if err != nil {
		return err
	}
	return write(cmd.OutOrStdout(), response)
}

// request makes the request of the flags, without the definition.
func (f *testStateFlags) request(cmd *cobra.Command) (*teststate.Request, error) {
	r := &teststate.Request{InspectionLevel: teststate.Level(strings.ToUpper(f.level)), RoleARN: f.role, RevealSecrets: f.reveal}
	if cmd.Flags().Changed("state-name") {
		r.StateName = &f.state
	}
	for _, part := range []struct {
		flag string
		into **string
	}{{f.input, &r.Input}, {f.variables, &r.Variables}, {f.context, &r.Context}} {
		if part.flag == "" {
			continue
		}
		text, err := jsonText(part.flag, cmd.InOrStdin())
		if err != nil {
			return nil, err
		}
		*part.into = &text
	}
	for _, part := range []struct {
		name, flag string
		into       any
	}{{"--mock", f.mock, &r.Mock}, {"--state-configuration", f.configuration, &r.Configuration}} {
		if part.flag == "" {
			continue
		}
		text, err := jsonText(part.flag, cmd.InOrStdin())
		if err != nil {
			return nil, err
		}
		d := json.NewDecoder(strings.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(part.into); err != nil {
			return nil, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return r, f.addMock(cmd, r)
}

// addMock takes in --result, --error and --cause.
func (f *testStateFlags) addMock(cmd *cobra.Command, r *teststate.Request) error {
	flags := cmd.Flags()
	if r.Mock == nil && (flags.Changed("result") || flags.Changed("error") || flags.Changed("cause")) {
		r.Mock = &teststate.Mock{}
	}
	if flags.Changed("result") {
		text, err := jsonText(f.result, cmd.InOrStdin())
		if err != nil {
			return err
		}
		r.Mock.Result = &text
	}
	if flags.Changed("error") || flags.Changed("cause") {
		r.Mock.ErrorOutput = &teststate.ErrorOutput{Error: &f.failure}
		if flags.Changed("cause") {
			r.Mock.ErrorOutput.Cause = &f.cause
		}
	}
	return nil
}

// jsonText reads a flag that is JSON, a file or - for standard input.
func jsonText(flag string, stdin io.Reader) (string, error) {
	doc, err := readInput(strings.TrimPrefix(flag, "file://"), stdin)
	if err != nil {
		return "", err
	}
	return doc.Text(), nil
}

// definitionText returns the definition that the arguments name, as JSON.
func definitionText(cmd *cobra.Command, args []string, tags string) (string, error) {
	_, files := split(args[:1])
	if len(files) > 0 {
		if len(args) > 1 {
			return "", usage(cmd, "a file holds one definition: leave out %q", args[1])
		}
		return fileText(files[0])
	}
	loader := newLoader(tags, cmd.ErrOrStderr())
	pkg, err := onePackage(cmd.Context(), loader, args[0])
	if err != nil {
		return "", err
	}
	if err := reportMistakes(cmd, loader.Evaluate(cmd.Context(), pkg)); err != nil {
		return "", err
	}
	w, err := choose(cmd, pkg, args[1:])
	if err != nil {
		return "", err
	}
	c, err := compileOne(cmd, pkg, w)
	if err != nil {
		return "", err
	}
	return string(c.program.ASL), nil
}

// fileText reads a definition; YAML is turned into JSON.
func fileText(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil || json.Valid(text) {
		return string(text), err
	}
	document, list := asl.Decode(text, file)
	if err := list.Err(); err != nil {
		return "", err
	}
	return string(document.Machine.Encode()), nil
}

// needsState refuses a whole definition of which no state was chosen.
func needsState(cmd *cobra.Command, r *teststate.Request) error {
	v, err := value.Parse(r.Definition)
	if err != nil || r.StateName != nil || !v.Has("States") {
		return nil
	}
	var names []string
	for _, m := range v.Get("States").Members() {
		names = append(names, m.Key)
	}
	return usage(cmd, "the definition has several states: choose one with --state-name, such as %s", strings.Join(names, ", "))
}

// wire returns what notes the exchange of an HTTP task, and the connection that
// the flags describe.
func (f *testStateFlags) wire() (*teststate.Wire, invoke.Connection, error) {
	added := http.Header{}
	for _, header := range f.headers {
		name, v, ok := strings.Cut(header, ":")
		if !ok || name == "" {
			return nil, nil, fmt.Errorf("--connection-header %q is not 'NAME: VALUE'", header)
		}
		added.Add(strings.TrimSpace(name), strings.TrimSpace(v))
	}
	w := &teststate.Wire{}
	if !f.reveal {
		w.Secret = func(name string) bool { return added[name] != nil }
	}
	return w, func(_ context.Context, r *http.Request) error {
		maps.Copy(r.Header, added)
		return nil
	}, nil
}

// invoking does the work of a task with handlers, or with an HTTP request. A
// task without a handler is refused.
func invoking(handlers task.Handlers, client *http.Client, connect invoke.Connection) func(context.Context, *interp.InvokeTask) (*interp.Answer, error) {
	return func(ctx context.Context, t *interp.InvokeTask) (*interp.Answer, error) {
		caller := &invoke.Caller{Handlers: handlers}
		if client != nil && t.Resource.Type == "http" {
			caller.HTTP = &invoke.HTTP{Client: client, Connections: map[string]invoke.Connection{connectionOf(t): connect}}
		} else if len(handlers) == 0 {
			return nil, errors.New("nothing does the task: mock its result with --result, or do it with --task")
		}
		answer := new(interp.Answer)
		caller.Do(ctx, t, func(e interp.Event) {
			switch e := e.(type) {
			case *interp.TaskSucceeded:
				answer.Output = e.Output
			case *interp.TaskFailed:
				answer.Error, answer.Cause = e.Error, e.Cause
			}
		})
		return answer, ctx.Err()
	}
}

// connectionOf is the connection that an HTTP task names.
func connectionOf(t *interp.InvokeTask) string {
	for _, part := range []string{"InvocationConfig", "Authentication"} {
		if arn, ok := t.Parameters.Value().Get(part).Get("ConnectionArn").Str(); ok {
			return arn
		}
	}
	return ""
}
