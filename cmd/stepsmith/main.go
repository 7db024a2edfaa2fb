// Stepsmith compiles typed Go workflows to Amazon States Language, checks them
// and runs them on this machine.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// The exit codes.
const (
	exitFailed = 1 // errors were found, or the execution failed
	exitUsage  = 2 // the command was not understood
)

func main() {
	serveVet(os.Args[1:])
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	root, running := command(), false
	root.SetArgs(goStyle(os.Args[1:]))
	root.PersistentPreRun = func(*cobra.Command, []string) { running = true }
	cmd, err := root.ExecuteContextC(ctx)
	if err != nil && !running { // cobra did not understand the flags or the arguments
		err = &usageError{cmd, err}
	}
	os.Exit(exitCode(err))
}

// goStyle lets -tags be written with one dash, as for the go command.
func goStyle(args []string) []string {
	args = slices.Clone(args)
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if arg == "-tags" || strings.HasPrefix(arg, "-tags=") {
			args[i] = "-" + arg
		}
	}
	return args
}

// errReported ends a command that has already said what is wrong.
var errReported = errors.New("reported")

// A usageError is a command line that makes no sense.
type usageError struct {
	cmd *cobra.Command
	err error
}

func (e *usageError) Error() string { return e.err.Error() }

// usage makes a usageError.
func usage(cmd *cobra.Command, format string, args ...any) error {
	return &usageError{cmd, fmt.Errorf(format, args...)}
}

// exitCode says on standard error what is not said yet, and returns the code to
// exit with.
func exitCode(err error) int {
	var wrong *usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errReported):
		return exitFailed
	case errors.As(err, &wrong):
		fmt.Fprintf(os.Stderr, "stepsmith: %v\nRun '%s --help' for usage.\n", err, wrong.cmd.CommandPath())
		return exitUsage
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "stepsmith: interrupted")
		return exitFailed
	}
	fmt.Fprintf(os.Stderr, "stepsmith: %v\n", err)
	return exitFailed
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:   "stepsmith",
		Short: "Typed Go workflows, compiled to Amazon States Language",
		Long: `Stepsmith compiles workflows written as typed Go code to Amazon States
Language, checks them, and runs them on this machine.`,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(initCommand(), generateCommand(), buildCommand(), vetCommand(), runCommand(), testStateCommand(), replayCommand(), reportCommand(),
		startCommand(), stopCommand(), redriveCommand(), machinesCommand(), listCommand(), describeCommand(), historyCommand(), mapRunsCommand(), conformanceCommand(), versionCommand())
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveDefault)
	return root
}

// arguments refuses fewer than least or more than most arguments.
func arguments(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return fmt.Errorf("%s takes %s", cmd.Name(), what)
		}
		return nil
	}
}
