package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

func historyCommand() *cobra.Command {
	var follow, reverse bool
	cmd := &cobra.Command{
		Use:   "history --db FILE EXECUTION",
		Short: "Show the history of an execution in a store file",
		Long: `History shows the events of an execution, also while it is running. EXECUTION is
its ARN, or MACHINE/NAME. With --follow it goes on as events come, until the
execution has ended; interrupting it does nothing to the execution. With both
--follow and --json each event is a line.`,
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
		return s.readExecution(args[0], func(e *runtime.Engine, d *runtime.Description) error {
			events := e.History(cmd.Context(), d.ARN, reverse)
			if follow {
				events = e.Follow(cmd.Context(), d.ARN)
			}
			var all []history.Event
			for event, err := range events {
				switch {
				case err != nil:
					return err
				case s.json && !follow:
					all = append(all, event)
				case s.json:
					err = printEvent(cmd.OutOrStdout(), event)
				default:
					err = eventLine(cmd.OutOrStdout(), event)
				}
				if err != nil {
					return err
				}
			}
			if !s.json || follow {
				return nil
			}
			return printJSON(cmd.OutOrStdout(), json.RawMessage(append(history.Format{RFC3339: true}.AppendAll([]byte(`{"events":`), all), '}')))
		})
	}
	return cmd
}

// printEvent prints an event as a line of JSON.
func printEvent(w io.Writer, e history.Event) error {
	_, err := fmt.Fprintf(w, "%s\n", history.Format{RFC3339: true}.Append(nil, e))
	return err
}

// eventLine prints a line for an event: when, what, where, and what about it.
func eventLine(w io.Writer, e history.Event) error {
	where := e.State
	if i, ok := e.Details.(*history.Iteration); ok {
		where += fmt.Sprintf("[%d]", i.Index)
	}
	line := fmt.Sprintf("%5d  %s  %-26s", e.ID, e.Time.Local().Format(timeFormat+".000"), e.Type)
	for _, part := range []string{where, about(e)} {
		if part != "" {
			line += "  " + part
		}
	}
	_, err := fmt.Fprintln(w, strings.TrimRight(line, " "))
	return err
}

// about tells in a few words what an event brought.
func about(e history.Event) string {
	switch d := e.Details.(type) {
	case *history.Started:
		return brief(d.Input)
	case *history.Output:
		return brief(d.Output)
	case *history.Exited:
		return brief(d.Output)
	case *history.Scheduled:
		return d.ResourceType + ":" + d.Resource
	case *history.Invocation:
		return d.Resource
	case *history.Worker:
		return d.Name
	case *history.Length:
		return fmt.Sprintf("%d items", d.Length)
	case *history.MapRun:
		return d.ARN
	case *history.Failure:
		return reason(d.Error, d.Cause)
	case *history.TaskFailure:
		return reason(d.Error, d.Cause)
	case *history.Evaluation:
		return reason(&d.Error, &d.Cause)
	}
	return ""
}

// brief is the beginning of a document; all of it is in the JSON.
func brief(d *value.Doc) string {
	if d == nil {
		return ""
	}
	return cut(d.Text())
}

// reason is an error and the beginning of its cause.
func reason(name, cause *string) string {
	var parts []string
	for _, text := range []*string{name, cause} {
		if text != nil && *text != "" {
			parts = append(parts, cut(*text))
		}
	}
	return strings.Join(parts, ": ")
}

// cut makes a text short, and one line.
func cut(text string) string {
	const most = 100
	text = strings.Join(strings.Fields(text), " ")
	if short := []rune(text); len(short) > most {
		return string(short[:most-1]) + "…"
	}
	return text
}
