package standard_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// halfway is a bed with an execution of two tasks, whose first is running until
// release is closed or, if it minds, its context is done. calls are the tasks
// that were called.
func halfway(t *testing.T, minds bool) (b *bed, arn string, release chan struct{}, calls chan string) {
	t.Helper()
	b = newBed(t, "", standard.Options{Retention: -1})
	release, calls = make(chan struct{}), make(chan string, 10)
	f := task.Func(func(ctx context.Context, x int) (int, error) {
		calls <- task.Info(ctx).State
		if task.Info(ctx).State == "B" {
			return x + 1, nil
		}
		done := ctx.Done()
		if !minds {
			done = nil
		}
		select {
		case <-release:
			return x + 1, nil
		case <-done:
			return 0, ctx.Err()
		}
	})
	b.machine("m", machine("A", `"A":`+lambda("f", `"Next": "B"`), `"B":`+lambda("f", `"End": true`)), task.Handlers{"f": f})
	arn = b.start("m", "", "1")
	synctest.Wait()
	return b, arn, release, calls
}

// Shutdown waits for the handlers that run, begins nothing more, and what is not
// finished goes on afterwards. Several may call it.
func TestShutdown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, arn, release, calls := halfway(t, true)
		const callers = 3
		done := make(chan error, callers)
		for range callers {
			go func() { done <- b.Shutdown(context.Background()) }()
		}
		synctest.Wait()
		if len(done) > 0 {
			t.Error("it did not wait for the handler")
		}
		close(release)
		for range callers {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if len(calls) != 1 {
			t.Errorf("%d tasks were begun", len(calls))
		}
		b.reopen()
		if got := outcome(b.wait(arn)); got != "SUCCEEDED 3" || len(calls) != 2 {
			t.Errorf("%s, %d calls", got, len(calls))
		}
	})
}

// When the context of Shutdown is done, the handlers' contexts are. That a handler
// failed because of this says nothing about its task.
func TestShutdownInTime(t *testing.T) {
	t.Parallel()
	for _, minds := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			b, arn, release, calls := halfway(t, minds)
			enough := errors.New("enough")
			ctx, cancel := context.WithCancelCause(context.Background())
			done := make(chan error, 1)
			go func() { done <- b.Shutdown(ctx) }()
			synctest.Wait()
			cancel(enough)
			if err := <-done; !errors.Is(err, enough) {
				t.Error(err)
			}
			synctest.Wait() // the handler has ended if it minds
			b.reopen()
			if got := outcome(b.wait(arn)); !strings.HasPrefix(got, "FAILED Stepsmith.Interrupted") || len(calls) != 1 {
				t.Errorf("%s, %d calls", got, len(calls))
			}
			close(release)
		})
	}
}

// Workers that wait for work are sent away, and others get an answer too.
func TestShutdownAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, arn, release, _ := halfway(t, true)
		close(release)
		b.wait(arn)
		polled := make(chan error, 1)
		go func() {
			work, err := b.Poll(context.Background(), "arn:aws:states:us-east-1:1:activity:a", "w")
			if work != nil {
				t.Errorf("%+v", work)
			}
			polled <- err
		}()
		synctest.Wait()
		if err := b.Shutdown(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := <-polled; err != nil {
			t.Error(err)
		}
		ctx := context.Background()
		for what, f := range map[string]func() error{
			"Start":           func() error { _, err := b.Start(ctx, "m", "", nil); return err },
			"Stop":            func() error { _, err := b.Stop(ctx, arn, nil, nil); return err },
			"Redrive":         func() error { _, err := b.Redrive(ctx, arn); return err },
			"SendTaskSuccess": func() error { return b.SendTaskSuccess(ctx, "x", doc(t, "1")) },
			"Deploy":          func() error { _, err := b.Deploy(ctx, "m", "STANDARD", chain(1), nil); return err },
		} {
			if err := f(); !errors.Is(err, standard.ErrShutdown) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if d, err := b.Describe(ctx, arn); err != nil || outcome(d) != "SUCCEEDED 3" {
			t.Errorf("Describe: %+v, %v", d, err)
		}
	})
}
