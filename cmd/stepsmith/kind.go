package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/compiler"
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
)

// A machineType is the flag --type.
type machineType struct {
	given   bool
	express bool
}

func parseType(cmd *cobra.Command, flag string) (machineType, error) {
	switch strings.ToLower(flag) {
	case "":
		return machineType{}, nil
	case "standard":
		return machineType{given: true}, nil
	case "express":
		return machineType{given: true, express: true}, nil
	}
	return machineType{}, usage(cmd, "unknown type %q: use standard or express", flag)
}

// of is the type to take a definition as: the flag, or what the source map
// beside the file says, or standard.
func (t machineType) of(file string) asl.MachineType {
	if m := readSourceMap(file); !t.given && m != nil {
		t.express = m.Type == "EXPRESS"
	}
	if t.express {
		return asl.Express
	}
	return asl.Standard
}

// readSourceMap reads the source map beside a definition; nil when there is none
// that can be read, as with definitions written by hand.
func readSourceMap(file string) *compiler.SourceMap {
	name, ok := strings.CutSuffix(file, aslEnding)
	if !ok {
		return nil
	}
	text, err := os.ReadFile(name + mapEnding)
	if err != nil {
		return nil
	}
	m := new(compiler.SourceMap)
	if json.Unmarshal(text, m) != nil {
		return nil
	}
	for state, pos := range m.States { // relative to the map
		pos.File = filepath.Join(filepath.Dir(file), filepath.FromSlash(pos.File))
		m.States[state] = pos
	}
	return m
}
