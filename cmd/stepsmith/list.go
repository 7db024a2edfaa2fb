package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/runtime"
)

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
	cmd.Flags().StringVar(&status, "status", "", "show only "+choices(statuses))
	cmd.Flags().StringVar(&mapRun, "map-run", "", "show the children of the map run with this ARN")
	cmd.Flags().IntVar(&limit, "limit", 100, "show at most so many")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		q := runtime.Query{Status: runtime.Status(strings.ToUpper(status)), MapRun: mapRun}
		switch {
		case mapRun != "" && len(args) > 0:
			return usage(cmd, "--map-run and a machine do not go together")
		case status != "" && !slices.Contains(statuses, q.Status):
			return usage(cmd, "there is no status %q: it is %s", status, choices(statuses))
		case q.Status == runtime.PendingRedrive && mapRun == "":
			return usage(cmd, "only children of a map run wait to be redriven: name it with --map-run")
		case limit < 1:
			return usage(cmd, "--limit is 1 or more")
		}
		return s.read(func(e *runtime.Engine) error {
			machines, err := s.listed(e, args, mapRun)
			if err != nil {
				return err
			}
			all, more, err := listExecutions(cmd.Context(), e, machines, q, limit)
			if err != nil {
				return err
			}
			if more {
				defer fmt.Fprintf(cmd.ErrOrStderr(), "There are more: see --limit.\n")
			}
			if s.json {
				list := make([]map[string]any, len(all))
				for i, d := range all {
					list[i] = description(d)
				}
				return printJSON(cmd.OutOrStdout(), map[string]any{"executions": list})
			}
			return printExecutions(cmd.OutOrStdout(), all)
		})
	}
	return cmd
}

var statuses = []runtime.Status{runtime.Running, runtime.Succeeded, runtime.Failed, runtime.TimedOut, runtime.Aborted, runtime.PendingRedrive}

// choices names statuses as they are given to the command.
func choices(all []runtime.Status) string {
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = strings.ToLower(string(s))
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// listed are the ARNs of the machines whose executions are listed. Executions of
// Express machines are not kept. The children of a map run have no machine.
func (s *storeCommand) listed(e *runtime.Engine, args []string, mapRun string) ([]string, error) {
	switch {
	case mapRun != "":
		return []string{""}, nil
	case len(args) > 0:
		arn, err := s.machine(e, args[0])
		if err != nil {
			return nil, err
		}
		m, err := e.DescribeMachine(s.cmd.Context(), arn)
		if err == nil && m.Type == runtime.Express {
			err = fmt.Errorf("%s is an Express machine: its executions are not kept, their results are in the logs of the engine", m.Name)
		}
		return []string{arn}, err
	}
	machines, err := e.Machines(s.cmd.Context())
	var arns []string
	for _, m := range machines {
		if m.Type != runtime.Express {
			arns = append(arns, m.ARN)
		}
	}
	return arns, err
}

// listExecutions returns the newest executions of some machines, and whether there
// are more than the limit.
func listExecutions(ctx context.Context, e *runtime.Engine, machines []string, q runtime.Query, limit int) (all []*runtime.Description, more bool, err error) {
	for _, machine := range machines {
		q.Machine, q.Next = machine, ""
		for left := limit + 1; left > 0; {
			q.Limit = min(left, 1000)
			page, err := e.List(ctx, q)
			if err != nil {
				return nil, false, err
			}
			all = append(all, page.Executions...)
			if q.Next = page.Next; q.Next == "" {
				break
			}
			left -= len(page.Executions)
		}
	}
	if len(machines) > 1 {
		slices.SortStableFunc(all, func(a, b *runtime.Description) int { return cmp.Compare(b.Started.UnixNano(), a.Started.UnixNano()) })
	}
	if len(all) > limit {
		return all[:limit], true, nil
	}
	return all, false, nil
}

func printExecutions(w io.Writer, all []*runtime.Description) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "MACHINE\tNAME\tSTATUS\tSTARTED\tTOOK")
	for _, d := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", machineName(d), d.Name, d.Status, when(d.Started), took(d.Started, d.Stopped))
	}
	return t.Flush()
}
