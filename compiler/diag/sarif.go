package diag

import (
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"
)

// SARIF writes reports in the Static Analysis Results Interchange Format
// 2.1.0, which code hosting services show beside the changed lines.
type SARIF struct {
	// Tool and Version name the program that ran.
	Tool, Version string
	// URI is the tool's home page; empty leaves it out.
	URI string
	// Title returns a one-line title of a code; nil leaves the titles out.
	Title func(code string) string
	// Source returns the content of a file, nil when it cannot be had. It is
	// needed to turn byte columns into the UTF-16 columns of SARIF; without it
	// the columns are right for ASCII lines only.
	Source func(file string) []byte
}

type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		URI     string      `json:"informationUri,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string     `json:"id"`
		Short *sarifText `json:"shortDescription,omitempty"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
		Related   []sarifLocation `json:"relatedLocations,omitempty"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
		Message  *sarifText     `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifLogical struct {
		FullyQualifiedName string `json:"fullyQualifiedName"`
	}
)

// Write writes one run that holds all reports, in their order.
func (s SARIF) Write(w io.Writer, reports ...Report) error {
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: s.Tool, Version: s.Version, URI: s.URI, Rules: s.rules(reports)}},
		ColumnKind: "utf16CodeUnits",
		Results:    []sarifResult{},
	}
	for _, r := range reports {
		for _, d := range r.List {
			run.Results = append(run.Results, s.result(r.File, d, run.Tool.Driver.Rules))
		}
	}
	return writeJSON(w, sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	}, "  ")
}

// rules lists every code that occurs once, in alphabetical order.
func (s SARIF) rules(reports []Report) []sarifRule {
	var codes []string
	for _, r := range reports {
		for _, d := range r.List {
			codes = append(codes, d.Code)
		}
	}
	slices.Sort(codes)
	rules := []sarifRule{}
	for _, code := range slices.Compact(codes) {
		rule := sarifRule{ID: code}
		if s.Title != nil {
			if title := s.Title(code); title != "" {
				rule.Short = &sarifText{title}
			}
		}
		rules = append(rules, rule)
	}
	return rules
}

func (s SARIF) result(file string, d Diagnostic, rules []sarifRule) sarifResult {
	index := slices.IndexFunc(rules, func(r sarifRule) bool { return r.ID == d.Code })
	text := d.Message
	if d.Fix != "" {
		text += "\n" + d.Fix
	}
	result := sarifResult{RuleID: d.Code, RuleIndex: index, Level: sarifLevel(d.Severity), Message: sarifText{text}}
	if d.Pos.File != "" {
		file = d.Pos.File
	}
	if l, ok := s.location(file, d.Pos, d.Pointer); ok {
		result.Locations = []sarifLocation{l}
	}
	for _, r := range d.Related {
		related := file
		if r.Pos.File != "" {
			related = r.Pos.File
		}
		l, _ := s.location(related, r.Pos, r.Pointer)
		l.Message = &sarifText{r.Message}
		result.Related = append(result.Related, l)
	}
	return result
}

func sarifLevel(s Severity) string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	}
	return "note"
}

func (s SARIF) location(file string, p Position, pointer string) (sarifLocation, bool) {
	var l sarifLocation
	if file != "" {
		uri := url.URL{Path: filepath.ToSlash(file)}
		l.Physical = &sarifPhysical{Artifact: sarifArtifact{uri.String()}, Region: s.region(file, p)}
	}
	if pointer != "" {
		l.Logical = []sarifLogical{{pointer}}
	}
	return l, l.Physical != nil || l.Logical != nil
}

func (s SARIF) region(file string, p Position) *sarifRegion {
	if !p.IsValid() {
		return nil
	}
	r := &sarifRegion{StartLine: p.Line, StartColumn: p.Column}
	if p.Column == 0 {
		return r
	}
	end := p.Column + p.Length
	if s.Source != nil {
		if line, ok := sourceLine(s.Source(file), p.Line); ok {
			r.StartColumn = utf16Column(line, p.Column)
			end = utf16Column(line, min(end, len(line)+1))
		}
	}
	if end > r.StartColumn {
		r.EndColumn = end
	}
	return r
}

// utf16Column turns a byte column into one of UTF-16 code units.
func utf16Column(line string, column int) int {
	prefix := line[:min(column-1, len(line))]
	return len(utf16.Encode([]rune(strings.ToValidUTF8(prefix, "?")))) + 1
}
