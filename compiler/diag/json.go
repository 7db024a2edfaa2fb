package diag

import (
	"bytes"
	"encoding/json"
	"io"
)

// A Report is what was found in one file.
type Report struct {
	File string
	List List
}

// Result returns OK or FAIL as AWS's ValidateStateMachineDefinition does:
// warnings and hints leave it OK.
func (r Report) Result() string {
	if r.List.HasErrors() {
		return "FAIL"
	}
	return "OK"
}

// WriteJSON writes the report as one JSON object on a line of its own:
//
//	{"file","result","diagnostics":[{"severity","code","message","location","line","column"}]}
//
// Every member is always there: location is "" and line and column are 0 where
// they are unknown, and diagnostics is an array also when it is empty.
func (r Report) WriteJSON(w io.Writer) error {
	type diagnostic struct {
		Severity Severity `json:"severity"`
		Code     string   `json:"code"`
		Message  string   `json:"message"`
		Location string   `json:"location"`
		Line     int      `json:"line"`
		Column   int      `json:"column"`
	}
	line := struct {
		File        string       `json:"file"`
		Result      string       `json:"result"`
		Diagnostics []diagnostic `json:"diagnostics"`
	}{r.File, r.Result(), make([]diagnostic, len(r.List))}
	for i, d := range r.List {
		line.Diagnostics[i] = diagnostic{d.Severity, d.Code, d.Message, d.Pointer, d.Pos.Line, d.Pos.Column}
	}
	return writeJSON(w, line, "")
}

// writeJSON writes a value and a line end, without HTML escapes.
func writeJSON(w io.Writer, v any, indent string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}
