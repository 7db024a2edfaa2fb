package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

func startCommand() *cobra.Command {
	var name, input string
	cmd := &cobra.Command{
		Use:   "start --db FILE MACHINE",
		Short: "Start an execution in a store file",
		Long: `Start records the start of an execution of a machine that is in the store. The
engine that next opens the file carries it out. While an engine has the file
open, start fails and names its process.`,
		Example: `  stepsmith start --db orders.db Fulfil --name order-17 --input order.json`,
		Args:    arguments(1, 1, "the name of a machine"),
	}
	s := onStore(cmd)
	cmd.Flags().StringVar(&name, "name", "", "name of the execution (default: one is made up)")
	cmd.Flags().StringVarP(&input, "input", "i", "", "input of the execution: a file, - for standard input, or JSON (default {})")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		doc, err := readInput(input, cmd.InOrStdin())
		if err != nil {
			return &usageError{cmd, err}
		}
		return s.write(func(e *runtime.Engine) error {
			arn, err := e.Start(cmd.Context(), args[0], json.RawMessage(doc.Text()), runtime.Name(name))
			if err == nil {
				fmt.Fprintln(cmd.OutOrStdout(), arn)
			}
			return err
		})
	}
	return cmd
}

func listCommand() *cobra.Command {
	var status, mapRun string
	var limit int
	cmd := &cobra.Command{
		Use:     "list --db FILE [MACHINE]",
		Short:   "List the executions in a store file",
		Long:    `List shows the executions of a machine, or of all machines, the newest first.`,
		Example: `  stepsmith list --db orders.db Fulfil --status failed`,
		Args:    arguments(0, 1, "the name of a machine, or nothing"),
	}
	s := onStore(cmd).withJSON()
	cmd.Flags().StringVar(&status, "status", "", "show only running, succeeded, failed, timed_out or aborted ones")
	cmd.Flags().StringVar(&mapRun, "map-run", "", "show the children of the map run with this ARN")
	cmd.Flags().IntVar(&limit, "limit", 100, "show at most so many of each machine (1 to 1000)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if mapRun != "" && len(args) > 0 {
			return usage(cmd, "--map-run and a machine do not go together")
		}
		return s.read(func(e *runtime.Engine) error {
			all, err := listExecutions(cmd.Context(), e, args, runtime.Query{Status: runtime.Status(strings.ToUpper(status)), MapRun: mapRun, Limit: limit})
			if err != nil {
				return err
			}
			if s.json {
				return printJSON(cmd.OutOrStdout(), map[string]any{"executions": descriptions(all)})
			}
			return printTable(cmd.OutOrStdout(), all)
		})
	}
	return cmd
}

func listExecutions(ctx context.Context, e *runtime.Engine, machine []string, q runtime.Query) ([]*runtime.Description, error) {
	if q.MapRun != "" {
		page, err := e.List(ctx, q)
		if err != nil {
			return nil, err
		}
		return page.Executions, nil
	}
	if len(machine) == 0 {
		machines, err := e.Machines(ctx)
		if err != nil {
			return nil, err
		}
		for _, m := range machines {
			machine = append(machine, m.Name)
		}
	}
	var all []*runtime.Description
	for _, name := range machine {
		q.Machine = name
		page, err := e.List(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Executions...)
	}
	return all, nil
}

func describeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "describe --db FILE EXECUTION",
		Short:   "Describe an execution in a store file",
		Long:    `Describe shows what became of an execution. EXECUTION is its ARN, or MACHINE/NAME.`,
		Example: `  stepsmith describe --db orders.db Fulfil/order-17`,
		Args:    arguments(1, 1, "an execution"),
	}
	s := onStore(cmd).withJSON()
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.read(func(e *runtime.Engine) error {
			arn, err := executionARN(cmd.Context(), e, args[0])
			if err != nil {
				return err
			}
			d, err := e.Describe(cmd.Context(), arn)
			if err != nil {
				return err
			}
			if s.json {
				return printJSON(cmd.OutOrStdout(), description(d))
			}
			return printDescription(cmd.OutOrStdout(), d)
		})
	}
	return cmd
}

func historyCommand() *cobra.Command {
	var follow, reverse bool
	cmd := &cobra.Command{
		Use:   "history --db FILE EXECUTION",
		Short: "Show the history of an execution in a store file",
		Long: `History shows the events of an execution, also while it is running. EXECUTION is
its ARN, or MACHINE/NAME.`,
		Example: `  stepsmith history --db orders.db Fulfil/order-17 --follow`,
		Args:    arguments(1, 1, "an execution"),
	}
	s := onStore(cmd).withJSON()
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "go on until the execution has ended")
	cmd.Flags().BoolVar(&reverse, "reverse", false, "begin with the last event")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if follow && reverse {
			return usage(cmd, "--follow and --reverse do not go together")
		}
		return s.read(func(e *runtime.Engine) error {
			arn, err := executionARN(cmd.Context(), e, args[0])
			if err != nil {
				return err
			}
			print := eventLines(cmd.OutOrStdout())
			var all []history.Event
			if s.json && !follow {
				print = func(e history.Event) error { all = append(all, e); return nil }
			} else if s.json {
				print = func(e history.Event) error {
					_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\n", history.Format{RFC3339: true}.Append(nil, e))
					return err
				}
			}
			if err := showHistory(cmd.Context(), e, arn, follow, reverse, print); err != nil || !s.json || follow {
				return err
			}
			return printJSON(cmd.OutOrStdout(), json.RawMessage(append(history.Format{RFC3339: true}.AppendAll([]byte(`{"events":`), all), '}')))
		})
	}
	return cmd
}

// showHistory prints events; when it follows, it looks for new ones until the
// execution has ended.
func showHistory(ctx context.Context, e *runtime.Engine, arn string, follow, reverse bool, print func(history.Event) error) error {
	var last history.Event
	for {
		for event, err := range e.History(ctx, arn, reverse) {
			if err != nil {
				return err
			}
			if !reverse && event.ID <= last.ID {
				continue
			}
			if err := print(event); err != nil {
				return err
			}
			last = event
		}
		if !follow || last.Type.Terminal() {
			return nil
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func stopCommand() *cobra.Command {
	var name, cause string
	cmd := &cobra.Command{
		Use:   "stop --db FILE EXECUTION",
		Short: "Stop an execution in a store file",
		Long: `Stop aborts an execution. EXECUTION is its ARN, or MACHINE/NAME. While an engine
has the file open, stop fails and names its process.`,
		Example: `  stepsmith stop --db orders.db Fulfil/order-17 --cause 'ordered twice'`,
		Args:    arguments(1, 1, "an execution"),
	}
	s := onStore(cmd)
	cmd.Flags().StringVar(&name, "error", "", "name of the error")
	cmd.Flags().StringVar(&cause, "cause", "", "why")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.change(args[0], func(e *runtime.Engine, arn string) error { return e.Stop(cmd.Context(), arn, name, cause) })
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
	s := onStore(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.change(args[0], func(e *runtime.Engine, arn string) error { return e.Redrive(cmd.Context(), arn) })
	}
	return cmd
}

// change changes an execution and shows what it is then.
func (s *storeCommand) change(execution string, f func(e *runtime.Engine, arn string) error) error {
	return s.write(func(e *runtime.Engine) error {
		ctx := s.cmd.Context()
		arn, err := executionARN(ctx, e, execution)
		if err != nil {
			return err
		}
		if err := f(e, arn); err != nil {
			return err
		}
		d, err := e.Describe(ctx, arn)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.cmd.OutOrStdout(), "%s %s\n", d.Name, d.Status)
		return nil
	})
}

const timeFormat = "2006-01-02 15:04:05"

func printTable(w io.Writer, all []*runtime.Description) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "MACHINE\tNAME\tSTATUS\tSTARTED\tTOOK")
	for _, d := range all {
		took := "-"
		if !d.Stopped.IsZero() {
			took = d.Stopped.Sub(d.Started).Round(time.Millisecond).String()
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", machineName(d), d.Name, d.Status, d.Started.Local().Format(timeFormat), took)
	}
	return t.Flush()
}

func machineName(d *runtime.Description) string {
	return d.MachineARN[strings.LastIndexByte(d.MachineARN, ':')+1:]
}

func printDescription(w io.Writer, d *runtime.Description) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(what, text string) {
		if text != "" {
			fmt.Fprintf(t, "%s\t%s\n", what, text)
		}
	}
	line("name", d.Name)
	line("machine", machineName(d))
	line("status", string(d.Status))
	line("started", d.Started.Local().Format(timeFormat))
	if !d.Stopped.IsZero() {
		line("stopped", d.Stopped.Local().Format(timeFormat))
	}
	if d.RedriveCount > 0 {
		line("redriven", fmt.Sprintf("%d times, last %s", d.RedriveCount, d.Redriven.Local().Format(timeFormat)))
	}
	line("redrive", strings.TrimSuffix(string(d.RedriveStatus)+": "+d.RedriveReason, ": "))
	line("input", d.Input.Text())
	if d.Output != nil {
		line("output", d.Output.Text())
	}
	line("error", d.Error)
	line("cause", d.Cause)
	line("arn", d.ARN)
	return t.Flush()
}

// eventLines prints a line for each event: when, what, and where.
func eventLines(w io.Writer) func(history.Event) error {
	return func(e history.Event) error {
		_, err := fmt.Fprintf(w, "%5d  %s  %-26s %s\n", e.ID, e.Time.Local().Format(timeFormat+".000"), e.Type, e.State)
		return err
	}
}

// description is the answer of DescribeExecution.
func description(d *runtime.Description) map[string]any {
	m := map[string]any{
		"executionArn": d.ARN, "name": d.Name, "stateMachineArn": d.MachineARN, "status": d.Status,
		"startDate": d.Started, "redriveCount": d.RedriveCount,
	}
	set := func(key, text string) {
		if text != "" {
			m[key] = text
		}
	}
	if !d.Stopped.IsZero() {
		m["stopDate"] = d.Stopped
	}
	if !d.Redriven.IsZero() {
		m["redriveDate"] = d.Redriven
	}
	if d.ItemCount > 0 {
		m["itemCount"] = d.ItemCount
	}
	set("redriveStatus", string(d.RedriveStatus))
	set("redriveStatusReason", d.RedriveReason)
	set("mapRunArn", d.MapRunARN)
	if d.Input != nil {
		set("input", d.Input.Text())
	}
	if d.Output != nil {
		set("output", d.Output.Text())
	}
	set("error", d.Error)
	set("cause", d.Cause)
	return m
}

func descriptions(all []*runtime.Description) []map[string]any {
	list := make([]map[string]any, len(all))
	for i, d := range all {
		list[i] = description(d)
	}
	return list
}

func printJSON(w io.Writer, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, text, "", "  "); err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, pretty.String())
	return err
}
