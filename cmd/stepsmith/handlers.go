package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/load"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// packageHandlers returns handlers that call those of the user's package, which
// live in another process. variable names them; "" is Handlers, or the only ones.
func packageHandlers(ctx context.Context, program *load.Program, pkg *load.Package, variable string, crashed context.CancelCauseFunc) (task.Handlers, error) {
	variable, err := handlersVariable(pkg, variable)
	if err != nil || variable == "" {
		return make(task.Handlers), err
	}
	names, err := program.Handlers(ctx, pkg, variable)
	if err != nil {
		return nil, err
	}
	handlers := make(task.Handlers, len(names))
	for _, name := range names {
		handlers[name] = remote{program, load.Call{Package: pkg, Variable: variable, Handler: name}, crashed}
	}
	return handlers, nil
}

func handlersVariable(pkg *load.Package, wanted string) (string, error) {
	var names []string
	for _, h := range pkg.Handlers {
		if h.Name == wanted || h.Name == "Handlers" && wanted == "" {
			return h.Name, nil
		}
		names = append(names, h.Name)
	}
	switch {
	case wanted != "":
		return "", fmt.Errorf("package %s has no variable %s with handlers; it has %q", pkg.Path, wanted, names)
	case len(names) > 1:
		return "", fmt.Errorf("package %s has several variables with handlers: choose with --handlers one of %s", pkg.Path, strings.Join(names, ", "))
	case len(names) == 1:
		return names[0], nil
	}
	return "", nil
}

// remote is a handler in the program of the user's package.
type remote struct {
	program *load.Program
	call    load.Call
	crashed context.CancelCauseFunc // told when the program crashes: no retry will help
}

// Handle implements task.Handler.
func (r remote) Handle(ctx context.Context, input json.RawMessage) (json.RawMessage, error) {
	info, err := json.Marshal(task.Info(ctx))
	if err != nil {
		return nil, err
	}
	call := r.call
	call.Info, call.Input = info, input
	call.Heartbeat = func() { task.Heartbeat(ctx) } // ctx tells when the attempt is over
	call.Sleep = func(d time.Duration) { task.Sleep(ctx, d) }
	answer, err := r.program.Call(ctx, call)
	var failure *load.TaskError
	var crash *load.CrashError
	switch {
	case errors.As(err, &failure):
		return nil, &task.Error{Name: failure.Name, Cause: failure.Cause}
	case errors.As(err, &crash):
		r.crashed(fmt.Errorf("handler %q: %w", call.Handler, crash))
	}
	return answer, err
}
