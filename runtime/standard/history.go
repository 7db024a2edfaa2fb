package standard

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// History iterates over the events of an execution, or in reverse from the last.
// An error is the last that it yields.
func (e *Engine) History(ctx context.Context, arn string, reverse bool) iter.Seq2[history.Event, error] {
	return func(yield func(history.Event, error) bool) {
		r, err := e.reader(ctx, arn)
		if err != nil {
			yield(history.Event{}, err)
			return
		}
		events, err := r.more(ctx)
		if reverse {
			slices.Reverse(events)
		}
		pass(events, err, yield)
	}
}

// lookEvery is how often somebody who follows an execution looks for more. It is
// real time, whatever the engine's clock: another process may write the store.
const lookEvery = 200 * time.Millisecond

// Follow iterates over the events of an execution from the first and goes on with
// those that come, until it has ended. An end after which it was redriven is none.
// An error, such as that of ctx, is the last that it yields.
func (e *Engine) Follow(ctx context.Context, arn string) iter.Seq2[history.Event, error] {
	return func(yield func(history.Event, error) bool) {
		r, err := e.reader(ctx, arn)
		if err != nil {
			yield(history.Event{}, err)
			return
		}
		look := time.NewTicker(lookEvery)
		defer look.Stop()
		for {
			events, err := r.more(ctx)
			if !pass(events, err, yield) {
				return
			}
			if n := len(events); n > 0 && events[n-1].Type.Terminal() {
				return
			}
			select {
			case <-look.C:
			case <-ctx.Done():
				yield(history.Event{}, ctx.Err())
				return
			}
		}
	}
}

// pass yields events, or the error in their place, and reports whether more are
// wanted.
func pass(events []history.Event, err error, yield func(history.Event, error) bool) bool {
	if err != nil {
		yield(history.Event{}, err)
		return false
	}
	for _, event := range events {
		if !yield(event, nil) {
			return false
		}
	}
	return true
}

// A reader has the kernel of an execution as far as its journal was read: the
// events come out of the kernel.
type reader struct {
	engine *Engine
	arn    string
	row    store.Execution
	info   interp.Info
	kernel *interp.Execution
	seq    int64 // of the last entry that was read
}

func (e *Engine) reader(ctx context.Context, arn string) (*reader, error) {
	row, err := e.executionID(ctx, arn)
	if err != nil {
		return nil, err
	}
	if row.Kernel == 0 {
		return nil, notForExpress()
	}
	m := e.machineOf(&row)
	g, err := e.graphOf(ctx, m, &row)
	if err != nil {
		return nil, err
	}
	return &reader{engine: e, arn: arn, row: row, info: e.info(m, &row), kernel: interp.New(g)}, nil
}

// more returns the events that have come since it was last called. It reads the
// journal only when that has grown.
func (r *reader) more(ctx context.Context) (events []history.Event, err error) {
	_, last, err := r.engine.store.Edges(ctx, r.row.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, refuse(ErrExecutionDoesNotExist, "Execution Does Not Exist: '%s'", r.arn) // it was purged
	case err != nil || last.Seq == r.seq:
		return nil, err
	}
	r.seq, err = r.engine.replay(ctx, r.kernel, &r.row, r.info, r.seq, func(s replayed) {
		events = append(events, s.out.Events...)
	})
	return events, err
}
