package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/maprun"
)

func mapRunsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "map-runs --db FILE EXECUTION",
		Short: "Show the map runs of an execution in a store file",
		Long: `Map-runs shows the runs of the distributed Map states of an execution, the newest
first, and what became of their items. EXECUTION is its ARN, or MACHINE/NAME. The
children of a run are shown by list --map-run.`,
		Example: `  stepsmith map-runs --db orders.db Fulfil/order-17
  stepsmith list --db orders.db --map-run arn:aws:states:us-east-1:123456789012:mapRun:Fulfil/Each:8f0c…`,
		Args: arguments(1, 1, "an execution"),
	}
	s := onStore(cmd).withJSON()
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.readExecution(args[0], func(e *runtime.Engine, d *runtime.Description) error {
			runs, err := e.MapRuns(cmd.Context(), d.ARN)
			if err != nil {
				return err
			}
			if !s.json {
				return printMapRuns(cmd.OutOrStdout(), runs)
			}
			list := make([]map[string]any, len(runs))
			for i, m := range runs {
				list[i] = mapRunDescription(m)
			}
			return printJSON(cmd.OutOrStdout(), map[string]any{"mapRuns": list})
		})
	}
	return cmd
}

func printMapRuns(w io.Writer, runs []*runtime.MapRun) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "STATE\tSTATUS\tITEMS\tSUCCEEDED\tFAILED\tABORTED\tRUNNING\tSTARTED\tTOOK\tARN")
	for _, m := range runs {
		n := m.Items
		fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s\n",
			m.State, m.Status, n.Total, n.Succeeded, n.Failed+n.TimedOut, n.Aborted, n.Running, when(m.Started), took(m.Started, m.Stopped), m.ARN)
	}
	return t.Flush()
}

// mapRunDescription is the answer of DescribeMapRun.
func mapRunDescription(m *runtime.MapRun) map[string]any {
	d := map[string]any{
		"mapRunArn": m.ARN, "executionArn": m.ExecutionARN, "stateMachineArn": m.MachineARN, "status": m.Status, "startDate": m.Started,
		"maxConcurrency": m.MaxConcurrency, "toleratedFailureCount": m.ToleratedFailureCount,
		"toleratedFailurePercentage": m.ToleratedFailurePercentage, "redriveCount": m.RedriveCount,
		"itemCounts": mapRunCounts(m.Items), "executionCounts": mapRunCounts(m.Executions),
	}
	if !m.Stopped.IsZero() {
		d["stopDate"] = m.Stopped
	}
	if !m.Redriven.IsZero() {
		d["redriveDate"] = m.Redriven
	}
	return d
}

func mapRunCounts(t maprun.Tally) map[string]int {
	return map[string]int{
		"pending": t.Pending(), "running": t.Running, "succeeded": t.Succeeded, "failed": t.Failed, "timedOut": t.TimedOut,
		"aborted": t.Aborted, "total": t.Total, "pendingRedrive": t.PendingRedrive, "resultsWritten": t.Written,
	}
}
