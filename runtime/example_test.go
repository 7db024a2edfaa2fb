package runtime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// greet would come from generated code.
var greet = &runtime.Workflow[string, string]{Definition: runtime.Definition{Name: "Greet", ASL: `{
	"StartAt": "Wait",
	"QueryLanguage": "JSONata",
	"States": {
		"Wait": {"Type": "Wait", "Seconds": 86400, "Next": "Greet"},
		"Greet": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
			"Arguments": {"FunctionName": "greet", "Payload": "{% $states.input %}"},
			"Output": "{% $states.result.Payload %}", "End": true}}}`}}

var greeters = task.Handlers{"greet": task.Func(func(_ context.Context, name string) (string, error) {
	return "Hello, " + name + "!", nil
})}

// quick is Express, and waits for nothing.
var quick = &runtime.Workflow[string, string]{Definition: runtime.Definition{Name: "Quick", Type: runtime.Express, ASL: `{
	"StartAt": "Greet",
	"QueryLanguage": "JSONata",
	"States": {
		"Greet": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
			"Arguments": {"FunctionName": "greet", "Payload": "{% $states.input %}"},
			"Output": "{% $states.result.Payload %}", "End": true}}}`}}

// approve waits until somebody answers.
var approve = &runtime.Workflow[string, string]{Definition: runtime.Definition{Name: "Approve", ASL: `{
	"StartAt": "Ask",
	"QueryLanguage": "JSONata",
	"States": {
		"Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
			"Arguments": {"FunctionName": "ask", "Payload": {"what": "{% $states.input %}", "token": "{% $states.context.Task.Token %}"}},
			"TimeoutSeconds": 259200, "End": true}}}`}}

// A workflow runs in memory without an engine, here in virtual time.
func ExampleWorkflow_Run() {
	greeting, err := greet.Run(context.Background(), greeters, "Ada", runtime.WithClock(clock.NewVirtual(time.Now())))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(greeting)
	// Output: Hello, Ada!
}

// An engine runs executions durably when it has a store, such as one of package
// sqlite; this one keeps them in memory.
func ExampleEngine() {
	ctx := context.Background()
	engine, err := runtime.New(runtime.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Shutdown(ctx)
	if err := greet.Deploy(ctx, engine, greeters); err != nil {
		log.Fatal(err)
	}
	run, err := greet.Start(ctx, engine, "Ada", runtime.Name("ada-1"))
	if err != nil {
		log.Fatal(err)
	}
	if err := run.Stop(ctx, "TooLate", "a day is too long for an example"); err != nil {
		log.Fatal(err)
	}
	_, err = run.Wait(ctx)
	fmt.Println(err)
	// Output: the execution was aborted: TooLate: a day is too long for an example
}

// A synchronous Express execution is a call.
func ExampleWorkflow_StartSync() {
	ctx := context.Background()
	engine, err := runtime.New(runtime.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Shutdown(ctx)
	if err := quick.Deploy(ctx, engine, greeters); err != nil {
		log.Fatal(err)
	}
	greeting, err := quick.StartSync(ctx, engine, "Ada")
	fmt.Println(greeting, err)
	// Output: Hello, Ada! <nil>
}

// The result of an asynchronous Express execution goes to the logs. Here they are
// lines of JSON in a file, without data, of executions that fail.
func ExampleOptions_logs() {
	ctx := context.Background()
	file, err := os.CreateTemp("", "*.jsonl")
	if err != nil {
		log.Fatal(err)
	}
	defer os.Remove(file.Name())
	engine, err := runtime.New(runtime.Options{Logs: express.Logs{Level: history.LogFatal, Sink: express.LogTo(file)}})
	if err != nil {
		log.Fatal(err)
	}
	if err := quick.Deploy(ctx, engine, task.Handlers{}); err != nil { // nobody greets
		log.Fatal(err)
	}
	if _, err := quick.Start(ctx, engine, "Ada"); err != nil {
		log.Fatal(err)
	}
	if err := engine.Shutdown(ctx); err != nil { // it waits for what runs
		log.Fatal(err)
	}
	text, err := os.ReadFile(file.Name())
	if err != nil {
		log.Fatal(err)
	}
	var record struct {
		Type    string
		Details struct{ Error string }
	}
	if err := json.Unmarshal(text, &record); err != nil {
		log.Fatal(err)
	}
	fmt.Println(record.Type, record.Details.Error)
	// Output: ExecutionFailed Stepsmith.NoHandler
}

// A task that waits for its token ends when somebody sends an answer, which may be
// days later and after the process was started again.
func ExampleEngine_SendTaskSuccess() {
	ctx := context.Background()
	engine, err := runtime.New(runtime.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Shutdown(ctx)
	type question struct{ What, Token string }
	mail := make(chan question, 1)
	err = approve.Deploy(ctx, engine, task.Handlers{"ask": task.Func(func(_ context.Context, q question) (any, error) {
		mail <- q
		return nil, nil // what it returns does not count
	})})
	if err != nil {
		log.Fatal(err)
	}
	run, err := approve.Start(ctx, engine, "a new chair")
	if err != nil {
		log.Fatal(err)
	}
	q := <-mail
	if err := engine.SendTaskSuccess(ctx, q.Token, json.RawMessage(`"granted"`)); err != nil {
		log.Fatal(err)
	}
	answer, err := run.Wait(ctx)
	fmt.Println(q.What, answer, err)
	// Output: a new chair granted <nil>
}

// All executions of a machine, page by page.
func ExampleEngine_List() {
	ctx := context.Background()
	engine, err := runtime.New(runtime.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Shutdown(ctx)
	if err := greet.Deploy(ctx, engine, greeters); err != nil {
		log.Fatal(err)
	}
	for _, name := range []string{"Ada", "Ben", "Cem"} {
		if _, err := greet.Start(ctx, engine, name, runtime.Name(name)); err != nil {
			log.Fatal(err)
		}
	}
	for q := (runtime.Query{Machine: "Greet", Status: runtime.Running, Limit: 2}); ; {
		page, err := engine.List(ctx, q)
		if err != nil {
			log.Fatal(err)
		}
		for _, d := range page.Executions {
			fmt.Println(d.Name, d.Status)
		}
		if q.Next = page.Next; q.Next == "" {
			break
		}
	}
	// Output:
	// Cem RUNNING
	// Ben RUNNING
	// Ada RUNNING
}

// The events of an execution, from the first.
func ExampleEngine_History() {
	ctx := context.Background()
	engine, err := runtime.New(runtime.Options{Clock: clock.NewVirtual(time.Now())})
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Shutdown(ctx)
	if err := greet.Deploy(ctx, engine, greeters); err != nil {
		log.Fatal(err)
	}
	run, err := greet.Start(ctx, engine, "Ada")
	if err != nil {
		log.Fatal(err)
	}
	if _, err := run.Wait(ctx); err != nil {
		log.Fatal(err)
	}
	for event, err := range engine.History(ctx, run.ARN, false) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%d %s\n", event.ID, event.Type)
	}
	// Output:
	// 1 ExecutionStarted
	// 2 WaitStateEntered
	// 3 WaitStateExited
	// 4 TaskStateEntered
	// 5 TaskScheduled
	// 6 TaskStarted
	// 7 TaskSucceeded
	// 8 TaskStateExited
	// 9 ExecutionSucceeded
}

// An asynchronous Express execution may run more than once: Twice shows whether its
// tasks can bear that. Both attempts have the same key.
func ExampleTwice() {
	ctx := context.Background()
	engine, err := runtime.New(runtime.Options{})
	if err != nil {
		log.Fatal(err)
	}
	greeted := make(map[string]string)
	once := task.Handlers{"greet": task.Func(func(ctx context.Context, name string) (string, error) {
		greeted[task.Info(ctx).IdempotencyKey] = name
		return "Hello, " + name + "!", nil
	})}
	if err := quick.Deploy(ctx, engine, once); err != nil {
		log.Fatal(err)
	}
	if _, err := quick.Start(ctx, engine, "Ada", runtime.Twice()); err != nil {
		log.Fatal(err)
	}
	if err := engine.Shutdown(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(greeted), "was greeted")
	// Output: 1 was greeted
}
