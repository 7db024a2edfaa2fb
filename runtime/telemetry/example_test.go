package telemetry_test

import (
	"context"
	"fmt"
	"log"

	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
	"github.com/stepsmith-dev/stepsmith/runtime/telemetry"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

// A program makes a tracer provider with the exporter of its choice, and shuts down
// the engine before the telemetry and that before the provider.
func Example() {
	ctx := context.Background()
	exporter := tracetest.NewInMemoryExporter() // otlptracehttp.New(ctx), for example
	provider := trace.NewTracerProvider(trace.WithSyncer(exporter))
	t, err := telemetry.New(telemetry.Options{TracerProvider: provider})
	if err != nil {
		log.Fatal(err)
	}
	engine, err := runtime.New(runtime.Options{Observe: t.Observe})
	if err != nil {
		log.Fatal(err)
	}
	greet := &runtime.Workflow[string, string]{Definition: runtime.Definition{Name: "Greet", Type: runtime.Express, ASL: `{
		"StartAt": "Say hello", "States": {"Say hello": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:greet", "End": true}}}`}}
	if err := greet.Deploy(ctx, engine, t.Handlers(task.Handlers{
		"greet": task.Func(func(_ context.Context, name string) (string, error) { return "Hello, " + name + "!", nil }),
	})); err != nil {
		log.Fatal(err)
	}
	if _, err := greet.StartSync(ctx, engine, "Ada"); err != nil {
		log.Fatal(err)
	}
	if err := engine.Shutdown(ctx); err != nil {
		log.Fatal(err)
	}
	t.Close()
	for _, span := range exporter.GetSpans() {
		fmt.Println(span.Name)
	}
	if err := provider.Shutdown(ctx); err != nil {
		log.Fatal(err)
	}
	// Output:
	// Say hello handler
	// Say hello
	// Greet
}
