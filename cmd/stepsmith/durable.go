package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
)

// runDurably executes a Standard workflow in a store file, or goes on with an
// execution that is there.
func (x *execution) runDurably(ctx context.Context, cmd *cobra.Command, input *value.Doc, f runFlags, prints *output) error {
	if x.express || f.fast {
		return usage(cmd, "--db is for Standard workflows in real time")
	}
	stderr := cmd.ErrOrStderr()
	db, err := sqlite.Open(f.db)
	if err != nil {
		return ownedBy(err)
	}
	v, states := newView(stderr, x.name, f), newTree()
	prints.redirect(v)
	watched := &watch{see: func(e history.Event) {
		states.add(e)
		v.observe(e)
	}}
	d, arn, err := x.inStore(ctx, db, input, f.name, watched)
	err = errors.Join(err, x.close())
	v.close()
	prints.redirect(stderr)
	if crash := context.Cause(ctx); crash != nil && !errors.Is(crash, context.Canceled) {
		err = crash
	}
	if errors.Is(err, context.Canceled) && arn != "" {
		fmt.Fprintf(stderr, "The execution goes on when the store is opened again: use the same command with --name %s\n", arn[lastColon(arn)+1:])
	}
	if err != nil {
		return err
	}
	if d.Status != runtime.Succeeded {
		x.failure(stderr, &express.Result{Status: d.Status, Error: d.Error, Cause: d.Cause}, states)
		return errReported
	}
	return printResult(cmd.OutOrStdout(), d.Output)
}

func lastColon(arn string) int {
	for i := len(arn) - 1; i >= 0; i-- {
		if arn[i] == ':' {
			return i
		}
	}
	return -1
}

// inStore starts the execution, or goes on with it, and waits for its end.
func (x *execution) inStore(ctx context.Context, db *sqlite.Store, input *value.Doc, name string, w *watch) (d *runtime.Description, arn string, err error) {
	e, err := runtime.New(runtime.Options{Store: db, Observe: w.observe, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return nil, "", errors.Join(err, db.Close())
	}
	defer func() {
		now, cancel := context.WithCancel(context.Background())
		if ctx.Err() != nil {
			cancel() // whoever interrupts does not want to wait
		}
		defer cancel()
		if shut := e.Shutdown(now); err == nil {
			err = shut
		}
	}()
	tokens := newCallbacks()
	tokens.start(engineTokens{e})
	handlers := tokens.around(x.handlers)
	if _, err := e.Deploy(ctx, runtime.Definition{Name: x.name, ASL: x.definition}, handlers); err != nil {
		return nil, "", err
	}
	arn, err = e.Start(ctx, x.name, json.RawMessage(input.Text()), runtime.Name(name))
	if err != nil {
		return nil, "", err
	}
	if err := w.follow(ctx, e, arn); err != nil {
		return nil, arn, err
	}
	d, err = e.Wait(ctx, arn)
	return d, arn, err
}

// engineTokens brings answers to task tokens to an engine.
type engineTokens struct{ engine *runtime.Engine }

func (e engineTokens) SendTaskSuccess(token string, output *value.Doc) error {
	return e.engine.SendTaskSuccess(context.Background(), token, json.RawMessage(output.Text()))
}

func (e engineTokens) SendTaskFailure(token string, name, cause *string) error {
	return e.engine.SendTaskFailure(context.Background(), token, *name, *cause)
}

// A watch sees the events of one execution in order: those from before it was
// taken up, and those that come.
type watch struct {
	see func(history.Event)

	mu     sync.Mutex
	arn    string // empty until it is known
	last   int64
	before map[string][]history.Event // by ARN, until it is known
}

func (w *watch) observe(arn string, e history.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.arn == "":
		if w.before == nil {
			w.before = make(map[string][]history.Event)
		}
		w.before[arn] = append(w.before[arn], e)
	case w.arn == arn:
		w.add(e)
	}
}

func (w *watch) add(e history.Event) {
	if e.ID > w.last {
		w.last = e.ID
		w.see(e)
	}
}

// follow begins with what has happened to the execution so far.
func (w *watch) follow(ctx context.Context, e *runtime.Engine, arn string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for event, err := range e.History(ctx, arn, false) {
		if err != nil {
			return err
		}
		w.add(event)
	}
	for _, event := range w.before[arn] {
		w.add(event)
	}
	w.arn, w.before = arn, nil
	return nil
}
