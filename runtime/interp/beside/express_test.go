package beside

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// BenchmarkExpress runs the chain as users do: a synchronous Express execution
// of an engine. Its handlers take JSON as it stands, or Go types.
func BenchmarkExpress(b *testing.B) {
	document := task.HandlerFunc(func(_ context.Context, in json.RawMessage) (json.RawMessage, error) { return in, nil })
	for name, handler := range map[string]task.Handler{"documents": document, "types": task.Func(work)} {
		b.Run(name, func(b *testing.B) {
			e, err := runtime.New(runtime.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer e.Shutdown(context.Background())
			d := runtime.Definition{Name: "chain", Type: runtime.Express, ASL: chain}
			if _, err := e.Deploy(b.Context(), d, task.Handlers{"work": handler}); err != nil {
				b.Fatal(err)
			}
			measure(b, func() error {
				x, err := e.StartSync(b.Context(), "chain", json.RawMessage(input))
				if err == nil && x.Status != runtime.Succeeded {
					err = fmt.Errorf("%s: %s", x.Status, x.Cause)
				}
				return err
			})
		})
	}
}
