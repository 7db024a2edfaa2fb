package asl

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
)

// An Answer is what AWS's ValidateStateMachineDefinition answers, with the names
// of its JSON.
type Answer struct {
	Result      string    `json:"result"` // OK or FAIL
	Diagnostics []Finding `json:"diagnostics"`
	// Truncated says that there were more diagnostics than were asked for.
	Truncated bool `json:"truncated"`
}

// A Finding is one diagnostic of an [Answer].
type Finding struct {
	Severity diag.Severity `json:"severity"`
	Code     string        `json:"code"`
	Message  string        `json:"message"`
	Location string        `json:"location,omitempty"`
}

// maxAnswer is how many findings AWS gives unless it is asked for fewer.
const maxAnswer = 100

// AWS turns what Decode and Validate found in a text into AWS's answer. Findings
// with codes of Stepsmith's own are left out, and warnings are unless least is
// [diag.Warning]. At most limit findings are given; 0 stands for 100, AWS's own
// limit. The list should be in the order in which it was found.
func AWS(text []byte, list diag.List, least diag.Severity, limit int) Answer {
	a := Answer{Result: "OK", Diagnostics: []Finding{}}
	if limit <= 0 {
		limit = maxAnswer
	}
	for _, d := range list {
		code, known := codes[d.Code]
		if !known || code.Origin == Own || d.Severity > least {
			continue
		}
		if d.Severity == diag.Error {
			a.Result = "FAIL"
		}
		if len(a.Diagnostics) == limit {
			a.Truncated = true
			continue
		}
		found := Finding{d.Severity, d.Code, d.Message, d.Pointer}
		if d.Code == invalidJSON.code {
			found.Message, found.Location = jackson(string(text), d.Message)
		}
		a.Diagnostics = append(a.Diagnostics, found)
	}
	return a
}

// Refusal returns the message with which AWS's CreateStateMachine refuses a
// definition, and "" when it takes it.
func Refusal(text []byte, list diag.List) string {
	answer := AWS(text, list, diag.Error, 0)
	if answer.Result == "OK" {
		return ""
	}
	parts := make([]string, len(answer.Diagnostics))
	for i, f := range answer.Diagnostics {
		parts[i] = f.Code + ": " + f.Message
		if f.Location != "" && !strings.HasSuffix(f.Message, f.Location) {
			parts[i] += " at " + f.Location
		}
	}
	return "Invalid State Machine Definition: '" + strings.Join(parts, ", ") + "'"
}

// jackson returns the message about a text that is no JSON with the places as
// Jackson gives them. Where the text was not read as JSON it has none.
func jackson(text, message string) (full, location string) {
	_, err := readJSON(text)
	if err == nil || err.message != message {
		return message, ""
	}
	if err.marker >= 0 {
		marker := sourceLocation(text, err.marker)
		if rest, ok := strings.CutSuffix(message, ")"); ok {
			message = rest + " starting at " + marker + ")"
		} else {
			message += " (start marker at " + marker + ")"
		}
	}
	location = sourceLocation(text, err.end)
	return message + "\n at " + location, location
}

// sourceLocation describes a place as Jackson does: with the beginning of the
// text, and the line and column from 1 in UTF-16 units.
func sourceLocation(text string, offset int) string {
	const shown = 500
	before := text[:offset]
	line := strings.Count(before, "\n") + 1
	column := len(utf16.Encode([]rune(before[strings.LastIndexByte(before, '\n')+1:]))) + 1
	excerpt := `"` + text + `"`
	if units := utf16.Encode([]rune(text)); len(units) > shown {
		excerpt = fmt.Sprintf(`"%s"[truncated %d chars]`, string(utf16.Decode(units[:shown])), len(units)-shown)
	}
	return fmt.Sprintf("[Source: (String)%s; line: %d, column: %d]", excerpt, line, column)
}
