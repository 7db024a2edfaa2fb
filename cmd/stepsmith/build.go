package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func buildCommand() *cobra.Command {
	var tags, kind string
	cmd := &cobra.Command{
		Use:   "build [PACKAGES | FILES]",
		Short: "Compile workflows to Amazon States Language",
		Long: `Build compiles the workflows of Go packages and writes, beside each package,
NAME.asl.json (the definition) and NAME.asl.map.json (its type, and the Go line
of each state). NAME is the workflow's name in kebab case: "Job Poller" becomes
job-poller.asl.json. Files that would not change are not touched, and nothing is
written when there are errors.

Packages are named as for go build; the default is the current folder. Files of
Amazon States Language (.asl.json, .asl.yaml) are validated.`,
		Example: `  stepsmith build ./...
  stepsmith build order.asl.json`,
		RunE: func(cmd *cobra.Command, args []string) error { return build(cmd, args, tags, kind) },
	}
	cmd.Flags().StringVar(&tags, "tags", "", "build tags, as for go build")
	cmd.Flags().StringVar(&kind, "type", "", "validate files as standard or express (default: what the source map says, or standard)")
	return cmd
}

func build(cmd *cobra.Command, args []string, tags, kind string) error {
	machineType, err := parseType(cmd, kind)
	if err != nil {
		return err
	}
	patterns, files := split(args)
	list, err := checkFiles(files, machineType)
	if err != nil {
		return err
	}
	var all []compiled
	if len(patterns) > 0 {
		some, found, err := compilePackages(cmd.Context(), newLoader(tags, cmd.ErrOrStderr()), patterns)
		if err != nil {
			return reportBuild(cmd.ErrOrStderr(), err)
		}
		all, list = some, append(list, found...)
	}
	if err := explain(cmd.ErrOrStderr(), important(list)); err != nil {
		return err
	}
	if list.HasErrors() {
		return errReported
	}
	for _, c := range all {
		changed, err := c.write()
		for _, name := range changed {
			fmt.Fprintln(cmd.OutOrStdout(), "wrote", relative(name))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
