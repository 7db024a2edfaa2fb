package compiler

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A SourceMap stands beside a definition and says what the definition itself
// cannot: the name and type of the state machine, and which lines of Go its
// states were written on.
type SourceMap struct {
	Name   string
	Type   string                   // STANDARD or EXPRESS
	States map[string]diag.Position // by the state's name, which is unique in the whole machine
}

func newSourceMap(w *spec.Workflow, positions map[string]spec.Pos) *SourceMap {
	m := &SourceMap{Name: w.Name, Type: string(w.Kind), States: make(map[string]diag.Position, len(positions))}
	for name, p := range positions {
		m.States[name] = position(p)
	}
	return m
}

// sourceMapFile is how a SourceMap is written: a position is "file:line".
type sourceMapFile struct {
	Name   string            `json:"name"`
	Type   string            `json:"type"`
	States map[string]string `json:"states"`
}

// Encode returns the map as JSON, for a file in the folder dir: the Go files are
// named relative to it, with slashes. An empty dir leaves the names as they are.
func (m *SourceMap) Encode(dir string) ([]byte, error) {
	file := sourceMapFile{m.Name, m.Type, make(map[string]string, len(m.States))}
	for state, p := range m.States {
		if name, err := filepath.Rel(dir, p.File); dir != "" && err == nil {
			p.File = filepath.ToSlash(name)
		}
		file.States[state] = p.String()
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(file)
	return text.Bytes(), err
}

// UnmarshalJSON reads what Encode wrote. The files stay relative to the folder
// that the map was in.
func (m *SourceMap) UnmarshalJSON(text []byte) error {
	var file sourceMapFile
	if err := json.Unmarshal(text, &file); err != nil {
		return err
	}
	*m = SourceMap{file.Name, file.Type, make(map[string]diag.Position, len(file.States))}
	for state, place := range file.States {
		var p diag.Position
		p.File = place
		if i := strings.LastIndexByte(place, ':'); i >= 0 {
			if line, err := strconv.Atoi(place[i+1:]); err == nil {
				p.File, p.Line = place[:i], line
			}
		}
		m.States[state] = p
	}
	return nil
}
