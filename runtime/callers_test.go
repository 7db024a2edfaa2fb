package runtime_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Shutdown lets those who wait for a result have it, for as long as it may.
func TestShutdownAndCallers(t *testing.T) {
	t.Parallel()
	w := workflow(runtime.Express)
	type outcome struct {
		n   int
		err error
	}
	for _, patient := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			e := engine(t, runtime.Options{})
			finish, cancelled := make(chan struct{}), make(chan struct{})
			handlers := task.Handlers{"double": task.Func(func(ctx context.Context, n int) (int, error) {
				select {
				case <-finish:
				case <-ctx.Done():
					close(cancelled)
				}
				return 2 * n, ctx.Err()
			})}
			if err := w.Deploy(t.Context(), e, handlers); err != nil {
				t.Fatal(err)
			}
			called, shut := make(chan outcome), make(chan error)
			go func() {
				n, err := w.StartSync(t.Context(), e, 21)
				called <- outcome{n, err}
			}()
			synctest.Wait()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() { shut <- e.Shutdown(ctx) }()
			synctest.Wait()
			if _, err := w.StartSync(t.Context(), e, 1); !errors.Is(err, runtime.ErrShutdown) {
				t.Errorf("a start after Shutdown has begun: %v", err)
			}
			if patient {
				close(finish)
				if got := <-called; got != (outcome{42, nil}) {
					t.Errorf("the caller was given %v", got)
				}
				if err := <-shut; err != nil {
					t.Errorf("Shutdown: %v", err)
				}
				return
			}
			cancel()
			if got := <-called; !errors.Is(got.err, runtime.ErrShutdown) {
				t.Errorf("the caller of an aborted execution was given %v", got)
			}
			<-cancelled
			if err := <-shut; !errors.Is(err, context.Canceled) {
				t.Errorf("Shutdown that ran out of time: %v", err)
			}
		})
	}
}
