package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/runtime"
)

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
		return s.readExecution(args[0], func(_ *runtime.Engine, d *runtime.Description) error {
			if s.json {
				return printJSON(cmd.OutOrStdout(), description(d))
			}
			return printDescription(cmd.OutOrStdout(), d)
		})
	}
	return cmd
}

const timeFormat = "2006-01-02 15:04:05"

// when shows a time to people, and nothing for none.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format(timeFormat)
}

// took shows how long something took; "-" when it has not ended.
func took(started, stopped time.Time) string {
	if stopped.IsZero() {
		return "-"
	}
	return duration(stopped.Sub(started))
}

// facts prints pairs of what something is and its text; those without a text are
// left out.
func facts(w io.Writer, pairs ...string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			fmt.Fprintf(t, "%s\t%s\n", pairs[i], pairs[i+1])
		}
	}
	return t.Flush()
}

func printDescription(w io.Writer, d *runtime.Description) error {
	var stopped, redriven, output string
	if !d.Stopped.IsZero() {
		stopped = fmt.Sprintf("%s, after %s", when(d.Stopped), took(d.Started, d.Stopped))
	}
	if d.RedriveCount > 0 {
		redriven = fmt.Sprintf("%d times, last %s", d.RedriveCount, when(d.Redriven))
	}
	if d.Output != nil {
		output = d.Output.Text()
	}
	return facts(w,
		"name", d.Name, "machine", machineName(d), "version", afterColon(d.VersionARN), "alias", afterColon(d.AliasARN),
		"status", string(d.Status), "started", when(d.Started), "stopped", stopped, "redriven", redriven,
		"redrive", strings.TrimSuffix(string(d.RedriveStatus)+": "+d.RedriveReason, ": "),
		"input", d.Input.Text(), "output", output, "error", d.Error, "cause", strings.ReplaceAll(d.Cause, "\n", "\n\t"),
		"map run", d.MapRunARN, "arn", d.ARN,
	)
}

func machineName(d *runtime.Description) string { return afterColon(d.MachineARN) }

// afterColon is the last part of an ARN.
func afterColon(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }

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
	set("stateMachineVersionArn", d.VersionARN)
	set("stateMachineAliasArn", d.AliasARN)
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
