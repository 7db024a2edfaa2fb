package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/load"
)

// vetFlags are the flags of vet.
type vetFlags struct{ format, kind, explain, tags string }

func vetCommand() *cobra.Command {
	var f vetFlags
	cmd := &cobra.Command{
		Use:   "vet [PACKAGES | FILES]",
		Short: "Report mistakes in workflows and definitions",
		Long: `Vet checks the workflows of Go packages, from their source and from what they
compile to, and files of Amazon States Language (.asl.json, .asl.yaml). It writes
nothing. Packages are named as for go build; the default is the current folder.

Exit code 1 means that there are errors, 2 that the command was not understood.
Warnings and hints leave the exit code 0.

With --format json it prints one object for each file, on a line of its own:
  {"file","result":"OK"|"FAIL","diagnostics":[{"severity","code","message","location","line","column"}]}`,
		Example: `  stepsmith vet ./...
  stepsmith vet --format json --type express order.asl.json
  stepsmith vet --explain OUT_OF_SCOPE`,
		RunE: func(cmd *cobra.Command, args []string) error { return vet(cmd, args, f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "text", "text, json or sarif")
	flags.StringVar(&f.kind, "type", "", "check files as standard or express (default: what the source map says, or standard)")
	flags.StringVar(&f.explain, "explain", "", "explain a diagnostic's code")
	flags.StringVar(&f.tags, "tags", "", "build tags, as for go build")
	return cmd
}

func vet(cmd *cobra.Command, args []string, f vetFlags) error {
	if f.explain != "" {
		return explainCode(cmd, f.explain)
	}
	write, ok := map[string]func(io.Writer, []diag.Report) error{"text": writeText, "json": writeLines, "sarif": writeSARIF}[f.format]
	if !ok {
		return usage(cmd, "unknown format %q: use text, json or sarif", f.format)
	}
	machineType, err := parseType(cmd, f.kind)
	if err != nil {
		return err
	}
	patterns, files := split(args)
	reports, err := vetFiles(files, machineType)
	if err != nil {
		return err
	}
	if len(patterns) > 0 {
		found, err := vetPackages(cmd, patterns, f)
		if err != nil {
			return err
		}
		reports = append(reports, found...)
	}
	if err := write(cmd.OutOrStdout(), reports); err != nil {
		return err
	}
	for _, r := range reports {
		if r.List.HasErrors() {
			return errReported
		}
	}
	return nil
}

// vetPackages reports on the packages' Go files: those with workflows, and those
// with mistakes.
func vetPackages(cmd *cobra.Command, patterns []string, f vetFlags) ([]diag.Report, error) {
	all, list, err := compilePackages(cmd.Context(), newLoader(f.tags, cmd.ErrOrStderr()), patterns)
	if err != nil && f.format == "text" {
		return nil, reportBuild(cmd.ErrOrStderr(), err)
	}
	if err != nil {
		if list, err = load.Diagnostics(err); err != nil {
			return nil, err
		}
	}
	var reports []diag.Report
	index := make(map[string]int)
	report := func(file string) *diag.Report {
		file = relative(file)
		i, ok := index[file]
		if !ok {
			i = len(reports)
			index[file] = i
			reports = append(reports, diag.Report{File: file})
		}
		return &reports[i]
	}
	for _, c := range all {
		report(c.workflow.Pos.File)
	}
	for _, d := range list {
		r := report(d.Pos.File)
		r.List = append(r.List, named(d))
	}
	return reports, nil
}

// vetFiles validates definitions.
func vetFiles(files []string, kind machineType) ([]diag.Report, error) {
	var reports []diag.Report
	for _, file := range files {
		list, err := validate(file, kind)
		if err != nil {
			return nil, err
		}
		reports = append(reports, diag.Report{File: file, List: list})
	}
	return reports, nil
}

func checkFiles(files []string, kind machineType) (diag.List, error) {
	reports, err := vetFiles(files, kind)
	var list diag.List
	for _, r := range reports {
		list = append(list, r.List...)
	}
	return list, err
}

// validate decodes and validates one definition.
func validate(file string, kind machineType) (diag.List, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	document, list := asl.Decode(text, file)
	if document != nil {
		list = append(list, asl.Validate(document, asl.Options{Type: kind.of(file)})...)
	}
	list.Sort()
	return list, nil
}

func writeText(w io.Writer, reports []diag.Report) error {
	var all diag.List
	for _, r := range reports {
		all = append(all, r.List...)
	}
	if err := explain(w, all); err != nil {
		return err
	}
	if len(all) > 0 {
		_, err := fmt.Fprintf(w, "\n%s\n", all.Summary())
		return err
	}
	return nil
}

func writeLines(w io.Writer, reports []diag.Report) error {
	for _, r := range reports {
		if err := r.WriteJSON(w); err != nil {
			return err
		}
	}
	return nil
}

func writeSARIF(w io.Writer, reports []diag.Report) error {
	s := diag.SARIF{Tool: "stepsmith", Version: version(), URI: "https://github.com/stepsmith-dev/stepsmith", Title: title, Source: source}
	return s.Write(w, reports...)
}
