package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"unicode"

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
	o, release, err := x.options(ctx, f)
	if err != nil {
		return err
	}
	defer release()
	db, err := sqlite.Open(f.db)
	if err != nil {
		return ownedBy(err)
	}
	stderr := cmd.ErrOrStderr()
	v, states := newView(stderr, x.name, f), newTree()
	prints.redirect(v)
	watched := &watch{see: func(e history.Event) {
		states.add(e)
		v.observe(e)
	}}
	d, arn, err := x.inStore(ctx, runtime.Options{Store: db, Objects: o.Objects, Observe: watched.observe}, input, f.name, watched)
	err = errors.Join(err, x.close())
	v.close()
	prints.redirect(stderr)
	if crash := context.Cause(ctx); crash != nil && !errors.Is(crash, context.Canceled) {
		err = crash
	}
	if errors.Is(err, context.Canceled) && arn != "" {
		fmt.Fprintf(stderr, "The execution goes on when the store is opened again: use the same command with --name %s\n", arn[strings.LastIndexByte(arn, ':')+1:])
	}
	if err != nil {
		return err
	}
	err = x.report(cmd, &express.Result{Status: d.Status, Output: d.Output, Error: d.Error, Cause: d.Cause}, states)
	if d.RedriveStatus == runtime.Redrivable {
		fmt.Fprintf(stderr, "  again: stepsmith redrive --db %s %s/%s, then the same command with --name %[3]s\n", f.db, machineName(d), d.Name)
	}
	return err
}

// inStore starts the execution, or goes on with it, and waits for its end.
func (x *execution) inStore(ctx context.Context, o runtime.Options, input *value.Doc, name string, w *watch) (d *runtime.Description, arn string, err error) {
	o.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	e, err := runtime.New(o)
	if err != nil {
		return nil, "", errors.Join(err, o.Store.Close())
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
	var m *runtime.Machine // the last one is that of the execution
	for _, d := range append(x.children[:len(x.children):len(x.children)], runtime.Definition{Name: x.name, ASL: x.definition}) {
		d.Name, d.ASL = deployedAs(d.Name), here.Replace(d.ASL)
		if m, err = e.Deploy(ctx, d, handlers); err != nil {
			return nil, "", err
		}
	}
	arn, err = e.Start(ctx, m.ARN, json.RawMessage(input.Text()), runtime.Name(name))
	if errors.Is(err, runtime.ErrExecutionAlreadyExists) {
		return nil, "", taken(e.Describe(ctx, executionARN(m.ARN, name)))
	}
	if err != nil {
		return nil, "", inWords(err)
	}
	if err := w.follow(ctx, e, arn); err != nil {
		return nil, arn, err
	}
	d, err = e.Wait(ctx, arn)
	return d, arn, err
}

// taken says what became of the execution that has the name already.
func taken(d *runtime.Description, err error) error {
	switch {
	case err != nil:
		return err
	case d.Status == runtime.Running:
		return fmt.Errorf("execution %s is running with another input, %s: give it that one to go on, or choose another --name", d.Name, cut(d.Input.Text()))
	}
	return fmt.Errorf("execution %s has ended already, with status %s: choose another --name; stepsmith describe and history show the one that was", d.Name, d.Status)
}

// here has what AWS would put in place of its placeholders, with the region and
// the account of an engine that was told none.
var here = strings.NewReplacer("${AWS::Partition}", "aws", "${AWS::Region}", "us-east-1", "${AWS::AccountId}", "123456789012")

// deployedAs is a name that a state machine may have: that of a workflow may be
// a title, with blanks.
func deployedAs(workflow string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' {
			return r
		}
		return '-'
	}, workflow)
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
