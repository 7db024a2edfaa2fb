package express_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// BenchmarkChain runs the five states Pass, Choice, Task, Pass, Task.
func BenchmarkChain(b *testing.B) {
	m := compile(b, machine("P", `"P": {"Type": "Pass", "Next": "C"}`,
		`"C": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThan": 0, "Next": "T"}], "Default": "Q"}`,
		`"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f", "Next": "Q"}`,
		`"Q": {"Type": "Pass", "Next": "U"}`,
		`"U": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f", "End": true}`))
	o := express.Options{DiscardHistory: true, Handlers: task.Handlers{"f": task.HandlerFunc(func(_ context.Context, in json.RawMessage) (json.RawMessage, error) {
		return in, nil
	})}}
	input := doc(b, `{"n": 1}`)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if r, err := express.Run(ctx, m, input, o); err != nil || r.Status != interp.Succeeded {
			b.Fatal(r, err)
		}
	}
	b.ReportMetric(5*float64(b.N)/b.Elapsed().Seconds(), "transitions/s")
}
