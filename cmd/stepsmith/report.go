package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/report"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// reportFlags are the flags of report.
type reportFlags struct {
	format, kind, tags, region, account string
	items                               int
	policy                              bool
}

func reportCommand() *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report [PACKAGES | FILES]",
		Short: "Tell what a workflow costs, needs and risks",
		Long: `Report analyses the workflows of Go packages, and files of Amazon States Language,
without running them: how long their histories get, against the limit of 25,000
events; whether they fit Express workflows; how many state transitions an
execution makes and what it costs; which tasks lack a timeout or a retry of
transient errors; which errors can end an execution; and the least policy that
the role needs.

The figures are bounds for executions whose inputs nobody knows. Map states are
taken to have as many items as --items says. Prices are those of us-east-1 as they
were known when this program was written.

Packages are named as for go build; the default is the current folder.`,
		Example: `  stepsmith report ./orders
  stepsmith report --policy --region eu-west-1 --account 123456789012 orders.asl.json > policy.json
  stepsmith report --format json ./... | jq .price`,
		RunE: func(cmd *cobra.Command, args []string) error { return reportOn(cmd, args, f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "text", "text or json")
	flags.StringVar(&f.kind, "type", "", "take files for standard or express (default: what the source map says, or standard)")
	flags.IntVar(&f.items, "items", 10, "how many items every Map state has")
	flags.BoolVar(&f.policy, "policy", false, "print the policy documents only")
	flags.StringVar(&f.region, "region", "", "region in the policy (default *)")
	flags.StringVar(&f.account, "account", "", "account in the policy (default *)")
	flags.StringVar(&f.tags, "tags", "", "build tags, as for go build")
	return cmd
}

// A subject is a definition to report on.
type subject struct {
	name    string
	express bool
	machine *asl.Machine
}

func reportOn(cmd *cobra.Command, args []string, f reportFlags) error {
	if f.format != "text" && f.format != "json" {
		return usage(cmd, "unknown format %q: use text or json", f.format)
	}
	if f.items < 1 {
		return usage(cmd, "--items %d: a Map state has one item at least", f.items)
	}
	subjects, err := reportSubjects(cmd, args, f)
	if err != nil {
		return reportBuild(cmd.ErrOrStderr(), err)
	}
	for i, s := range subjects {
		r, list := report.Analyze(s.machine, report.Options{
			Name: s.name, Express: s.express, Items: f.items, Region: f.region, Account: f.account,
		})
		if err := list.Err(); err != nil {
			return err
		}
		if err := writeReport(cmd.OutOrStdout(), r, f, i); err != nil {
			return err
		}
	}
	return nil
}

func writeReport(w io.Writer, r *report.Report, f reportFlags, i int) error {
	switch {
	case f.policy:
		return writeJSON(w, r.Policy)
	case f.format == "json":
		return writeJSON(w, r)
	}
	if i > 0 {
		fmt.Fprintln(w)
	}
	return r.Write(w)
}

// reportSubjects reads the definitions of files and compiles those of packages.
func reportSubjects(cmd *cobra.Command, args []string, f reportFlags) ([]subject, error) {
	kind, err := parseType(cmd, f.kind)
	if err != nil {
		return nil, err
	}
	patterns, files := split(args)
	var subjects []subject
	for _, file := range files {
		s, err := reportFile(cmd, file, kind)
		if err != nil {
			return nil, err
		}
		subjects = append(subjects, s)
	}
	if len(patterns) == 0 {
		return subjects, nil
	}
	all, list, err := compilePackages(cmd.Context(), newLoader(f.tags, cmd.ErrOrStderr()), patterns)
	if err != nil {
		return nil, err
	}
	if err := refuse(cmd, list); err != nil {
		return nil, err
	}
	for _, c := range all {
		document, _ := asl.Decode(c.program.ASL, c.file)
		subjects = append(subjects, subject{c.workflow.Spec.Name, c.workflow.Spec.Kind == spec.Express, &document.Machine})
	}
	return subjects, nil
}

// reportFile reads a definition, which must be valid.
func reportFile(cmd *cobra.Command, file string, kind machineType) (subject, error) {
	list, err := validate(file, kind)
	if err != nil {
		return subject{}, err
	}
	if err := refuse(cmd, list); err != nil {
		return subject{}, err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return subject{}, err
	}
	document, _ := asl.Decode(text, file)
	name := filepath.Base(file)
	for _, ending := range []string{aslEnding, ".asl.yaml", ".asl.yml", ".json", ".yaml", ".yml"} {
		if short, ok := strings.CutSuffix(name, ending); ok {
			name = short
			break
		}
	}
	if m := readSourceMap(file); m != nil {
		name = m.Name
	}
	return subject{name, kind.of(file) == asl.Express, &document.Machine}, nil
}

// refuse shows errors, and ends the command when there are any.
func refuse(cmd *cobra.Command, list diag.List) error {
	if !list.HasErrors() {
		return nil
	}
	if err := explain(cmd.ErrOrStderr(), list.Only(diag.Error)); err != nil {
		return err
	}
	return errReported
}
