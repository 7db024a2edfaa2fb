package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/runtime/conformance"
)

func conformanceCommand() *cobra.Command {
	var kinds []string
	var format string
	cmd := &cobra.Command{
		Use:   "conformance DIR",
		Short: "Replay recordings of AWS Step Functions and compare",
		Long: `Conformance replays recordings of AWS Step Functions on the engine, with the
recorded outcomes of tasks and on virtual time, and compares the histories event
for event. DIR holds the recordings, *.json.

It prints what differs for each case that fails, then how many cases passed by
kind and by what they need. With --format json it prints one object for each
case, on a line of its own:
{"id","kind","needs","compare","pass","why"}.`,
		Example: `  stepsmith conformance cases
  stepsmith conformance cases --kind choice-case --format json`,
		Args: arguments(1, 1, "the folder of the recordings"),
		RunE: func(cmd *cobra.Command, args []string) error {
			report, ok := map[string]func(io.Writer, []verdict) error{"text": writeVerdicts, "json": writeVerdictLines}[format]
			if !ok {
				return usage(cmd, "unknown format %q: use text or json", format)
			}
			verdicts, err := judge(args[0], kinds)
			if err != nil {
				return err
			}
			if err := report(cmd.OutOrStdout(), verdicts); err != nil {
				return err
			}
			if slices.ContainsFunc(verdicts, verdict.failed) {
				return errReported
			}
			return nil
		},
	}
	cmd.Flags().StringSliceVar(&kinds, "kind", nil, "only cases of these kinds, such as execution or choice-case")
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// A verdict is what came of one case.
type verdict struct {
	ID      string   `json:"id"`
	Kind    string   `json:"kind"`
	Needs   []string `json:"needs"`
	Compare string   `json:"compare"`
	Pass    bool     `json:"pass"`
	Why     string   `json:"why"`

	unsupported bool
}

func (v verdict) failed() bool { return !v.Pass && !v.unsupported }

// judge replays the cases of a folder.
func judge(dir string, kinds []string) ([]verdict, error) {
	cases, err := conformance.Load(dir)
	if err != nil {
		return nil, err
	}
	var verdicts []verdict
	for _, c := range cases {
		if len(kinds) > 0 && !slices.Contains(kinds, c.Kind) {
			continue
		}
		v := verdict{ID: c.ID, Kind: c.Kind, Needs: c.Needs, Compare: c.Compare, Pass: true}
		if err := c.Check(); err != nil {
			v.Pass, v.Why = false, err.Error()
			v.unsupported = errors.As(err, new(*conformance.Unsupported))
		}
		verdicts = append(verdicts, v)
	}
	return verdicts, nil
}

func writeVerdictLines(w io.Writer, verdicts []verdict) error {
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	for _, v := range verdicts {
		if err := lines.Encode(v); err != nil {
			return err
		}
	}
	return nil
}

// score counts the verdicts of one kind and need.
type score struct{ pass, fail, unsupported int }

func writeVerdicts(w io.Writer, verdicts []verdict) error {
	scores := map[[2]string]*score{}
	total := new(score)
	for _, v := range verdicts {
		if v.failed() {
			fmt.Fprintf(w, "%s\n  %s\n\n", v.ID, strings.ReplaceAll(v.Why, "\n", "\n  "))
		}
		key := [2]string{v.Kind, strings.Join(v.Needs, "+")}
		if scores[key] == nil {
			scores[key] = new(score)
		}
		scores[key].count(v)
		total.count(v)
	}
	keys := make([][2]string, 0, len(scores))
	for key := range scores {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "kind\tneeds\tpass\tfail\tunsupported\ttotal\t")
	for _, key := range keys {
		scores[key].write(table, key[0], key[1])
	}
	total.write(table, "all", "")
	return table.Flush()
}

func (s *score) count(v verdict) {
	switch {
	case v.Pass:
		s.pass++
	case v.unsupported:
		s.unsupported++
	default:
		s.fail++
	}
}

func (s *score) write(w io.Writer, kind, needs string) {
	fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t\n", kind, needs, s.pass, s.fail, s.unsupported, s.pass+s.fail+s.unsupported)
}
