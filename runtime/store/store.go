package store

import (
	"context"
	"errors"
	"iter"
)

// A Store keeps machines and executions. It is safe for concurrent use.
//
// One engine owns a store that it can write to. Once a write has failed the
// store takes no more: what was acknowledged is safe, and nothing else is
// promised.
type Store interface {
	// Submit takes a batch, which becomes durable as a whole or not at all. done
	// is called once, with nil when it is durable; batches become durable in the
	// order in which they were submitted. done must be quick, because other
	// batches wait for it, and may be called before Submit returns. The store
	// keeps the batch and what it points to until then, and not for longer: they are
	// used for another batch.
	Submit(b *Batch, done func(error))

	// Settings are facts about the store itself, written by [Batch.Settings].
	Settings(ctx context.Context) (map[string]string, error)
	// Machines returns all machines, in the order of their ids.
	Machines(ctx context.Context) ([]Machine, error)
	// Definition returns the text of a definition.
	Definition(ctx context.Context, id int64) (string, error)

	// LastID returns the largest id of an execution, an Express start or a
	// definition; they share one sequence.
	LastID(ctx context.Context) (int64, error)
	// Running returns the executions of a machine that are running, by id.
	Running(ctx context.Context, machine int64) iter.Seq2[Execution, error]
	// Execution returns an execution, [ErrNotFound] when there is none.
	Execution(ctx context.Context, id int64) (Execution, error)
	// Named returns the execution of a machine with a name; see [ErrNotFound].
	Named(ctx context.Context, machine int64, name string) (Execution, error)
	// List returns executions, the newest first.
	List(ctx context.Context, q Query) ([]Execution, error)
	// Tally counts the children that an execution started by one task or map run,
	// by their status.
	Tally(ctx context.Context, parent, task int64) (map[Status]int64, error)
	// MapRun returns the map run with an ARN; see [ErrNotFound].
	MapRun(ctx context.Context, arn string) (MapRun, error)
	// MapRuns returns the map runs of an execution, by run.
	MapRuns(ctx context.Context, execution int64) ([]MapRun, error)
	// OpenMapRuns returns the map runs of a machine that are open, by execution.
	OpenMapRuns(ctx context.Context, machine int64) ([]MapRun, error)
	// Journal returns the entries of an execution, from the first.
	Journal(ctx context.Context, execution int64) iter.Seq2[Entry, error]

	// Edges returns the first and the last entry of an execution's journal; see
	// [ErrNotFound].
	Edges(ctx context.Context, execution int64) (first, last Entry, err error)

	// Token returns what a task token stands for; see [ErrNotFound].
	Token(ctx context.Context, token string) (Token, error)
	// Waiting returns the tokens of all activity tasks of a machine that no
	// worker has taken, in the order in which they came.
	Waiting(ctx context.Context, machine int64) ([]Token, error)
	// ExpressStarts returns the Express executions of a machine that were
	// acknowledged and have not ended, by id.
	ExpressStarts(ctx context.Context, machine int64) ([]ExpressStart, error)

	// Closed returns the ids of executions that were closed before a time, in
	// nanoseconds, to be purged; children of map runs go with their parents. It
	// looks at no more than limit executions with ids above after, and returns the
	// last id that it looked at, 0 when it came to the end.
	Closed(ctx context.Context, before, after int64, limit int) (ids []int64, last int64, err error)

	// Close releases the store after what was submitted is durable.
	Close() error
}

// ErrNotFound says that there is nothing of that id, name or token.
var ErrNotFound = errors.New("store: not found")

// ErrClosed refuses a batch because the store was closed.
var ErrClosed = errors.New("store: closed")
