package express_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"

	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/store/memory"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// slow is a store that writes when it is told to.
type slow struct {
	*memory.Store
	pending chan func(error)
}

func (s *slow) Submit(b *store.Batch, done func(error)) {
	s.pending <- func(err error) {
		if err != nil {
			done(err)
			return
		}
		s.Store.Submit(b, done)
	}
}

func newSlow() *slow { return &slow{memory.New(), make(chan func(error), 10)} }

// job is an execution of one task, which takes until release is closed and minds
// its context.
func job(t *testing.T, id int64, calls chan<- int64, release <-chan struct{}) *express.Job {
	f := task.Func(func(ctx context.Context, _ any) (any, error) {
		calls <- id
		select {
		case <-release:
			return nil, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
	return &express.Job{
		Start: store.ExpressStart{ID: id, Machine: 1}, Graph: compile(t, machine("A", `"A":`+lambda("f", `"End": true`))),
		Options: express.Options{Handlers: task.Handlers{"f": f}, DiscardHistory: true},
	}
}

func left(t *testing.T, s store.Store) (n int) {
	t.Helper()
	starts, err := s.ExpressStarts(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	return len(starts)
}

// A start is acknowledged, and runs, when it is durable; it is forgotten when it
// has ended.
func TestQueueStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlow()
		q := express.NewQueue(s, slog.Default(), 1, 0)
		calls, release := make(chan int64, 10), make(chan struct{})
		close(release)
		started := make(chan error, 1)
		start := func(id int64) {
			_, err := q.Start(context.Background(), job(t, id, calls, release))
			started <- err
		}
		go start(1)
		synctest.Wait()
		if len(started)+len(calls) > 0 {
			t.Error("something happened before the start was durable")
		}
		broken := errors.New("broken")
		(<-s.pending)(broken)
		if err := <-started; !errors.Is(err, broken) {
			t.Errorf("a start that cannot be written: %v", err)
		}
		go start(2) // has the place of the first
		(<-s.pending)(nil)
		if err := <-started; err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if id := <-calls; id != 2 || len(calls) > 0 || left(t, s) != 1 {
			t.Errorf("%d was called, %d more", id, len(calls))
		}
		(<-s.pending)(nil)
		if n := left(t, s); n > 0 {
			t.Errorf("%d starts are left", n)
		}
		go start(3)
		(<-s.pending)(nil)
		if err := <-started; err != nil {
			t.Errorf("the place was not given back: %v", err)
		}
		if err := q.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// Close waits for what runs, and what waits is left for the next that opens the
// store. Several may call it, also while somebody starts something.
func TestQueueClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlow()
		q := express.NewQueue(s, slog.Default(), 1, 5)
		calls, release := make(chan int64, 10), make(chan struct{})
		started := make(chan error, 3)
		for id := range int64(3) {
			go func() {
				_, err := q.Start(context.Background(), job(t, id+1, calls, release))
				started <- err
			}()
			synctest.Wait()
		}
		(<-s.pending)(nil)
		(<-s.pending)(nil)
		closed := make(chan error, 2)
		for range 2 {
			go func() { closed <- q.Close(context.Background()) }()
		}
		synctest.Wait()
		if len(closed) > 0 {
			t.Error("it did not wait")
		}
		(<-s.pending)(nil) // the third start is durable after all
		for range 3 {
			if err := <-started; err != nil {
				t.Error(err)
			}
		}
		if _, err := q.Start(context.Background(), job(t, 4, calls, release)); !errors.Is(err, express.ErrClosed) {
			t.Errorf("a start after Close: %v", err)
		}
		close(release)
		(<-s.pending)(nil) // the first has ended
		for range 2 {
			if err := <-closed; err != nil {
				t.Error(err)
			}
		}
		if id := <-calls; id != 1 || len(calls) > 0 || left(t, s) != 2 {
			t.Errorf("%d was called, and %d more; %d are left", id, len(calls), left(t, s))
		}
	})
}

// When the context of Close is done, what runs is cancelled, and left too.
func TestQueueCloseInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		q := express.NewQueue(s, slog.Default(), 1, 5)
		calls := make(chan int64, 10)
		if _, err := q.Start(context.Background(), job(t, 1, calls, nil)); err != nil {
			t.Fatal(err)
		}
		enough := errors.New("enough")
		ctx, cancel := context.WithCancelCause(context.Background())
		closed := make(chan error, 1)
		go func() { closed <- q.Close(ctx) }()
		synctest.Wait()
		cancel(enough)
		if err := <-closed; !errors.Is(err, enough) {
			t.Error(err)
		}
		synctest.Wait() // everything has ended
		if n := left(t, s); n != 1 || len(calls) != 1 {
			t.Errorf("%d are left, %d calls", n, len(calls))
		}
	})
}
