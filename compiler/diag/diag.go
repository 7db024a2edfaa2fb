// Package diag is what Stepsmith has to say about a user's work: a
// [Diagnostic] names what is wrong, where, and how to mend it. A [List] of
// them is what every phase of the compiler returns beside its result.
package diag

import (
	"fmt"
	"strings"
)

// A Severity tells how much a diagnostic matters.
type Severity uint8

const (
	// Error marks what AWS would refuse, or what makes an execution fail. It is
	// the zero value, so that a forgotten severity errs on the loud side.
	Error Severity = iota
	// Warning marks what is accepted and probably not meant.
	Warning
	// Hint marks what works and could be said better.
	Hint
)

// String returns AWS's word: ERROR, WARNING, or HINT, which AWS does not have.
func (s Severity) String() string {
	switch s {
	case Error:
		return "ERROR"
	case Warning:
		return "WARNING"
	case Hint:
		return "HINT"
	}
	return fmt.Sprintf("Severity(%d)", uint8(s))
}

// MarshalText makes JSON show the word instead of a number.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *Severity) UnmarshalText(text []byte) error {
	for _, known := range [...]Severity{Error, Warning, Hint} {
		if string(text) == known.String() {
			*s = known
			return nil
		}
	}
	return fmt.Errorf("diag: unknown severity %q, want ERROR, WARNING or HINT", text)
}

// A Position is a place in a text file, Go or JSON or YAML. The zero Position
// is unknown.
type Position struct {
	// File is the path as the user would write it; empty for a text that came
	// without a file.
	File string
	// Line counts from 1; 0 means unknown.
	Line int
	// Column counts bytes from 1, as the Go tools do; 0 means the whole line.
	Column int
	// Offset counts bytes from the beginning of the file, from 0. It means
	// something only where Line is known.
	Offset int
	// Length is the number of bytes that the diagnostic is about; 0 means
	// unknown. It may reach over the end of the line.
	Length int
}

// IsValid reports whether the position names a line.
func (p Position) IsValid() bool { return p.Line > 0 }

// String returns "file:line:column" with the unknown parts left out, and "-"
// for the zero Position.
func (p Position) String() string {
	s := p.File
	if p.Line > 0 {
		if s != "" {
			s += ":"
		}
		s += fmt.Sprint(p.Line)
		if p.Column > 0 {
			s += fmt.Sprintf(":%d", p.Column)
		}
	}
	if s == "" {
		return "-"
	}
	return s
}

// A Diagnostic is one finding.
type Diagnostic struct {
	Severity Severity
	// Code is stable and names the rule: AWS's own where AWS has the rule.
	Code string
	// Message says what is wrong in one or two sentences. For AWS's own rules it
	// is AWS's text.
	Message string
	// Fix says how to mend it; empty when the message says it all.
	Fix string
	// Pos is the place in the source, the zero Position when there is none.
	Pos Position
	// Pointer is the JSON pointer into the definition that AWS calls "location":
	// "/" for the root, empty when the diagnostic is about no place in it.
	Pointer string
	// Related are further places that explain the finding, such as the other
	// one of two equal names.
	Related []Related
}

// A Related is a second place that belongs to a diagnostic.
type Related struct {
	Message string
	Pos     Position
	Pointer string
}

// String returns the diagnostic on one line, beginning with its place: the
// position, or the pointer where no line is known.
func (d Diagnostic) String() string {
	var b strings.Builder
	switch {
	case d.Pos.IsValid():
		b.WriteString(d.Pos.String() + ": ")
	case d.Pos.File != "" && d.Pointer != "":
		b.WriteString(d.Pos.File + ": " + d.Pointer + ": ")
	case d.Pointer != "":
		b.WriteString(d.Pointer + ": ")
	case d.Pos.File != "":
		b.WriteString(d.Pos.File + ": ")
	}
	fmt.Fprintf(&b, "%s[%s]: %s", strings.ToLower(d.Severity.String()), d.Code, d.Message)
	return b.String()
}
