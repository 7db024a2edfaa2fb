package runtime_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/clock"
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
