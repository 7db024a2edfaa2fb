package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
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
	if _, err := os.Stat(s.file); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no store file %s: stepsmith run --db makes one, or an engine of yours", s.file)
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
	return inWords(f(e))
}

// inWords says what AWS's words for a refusal leave open.
func inWords(err error) error {
	switch {
	case errors.Is(err, runtime.ErrInvalidName):
		return fmt.Errorf("%w: a name has 1 to 80 characters, and among them no blanks, control characters or <>{}[]?*\"#%%\\^|~`$&,;:/", err)
	case errors.Is(err, runtime.ErrExecutionAlreadyExists):
		return fmt.Errorf("%w: choose another --name", err)
	}
	return err
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

// machine finds the ARN of a machine, or of a version or an alias of one, that is
// named by ARN, NAME, NAME:VERSION or NAME:ALIAS.
func (s *storeCommand) machine(e *runtime.Engine, name string) (arn string, err error) {
	if strings.HasPrefix(name, "arn:") {
		return name, nil
	}
	name, qualifier, qualified := strings.Cut(name, ":")
	machines, err := e.Machines(s.cmd.Context())
	if err != nil {
		return "", err
	}
	var names []string
	for _, m := range machines {
		if m.Name == name && qualified {
			return m.ARN + ":" + qualifier, nil
		}
		if m.Name == name {
			return m.ARN, nil
		}
		names = append(names, m.Name)
	}
	if len(names) == 0 {
		return "", fmt.Errorf("there is no machine %q in %s, nor any other", name, s.file)
	}
	return "", fmt.Errorf("there is no machine %q in %s: it has %s", name, s.file, strings.Join(names, ", "))
}

// execution describes an execution that is named by ARN or by MACHINE/NAME; of a
// child of a map run by MACHINE/LABEL/NAME.
func (s *storeCommand) execution(e *runtime.Engine, name string) (*runtime.Description, error) {
	arn := name
	if !strings.HasPrefix(name, "arn:") {
		i := strings.LastIndexByte(name, '/')
		if i < 0 {
			return nil, fmt.Errorf("%q is neither the ARN of an execution nor MACHINE/NAME", name)
		}
		machine, label, child := strings.Cut(name[:i], "/")
		of, err := s.machine(e, machine)
		if err != nil {
			return nil, err
		}
		if child {
			of += "/" + label
		}
		arn = executionARN(of, name[i+1:])
	}
	d, err := e.Describe(s.cmd.Context(), arn)
	if errors.Is(err, runtime.ErrExecutionDoesNotExist) {
		err = fmt.Errorf("there is no execution %s in %s: stepsmith list shows what there is", name, s.file)
	}
	return d, err
}

// executionARN is the ARN of an execution of a machine.
func executionARN(machine, name string) string {
	return strings.Replace(machine, ":stateMachine:", ":execution:", 1) + ":" + name
}

// readExecution calls f with an execution of a store file that is read.
func (s *storeCommand) readExecution(name string, f func(*runtime.Engine, *runtime.Description) error) error {
	return s.read(func(e *runtime.Engine) error {
		d, err := s.execution(e, name)
		if err != nil {
			return err
		}
		return f(e, d)
	})
}
