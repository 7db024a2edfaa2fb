package standard_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/store/memory"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// held is a store that writes when it is told to, until it is free.
type held struct {
	store.Store
	pending chan func(error)
	free    atomic.Bool
}

func (h *held) Submit(b *store.Batch, done func(error)) {
	if h.free.Load() {
		h.Store.Submit(b, done)
		return
	}
	h.pending <- func(err error) {
		if err != nil {
			done(err)
			return
		}
		h.Store.Submit(b, done)
	}
}

// onHeld is an engine on a store that holds back what it is to write, with a
// machine m of one task, whose handler runs until its context is done.
func onHeld(t *testing.T, o standard.Options) (e *standard.Engine, s *held, calls, over chan struct{}) {
	t.Helper()
	s = &held{Store: memory.New(), pending: make(chan func(error), 10)}
	calls, over = make(chan struct{}, 10), make(chan struct{}, 10)
	o.Store, o.Compile, o.Retention = s, compile, -1
	opened := make(chan error, 1)
	go func() {
		var err error
		if e, err = standard.Open(context.Background(), o); err == nil {
			_, err = e.Deploy(context.Background(), "m", "STANDARD", machine("A", `"A":`+lambda("f", `"End": true`)), task.Handlers{
				"f": task.Func(func(ctx context.Context, _ any) (any, error) {
					calls <- struct{}{}
					<-ctx.Done()
					over <- struct{}{}
					return nil, ctx.Err()
				})})
		}
		opened <- err
	}()
	(<-s.pending)(nil) // the settings
	(<-s.pending)(nil) // the machine
	if err := <-opened; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.free.Store(true)
		e.Shutdown(context.Background())
	})
	return e, s, calls, over
}

// Nothing is acknowledged, shown or done before it is durable.
func TestDurableFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen []int64
		e, s, calls, over := onHeld(t, standard.Options{Observe: func(_ string, e history.Event) { seen = append(seen, e.ID) }})
		var arn string
		done := make(chan error, 1)
		go func() {
			x, err := e.Start(context.Background(), "m", "", nil)
			arn = x.ARN
			done <- err
		}()
		synctest.Wait()
		if len(seen)+len(calls)+len(done) > 0 {
			t.Errorf("before the start was durable: %d events, %d calls, %d answers", len(seen), len(calls), len(done))
		}
		(<-s.pending)(nil)
		synctest.Wait()
		if len(seen) != 4 || len(calls) != 1 || len(done) != 1 {
			t.Errorf("when it was: events %v, %d calls, %d answers", seen, len(calls), len(done))
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		go func() {
			_, err := e.Stop(context.Background(), arn, nil, nil)
			done <- err
		}()
		synctest.Wait()
		if len(seen) != 4 || len(over)+len(done) > 0 {
			t.Errorf("before the stop was durable: events %v, %d handlers over, %d answers", seen, len(over), len(done))
		}
		(<-s.pending)(nil)
		if err := <-done; err != nil {
			t.Error(err)
		}
		<-over
		for i, id := range seen {
			if id != int64(i+1) {
				t.Errorf("events %v", seen)
			}
		}
	})
}

// When a write fails the engine stops and says so to everybody: once in the log,
// to who waits, and to who asks for anything later. Handlers are cancelled.
func TestStoreFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		e, s, _, over := onHeld(t, standard.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
		ctx := context.Background()
		answers := make(chan error, 10)
		start := func() (arn string) {
			x, err := e.Start(ctx, "m", "", nil)
			answers <- err
			return x.ARN
		}
		go func() {
			arn := start()
			go func() { _, err := e.Wait(ctx, arn); answers <- err }()
			go func() { _, err := e.Poll(ctx, "arn:aws:states:us-east-1:1:activity:a", ""); answers <- err }()
		}()
		(<-s.pending)(nil)
		if err := <-answers; err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		broken := errors.New("the disk is full")
		go start()
		(<-s.pending)(broken)
		<-over
		for range 2 { // Start and Wait
			if err := <-answers; !errors.Is(err, broken) || !strings.Contains(err.Error(), "the engine has stopped") {
				t.Error(err)
			}
		}
		go start()
		for range 2 { // Poll and Start
			if err := <-answers; !errors.Is(err, broken) {
				t.Error(err)
			}
		}
		if n := strings.Count(log.String(), "the disk is full"); n != 1 {
			t.Errorf("logged %d times:\n%s", n, log.String())
		}
	})
}
