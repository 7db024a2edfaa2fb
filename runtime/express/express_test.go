package express_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func compile(t testing.TB, definition string) *graph.Machine {
	t.Helper()
	d, problems := asl.Decode([]byte(definition), "test.asl.json")
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	m, problems := graph.Compile(&d.Machine)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return m
}

func doc(t testing.TB, text string) *value.Doc {
	t.Helper()
	d, err := value.ParseDoc(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// virtual are options with a virtual clock and fixed names.
func virtual(h task.Handlers) express.Options {
	return express.Options{Handlers: h, Clock: express.NewVirtualClock(epoch), Name: "x", Seed: [2]uint64{1, 2}, Standard: true}
}

func run(t testing.TB, definition, input string, o express.Options) *express.Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	r, err := express.Run(ctx, compile(t, definition), doc(t, input), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// outcome tells how an execution ended in one line.
func outcome(r *express.Result) string {
	if r.Status == interp.Succeeded {
		return "SUCCEEDED " + r.Output.Text()
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Status, r.Error, r.Cause))
}

func types(events []history.Event) string {
	var names []string
	for _, e := range events {
		names = append(names, string(e.Type))
	}
	return strings.Join(names, " ")
}

// lambda is the state that calls a function and gives what it returned.
func lambda(name, more string) string {
	return fmt.Sprintf(`{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
		"Parameters": {"FunctionName": %q, "Payload.$": "$"}, "OutputPath": "$.Payload", %s}`, name, more)
}

func machine(start string, states ...string) string {
	return fmt.Sprintf(`{"StartAt": %q, "States": {%s}}`, start, strings.Join(states, ","))
}

func add(n int) task.Handler {
	return task.Func(func(_ context.Context, x int) (int, error) { return x + n, nil })
}

func TestRun(t *testing.T) {
	t.Parallel()
	throttled := func(times int64) task.Handler {
		var calls atomic.Int64
		return task.Func(func(ctx context.Context, x int) (int, error) {
			if n := calls.Add(1); n <= times {
				return 0, &task.Error{Name: "Throttled", Cause: fmt.Sprint("attempt ", task.Info(ctx).Attempt)}
			}
			return x, nil
		})
	}
	const catch = `"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}], "End": true`
	const caught = `"Caught": {"Type": "Pass", "End": true}`
	tests := []struct {
		name, definition, input string
		handlers                task.Handlers
		want                    string
		took                    time.Duration
	}{
		{"chain", machine("A", `"A":`+lambda("add-1", `"Next": "B"`), `"B":`+lambda("add-2", `"End": true`)), "1",
			task.Handlers{"add-1": add(1), "add-2": add(2)}, "SUCCEEDED 4", 0},
		{"direct", machine("A", `"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f:live", "End": true}`), "1",
			task.Handlers{"f": add(1)}, "SUCCEEDED 2", 0},
		{"wait of a year", machine("A", `"A": {"Type": "Wait", "Seconds": 31000000, "End": true}`), "{}",
			nil, "SUCCEEDED {}", 31000000 * time.Second},
		{"retry", machine("A", `"A":`+lambda("f", `"Retry": [{"ErrorEquals": ["Throttled"], "IntervalSeconds": 2, "MaxAttempts": 3}], "End": true`)), "7",
			task.Handlers{"f": throttled(3)}, "SUCCEEDED 7", 14 * time.Second},
		{"retries used up", machine("A", `"A":`+lambda("f", `"Retry": [{"ErrorEquals": ["Throttled"], "MaxAttempts": 1}], "End": true`)), "7",
			task.Handlers{"f": throttled(3)}, "FAILED Throttled attempt 1", time.Second},
		{"missing handler", machine("A", `"A":`+lambda("f:live", catch), caught), "7",
			nil, `SUCCEEDED {"Error":"Stepsmith.NoHandler","Cause":"no handler for the task of state \"A\": register one as \"f:live\" (or as [\"f\" \"A\" \"arn:aws:states:::lambda:invoke\"])"}`, 0},
		{"timeout", machine("A", `"A":`+lambda("f", `"TimeoutSeconds": 30, `+catch), caught), "7",
			task.Handlers{"f": task.Func(func(ctx context.Context, _ any) (any, error) { return nil, task.Sleep(ctx, time.Hour) })},
			`SUCCEEDED {"Error":"States.Timeout","Cause":""}`, 30 * time.Second},
		{"sleep", machine("A", `"A":`+lambda("f", `"TimeoutSeconds": 30, "End": true`)), "7",
			task.Handlers{"f": task.Func(func(ctx context.Context, x int) (int, error) { return x, task.Sleep(ctx, 29*time.Second) })},
			"SUCCEEDED 7", 29 * time.Second},
		{"panic", machine("A", `"A":`+lambda("f", `"Retry": [{"ErrorEquals": ["errorString"]}], "End": true`)), "7",
			task.Handlers{"f": task.Func(func(context.Context, any) (any, error) { panic(errors.New("oh")) })}, "FAILED errorString", 7 * time.Second},
		{"a service by its ARN", machine("A", `"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"MessageBody": 1}, "End": true}`), "7",
			task.Handlers{"arn:aws:states:::sqs:sendMessage": task.HandlerFunc(func(_ context.Context, in json.RawMessage) (json.RawMessage, error) { return in, nil })},
			`SUCCEEDED {"MessageBody":1}`, 0},
		{"event invocation", machine("A", `"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "OutputPath": "$.StatusCode",
			"Parameters": {"FunctionName": "f", "InvocationType": "Event"}, "End": true}`), "7",
			task.Handlers{"f": task.Func(func(context.Context, struct{}) (int, error) { return 0, errors.New("unheard") })}, "SUCCEEDED 202", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := run(t, tt.definition, tt.input, virtual(tt.handlers))
			if got := outcome(r); got != tt.want && !(strings.HasPrefix(tt.want, "FAILED errorString") && strings.HasPrefix(got, tt.want)) {
				t.Errorf("got  %s\nwant %s\n%s", got, tt.want, types(r.History))
			}
			if took := r.Stopped.Sub(r.Started); took != tt.took {
				t.Errorf("took %v, want %v", took, tt.took)
			}
		})
	}
}

func TestLambdaResult(t *testing.T) {
	t.Parallel()
	r := run(t, machine("A", `"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "End": true}`),
		"{}", virtual(task.Handlers{"f": task.HandlerFunc(func(_ context.Context, in json.RawMessage) (json.RawMessage, error) {
			return json.RawMessage(`{ "got": ` + string(in) + ` }`), nil
		})}))
	const want = `SUCCEEDED {"ExecutedVersion":"$LATEST","Payload":{"got":{}},"SdkHttpMetadata":{"AllHttpHeaders":{},"HttpHeaders":{},"HttpStatusCode":200},` +
		`"SdkResponseMetadata":{"RequestId":"00000000-0000-0000-0000-000000000000"},"StatusCode":200}`
	if got := outcome(r); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	const wantEvents = "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSucceeded TaskStateExited ExecutionSucceeded"
	if got := types(r.History); got != wantEvents {
		t.Errorf("got  %s\nwant %s", got, wantEvents)
	}
}

// A virtual clock's executions are the same each time, however the goroutines of
// the handlers run.
func TestReproducible(t *testing.T) {
	t.Parallel()
	definition := machine("M", `"M": {"Type": "Map", "ItemProcessor": `+machine("A", `"A":`+lambda("f", `"Next": "B"`), `"B":`+lambda("f", `"End": true`))+`, "End": true}`)
	var first string
	for range 20 {
		r := run(t, definition, "[1,2,3,4,5,6,7,8]", virtual(task.Handlers{"f": add(1)}))
		if outcome(r) != "SUCCEEDED [3,4,5,6,7,8,9,10]" {
			t.Fatal(outcome(r))
		}
		got := string(history.Format{}.AppendAll(nil, r.History))
		if first == "" {
			first = got
		}
		if d := cmp.Diff(first, got); d != "" {
			t.Fatal(d)
		}
	}
}

// A handler may wait for what another branch does later.
func TestHandlersMayWaitForEachOther(t *testing.T) {
	t.Parallel()
	reached := make(chan struct{})
	branch := func(first, second string) string {
		return machine("A"+first, fmt.Sprintf(`"A%s":`, first)+lambda(first, fmt.Sprintf(`"Next": "B%s"`, second)), fmt.Sprintf(`"B%s":`, second)+lambda(second, `"End": true`))
	}
	definition := machine("P", `"P": {"Type": "Parallel", "Branches": [`+branch("wait", "nop")+","+branch("nop", "reach")+`], "End": true}`)
	r := run(t, definition, "1", virtual(task.Handlers{
		"nop":   add(0),
		"wait":  task.Func(func(_ context.Context, x int) (int, error) { <-reached; return x, nil }),
		"reach": task.Func(func(_ context.Context, x int) (int, error) { close(reached); return x, nil }),
	}))
	if got := outcome(r); got != "SUCCEEDED [1,1]" {
		t.Error(got)
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(context.Background())
	stopped := make(chan struct{})
	enough := errors.New("enough")
	r, err := express.Run(ctx, compile(t, machine("A", `"A":`+lambda("f", `"End": true`))), nil, express.Options{
		Handlers: task.Handlers{"f": task.Func(func(ctx context.Context, _ any) (any, error) {
			cancel(enough)
			<-ctx.Done()
			close(stopped)
			return nil, ctx.Err()
		})},
	})
	if !errors.Is(err, enough) || r.Status != interp.Aborted {
		t.Errorf("%v, %+v", err, r)
	}
	<-stopped
}

func TestExpressLimit(t *testing.T) {
	t.Parallel()
	o := virtual(nil)
	o.Standard = false
	r := run(t, machine("A", `"A": {"Type": "Wait", "Seconds": 301, "End": true}`), "{}", o)
	if r.Status != interp.TimedOut || r.Stopped.Sub(r.Started) != 5*time.Minute {
		t.Errorf("%s after %v", outcome(r), r.Stopped.Sub(r.Started))
	}
}

func TestInfo(t *testing.T) {
	t.Parallel()
	keys := func(name string) []string {
		var keys []string
		o := virtual(task.Handlers{"f": task.Func(func(ctx context.Context, _ any) (any, error) {
			d := task.Info(ctx)
			keys = append(keys, d.IdempotencyKey)
			if d.State != "A" || d.Machine != "workflow" || d.ExecutionName != name || d.Execution == "" {
				t.Errorf("%+v", d)
			}
			if len(keys)%2 == 1 { // each item fails once
				return nil, errors.New("no")
			}
			return nil, nil
		})})
		o.Name = name
		run(t, machine("M", `"M": {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": `+
			machine("A", `"A":`+lambda("f", `"Retry": [{"ErrorEquals": ["States.ALL"]}], "End": true`))+`, "End": true}`), "[1,2]", o)
		return keys
	}
	first, again, other := keys("a"), keys("a"), keys("b")
	if len(first) != 4 || first[0] != first[1] || first[1] == first[2] || first[2] != first[3] {
		t.Errorf("keys are not those of visits: %q", first)
	}
	if !slices.Equal(first, again) || slices.Equal(first, other) {
		t.Errorf("keys are not those of the execution: %q, %q, %q", first, again, other)
	}
}

const approval = `{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
	"Parameters": {"FunctionName": "ask", "Payload.$": "$$.Task.Token"}, "TimeoutSeconds": 600, "HeartbeatSeconds": 60, "End": true}}}`

func TestCallback(t *testing.T) {
	t.Parallel()
	tokens := make(chan string, 1)
	x, err := express.Start(t.Context(), compile(t, approval), nil, express.Options{
		Standard: true,
		Handlers: task.Handlers{"ask": task.Func(func(ctx context.Context, token string) (any, error) {
			if token != task.Info(ctx).Token {
				t.Errorf("token %q, but Info says %q", token, task.Info(ctx).Token)
			}
			tokens <- token
			return nil, nil
		})},
	})
	if err != nil {
		t.Fatal(err)
	}
	token := <-tokens
	if err := x.SendTaskSuccess("x", doc(t, `1`)); !errors.Is(err, express.ErrUnknownToken) {
		t.Error(err)
	}
	if err := x.SendTaskHeartbeat(token); err != nil {
		t.Error(err)
	}
	if err := x.SendTaskSuccess(token, doc(t, `{"yes": 1}`)); err != nil {
		t.Error(err)
	}
	if err := x.SendTaskFailure(token, nil, nil); !errors.Is(err, express.ErrTaskTimedOut) {
		t.Errorf("a second answer: %v", err)
	}
	r, err := x.Wait(t.Context())
	if err != nil || outcome(r) != `SUCCEEDED {"yes": 1}` {
		t.Errorf("%v, %s", err, outcome(r))
	}
	if !strings.Contains(types(r.History), "TaskStarted TaskSubmitted TaskSucceeded") {
		t.Error(types(r.History))
	}
}

func TestCallbackTimesOut(t *testing.T) {
	t.Parallel()
	ask := task.Handlers{"ask": task.Func(func(context.Context, string) (any, error) { return nil, nil })}
	for _, tt := range []struct {
		definition string
		took       time.Duration
	}{
		{approval, time.Minute},
		{strings.Replace(approval, `"HeartbeatSeconds": 60,`, "", 1), 10 * time.Minute},
	} {
		r := run(t, tt.definition, "{}", virtual(ask))
		if took := r.Stopped.Sub(r.Started); outcome(r) != "FAILED States.Timeout" || took != tt.took {
			t.Errorf("%s after %v, want %v", outcome(r), took, tt.took)
		}
	}
}

func TestActivity(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:states:us-east-1:1:activity:print"
	definition := machine("A", `"A": {"Type": "Task", "Resource": "`+arn+`", "End": true}`)
	x, err := express.Start(t.Context(), compile(t, definition), doc(t, `{"page": 1}`), express.Options{Standard: true})
	if err != nil {
		t.Fatal(err)
	}
	work, err := x.Poll(t.Context(), arn, "printer")
	if err != nil || work.Input.Text() != `{"page": 1}` {
		t.Fatalf("%v, %+v", err, work)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if again, err := x.Poll(ctx, arn, "printer"); again != nil || err == nil {
		t.Errorf("the same task twice: %+v, %v", again, err)
	}
	if err := x.SendTaskFailure(work.Token, history.Ref("Jam"), nil); err != nil {
		t.Error(err)
	}
	r, err := x.Wait(t.Context())
	if err != nil || outcome(r) != "FAILED Jam" {
		t.Errorf("%v, %s", err, outcome(r))
	}
	if left, err := x.Poll(t.Context(), arn, ""); left != nil || err != nil {
		t.Errorf("poll of an execution that has ended: %+v, %v", left, err)
	}

	r = run(t, definition, "{}", express.Options{Standard: true, Activity: func(string) bool { return false }})
	if r.Error != "States.Runtime" || !strings.Contains(r.Cause, "The activity "+arn+" does not exist.") {
		t.Error(outcome(r))
	}
	r = run(t, definition, "1", virtual(task.Handlers{"print": add(1)}))
	if outcome(r) != "SUCCEEDED 2" {
		t.Error(outcome(r))
	}
}

func TestChild(t *testing.T) {
	t.Parallel()
	start := func(suffix, more string) string {
		return machine("A", `"A": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution`+suffix+`",
			"Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:child", "Name": "c", "Input.$": "$"}, `+more+` "End": true}`)
	}
	child := machine("W", `"W": {"Type": "Wait", "Seconds": 60, "Next": "B"}`, `"B":`+lambda("f", `"End": true`))
	fail := task.Func(func(context.Context, any) (any, error) { return nil, &task.Error{Name: "Broken", Cause: "c"} })
	tests := []struct {
		name, definition string
		handler          task.Handler
		want             string
		took             time.Duration
	}{
		{"request", start("", `"OutputPath": "$.ExecutionArn",`), add(1), `SUCCEEDED "arn:aws:states:us-east-1:123456789012:execution:child:c"`, 0},
		{"sync", start(".sync", `"OutputPath": "$.Output",`), add(1), `SUCCEEDED "2"`, time.Minute},
		{"sync:2", start(".sync:2", `"OutputPath": "$.Output",`), add(1), `SUCCEEDED 2`, time.Minute},
		{"failing", start(".sync:2", ""), fail, `FAILED States.TaskFailed {"Cause":"c","Error":"Broken","ExecutionArn":"arn:aws:states:us-east-1:123456789012:execution:child:c"`, time.Minute},
		{"timeout", start(".sync:2", `"TimeoutSeconds": 7,`), add(1), `FAILED States.Timeout`, 7 * time.Second},
		{"unknown machine", strings.ReplaceAll(start("", ""), "stateMachine:child", "stateMachine:x"), add(1), `FAILED StepFunctions.StateMachineDoesNotExistException State Machine Does Not Exist: 'arn:aws:states:us-east-1:123456789012:stateMachine:x' (Service: AWSStepFunctions;`, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := virtual(task.Handlers{"f": tt.handler})
			o.Machines = map[string]express.Machine{"child": {Graph: compile(t, child), Standard: true}}
			r := run(t, tt.definition, "1", o)
			if got := outcome(r); !strings.HasPrefix(got, tt.want) {
				t.Errorf("got  %s\nwant %s\n%s", got, tt.want, types(r.History))
			}
			if took := r.Stopped.Sub(r.Started); took != tt.took {
				t.Errorf("took %v, want %v", took, tt.took)
			}
		})
	}
}

func TestHTTP(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer k" || !strings.HasPrefix(r.UserAgent(), "Amazon|StepFunctions|HttpInvoke|") {
			http.Error(w, "who?", http.StatusForbidden)
			return
		}
		var body struct{ Name string }
		json.NewDecoder(r.Body).Decode(&body)
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode([]any{body.Name, r.URL.Query()["q"], r.Method})
	}))
	defer server.Close()
	call := func(more string) string {
		return machine("A", `"A": {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "OutputPath": "$.ResponseBody",
			"Parameters": {"ApiEndpoint": "`+server.URL+`/x", "Method": "POST", `+more+`,
			"QueryParameters": {"q": ["1", "2"]}, "RequestBody": {"Name.$": "$.name"}}, "End": true}`)
	}
	const connection = `"InvocationConfig": {"ConnectionArn": "arn:aws:events:us-east-1:1:connection/api/1-2-3"}`
	tests := []struct{ name, definition, key, want string }{
		{"success", call(connection), "k", `SUCCEEDED ["Ada",["1","2"],"POST"]`},
		{"status", call(connection), "wrong", "FAILED States.Http.StatusCode.403 who?"},
		{"no connection", call(strings.ReplaceAll(connection, "/api/", "/other/")), "k", `FAILED Events.ConnectionResource.ResourceNotFound no connection`},
		{"forbidden header", call(connection + `, "Headers": {"authorization": "x"}`), "k", `FAILED States.Runtime the header "authorization"`},
	}
	for _, tt := range tests {
		o := express.Options{HTTP: &invoke.HTTP{Connections: map[string]invoke.Connection{"api": func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer "+tt.key)
			return nil
		}}}}
		r := run(t, tt.definition, `{"name": "Ada"}`, o)
		if got := outcome(r); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}
