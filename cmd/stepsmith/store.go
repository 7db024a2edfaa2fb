package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
)

// A storeCommand works on a store file, beside its owner or in its place.
type storeCommand struct {
	cmd  *cobra.Command
	file string
	json bool
}

// onStore adds the flags that all commands on a store file have.
func onStore(cmd *cobra.Command) *storeCommand {
	s := &storeCommand{cmd: cmd}
	cmd.Flags().StringVar(&s.file, "db", "", "the store file (required)")
	return s
}

// withJSON adds the flag of commands that can print JSON.
func (s *storeCommand) withJSON() *storeCommand {
	s.cmd.Flags().BoolVar(&s.json, "json", false, "print JSON in AWS's shape")
	return s
}

// read calls f with an engine that reads the file, also beside its owner.
func (s *storeCommand) read(f func(e *runtime.Engine) error) error {
	return s.with(func() (store.Store, error) { return sqlite.OpenReader(s.file) }, f)
}

// write calls f with an engine that owns the file and records what it is told to
// do, without doing it.
func (s *storeCommand) write(f func(e *runtime.Engine) error) error {
	return s.with(func() (store.Store, error) { return sqlite.Open(s.file) }, f)
}

func (s *storeCommand) with(open func() (store.Store, error), f func(e *runtime.Engine) error) (err error) {
	if s.file == "" {
		return usage(s.cmd, "name the store file: --db FILE")
	}
	if _, err := os.Stat(s.file); err != nil {
		return err
	}
	db, err := open()
	if err != nil {
		return ownedBy(err)
	}
	e, err := runtime.New(runtime.Options{Store: db, Passive: true, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return errors.Join(err, db.Close())
	}
	defer func() {
		shut := e.Shutdown(context.WithoutCancel(s.cmd.Context()))
		if err == nil && s.owns(db) {
			err = shut
		}
	}()
	return f(e)
}

// owns reports whether shutting down has anything to make durable.
func (s *storeCommand) owns(db store.Store) bool {
	file, ok := db.(*sqlite.Store)
	return ok && file.Owns()
}

// ownedBy says what to do about a file that another process owns.
func ownedBy(err error) error {
	var owned *sqlite.OwnedError
	if !errors.As(err, &owned) {
		return err
	}
	by := "another process"
	if owned.PID != 0 {
		by = fmt.Sprintf("process %d", owned.PID)
	}
	return fmt.Errorf("%s runs the executions in %s: end it first, or ask it", by, owned.File)
}

// executionARN finds the ARN of an execution that is named by ARN or by
// MACHINE/NAME.
func executionARN(ctx context.Context, e *runtime.Engine, name string) (string, error) {
	if strings.HasPrefix(name, "arn:") {
		return name, nil
	}
	machine, execution, ok := strings.Cut(name, "/")
	if !ok {
		return "", fmt.Errorf("%q is neither the ARN of an execution nor MACHINE/NAME", name)
	}
	machines, err := e.Machines(ctx)
	if err != nil {
		return "", err
	}
	for _, m := range machines {
		if m.Name == machine {
			return strings.Replace(m.ARN, ":stateMachine:", ":execution:", 1) + ":" + execution, nil
		}
	}
	return "", fmt.Errorf("there is no machine %q in the store", machine)
}
