package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/runtime"
)

func startCommand() *cobra.Command {
	var name, input string
	cmd := &cobra.Command{
		Use:   "start --db FILE MACHINE",
		Short: "Start an execution in a store file",
		Long: `Start records the start of an execution of a machine that is in the store, and
prints its ARN. The engine that next opens the file carries it out. MACHINE is a
name, NAME:VERSION, NAME:ALIAS or an ARN. While an engine has the file open, start
fails and names its process.`,
		Example: `  stepsmith start --db orders.db Fulfil --name order-17 --input order.json`,
		Args:    arguments(1, 1, "the name of a machine"),
	}
	s := onStore(cmd).withJSON()
	cmd.Flags().StringVar(&name, "name", "", "name of the execution (default: one is made up)")
	cmd.Flags().StringVarP(&input, "input", "i", "", "input of the execution: a file, - for standard input, or JSON (default {})")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		doc, err := readInput(input, cmd.InOrStdin())
		if err != nil {
			return &usageError{cmd, err}
		}
		return s.write(func(e *runtime.Engine) error {
			machine, err := s.machine(e, args[0])
			if err != nil {
				return err
			}
			arn, err := e.Start(cmd.Context(), machine, json.RawMessage(doc.Text()), runtime.Name(name))
			if err != nil {
				return err
			}
			if s.json {
				return printJSON(cmd.OutOrStdout(), map[string]any{"executionArn": arn})
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), arn)
			return err
		})
	}
	return cmd
}

func stopCommand() *cobra.Command {
	var name, cause string
	cmd := &cobra.Command{
		Use:   "stop --db FILE EXECUTION",
		Short: "Stop an execution in a store file",
		Long: `Stop aborts an execution; one that has ended stays as it is. EXECUTION is its ARN,
or MACHINE/NAME. While an engine has the file open, stop fails and names its
process.`,
		Example: `  stepsmith stop --db orders.db Fulfil/order-17 --cause 'ordered twice'`,
		Args:    arguments(1, 1, "an execution"),
	}
	s := onStore(cmd).withJSON()
	cmd.Flags().StringVar(&name, "error", "", "name of the error")
	cmd.Flags().StringVar(&cause, "cause", "", "why")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.change(args[0], func(e *runtime.Engine, d *runtime.Description) error {
			if d.Status != runtime.Running {
				fmt.Fprintf(cmd.ErrOrStderr(), "%s had ended already.\n", d.Name)
			}
			return e.Stop(cmd.Context(), d.ARN, name, cause)
		})
	}
	return cmd
}

func redriveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "redrive --db FILE EXECUTION",
		Short: "Take up an execution that did not succeed",
		Long: `Redrive takes up an execution that failed, timed out or was aborted, from the
state in which it ended. The engine that next opens the file carries it out.
EXECUTION is its ARN, or MACHINE/NAME.`,
		Example: `  stepsmith redrive --db orders.db Fulfil/order-17`,
		Args:    arguments(1, 1, "an execution"),
	}
	s := onStore(cmd).withJSON()
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.change(args[0], func(e *runtime.Engine, d *runtime.Description) error { return e.Redrive(cmd.Context(), d.ARN) })
	}
	return cmd
}

// change changes an execution and shows what it is then.
func (s *storeCommand) change(execution string, f func(*runtime.Engine, *runtime.Description) error) error {
	return s.write(func(e *runtime.Engine) error {
		d, err := s.execution(e, execution)
		if err != nil {
			return err
		}
		if err := f(e, d); err != nil {
			return err
		}
		if d, err = e.Describe(s.cmd.Context(), d.ARN); err != nil {
			return err
		}
		if s.json {
			return printJSON(s.cmd.OutOrStdout(), description(d))
		}
		_, err = fmt.Fprintf(s.cmd.OutOrStdout(), "%s %s\n", d.Name, d.Status)
		return err
	})
}
