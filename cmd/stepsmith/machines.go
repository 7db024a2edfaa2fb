package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/runtime"
)

func machinesCommand() *cobra.Command {
	var definition bool
	cmd := &cobra.Command{
		Use:   "machines --db FILE [MACHINE]",
		Short: "Show the machines in a store file",
		Long: `Machines lists the machines in a store file, or describes one, with its versions
and aliases. MACHINE is a name, NAME:VERSION or an ARN.`,
		Example: `  stepsmith machines --db orders.db
  stepsmith machines --db orders.db Fulfil:3 --definition > fulfil.asl.json`,
		Args: arguments(0, 1, "the name of a machine, or nothing"),
	}
	s := onStore(cmd).withJSON()
	cmd.Flags().BoolVar(&definition, "definition", false, "print only the definition of MACHINE")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if definition && len(args) == 0 {
			return usage(cmd, "--definition is for one machine: name it")
		}
		return s.read(func(e *runtime.Engine) error {
			if len(args) == 0 {
				return s.listMachines(e)
			}
			arn, err := s.machine(e, args[0])
			if err != nil {
				return err
			}
			m, err := e.DescribeMachine(cmd.Context(), arn)
			if err != nil {
				return err
			}
			if definition {
				_, err := fmt.Fprintln(cmd.OutOrStdout(), strings.TrimSuffix(m.Definition, "\n"))
				return err
			}
			return s.describeMachine(e, m)
		})
	}
	return cmd
}

func (s *storeCommand) listMachines(e *runtime.Engine) error {
	machines, err := e.Machines(s.cmd.Context())
	if err != nil {
		return err
	}
	if s.json {
		list := make([]map[string]any, len(machines))
		for i, m := range machines {
			list[i] = map[string]any{"stateMachineArn": m.ARN, "name": m.Name, "type": m.Type, "creationDate": m.Created}
		}
		return printJSON(s.cmd.OutOrStdout(), map[string]any{"stateMachines": list})
	}
	return printMachines(s.cmd.OutOrStdout(), machines)
}

func printMachines(w io.Writer, machines []*runtime.Machine) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "MACHINE\tTYPE\tCREATED\tUPDATED")
	for _, m := range machines {
		updated := when(m.Updated)
		if updated == "" {
			updated = "-"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", m.Name, m.Type, when(m.Created), updated)
	}
	return t.Flush()
}

// describeMachine shows a machine with its versions and aliases, or one version.
func (s *storeCommand) describeMachine(e *runtime.Engine, m *runtime.Machine) error {
	versions, err := e.Versions(s.cmd.Context(), m.ARN)
	if err != nil {
		return err
	}
	aliases, err := e.Aliases(s.cmd.Context(), m.ARN)
	if err != nil {
		return err
	}
	w := s.cmd.OutOrStdout()
	if s.json {
		return printJSON(w, machineDescription(m, versions, aliases))
	}
	pairs := []string{
		"name", m.Name, "type", string(m.Type), "description", m.Description,
		"created", when(m.Created), "updated", when(m.Updated), "arn", m.ARN,
	}
	for _, v := range versions {
		pairs = append(pairs, fmt.Sprint("version ", v.Number), strings.TrimSuffix(when(v.Created)+"  "+v.Description, "  "))
	}
	for _, a := range aliases {
		var shares []string
		for _, r := range a.Routes {
			shares = append(shares, fmt.Sprintf("version %d: %d%%", r.Version, r.Weight))
		}
		pairs = append(pairs, "alias "+a.Name, strings.Join(shares, ", "))
	}
	return facts(w, pairs...)
}

// machineDescription is the answer of DescribeStateMachine, together with those of
// ListStateMachineVersions and of DescribeStateMachineAlias.
func machineDescription(m *runtime.Machine, versions []*runtime.Version, aliases []*runtime.Alias) map[string]any {
	d := map[string]any{
		"stateMachineArn": m.ARN, "name": m.Name, "type": m.Type, "definition": m.Definition, "creationDate": m.Created,
	}
	if m.Description != "" {
		d["description"] = m.Description
	}
	published, named := []any{}, []any{}
	arns := make(map[int64]string)
	for _, v := range versions {
		arns[v.Number] = v.ARN
		published = append(published, map[string]any{"stateMachineVersionArn": v.ARN, "creationDate": v.Created})
	}
	for _, a := range aliases {
		var routes []any
		for _, r := range a.Routes {
			routes = append(routes, map[string]any{"stateMachineVersionArn": arns[r.Version], "weight": r.Weight})
		}
		named = append(named, map[string]any{"stateMachineAliasArn": a.ARN, "name": a.Name, "creationDate": a.Created, "routingConfiguration": routes})
	}
	d["stateMachineVersions"], d["stateMachineAliases"] = published, named
	return d
}
