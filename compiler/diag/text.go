package diag

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Text writes diagnostics for people: the place, the message, the line of the
// source with a caret below it, and the way to mend it. The zero Text writes
// without excerpts and without colour.
type Text struct {
	// Source returns the content of a file for the excerpts, nil when it cannot
	// be had. A nil Source leaves the excerpts out.
	Source func(file string) []byte
	// Color allows ANSI colours.
	Color bool
}

// ANSI sequences. Only the text writer paints diagnostics.
const (
	reset  = "\x1b[0m"
	bold   = "\x1b[1m"
	dim    = "\x1b[2m"
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
	blue   = "\x1b[1;34m"
)

// Write writes the diagnostics in the order of the list; it does not sort. It
// returns the first error of w.
func (t Text) Write(w io.Writer, l List) error {
	out := bufio.NewWriter(w)
	for i, d := range l {
		if i > 0 && t.Source != nil {
			out.WriteByte('\n')
		}
		t.diagnostic(out, d)
	}
	return out.Flush()
}

func (t Text) diagnostic(out *bufio.Writer, d Diagnostic) {
	if place := place(d.Pos, d.Pointer); place != "" {
		out.WriteString(t.paint(bold, place+":") + " ")
	}
	label := strings.ToLower(d.Severity.String())
	fmt.Fprintf(out, "%s %s\n", t.paint(tint(d.Severity), label+"["+d.Code+"]:"), indent(d.Message, "    "))
	t.excerpt(out, d.Pos, tint(d.Severity))
	if d.Pos.IsValid() && d.Pointer != "" && t.Source != nil {
		out.WriteString(t.note("at", d.Pointer))
	}
	if d.Fix != "" {
		out.WriteString(t.note("fix", d.Fix))
	}
	for _, r := range d.Related {
		text := r.Message
		if p := place(r.Pos, r.Pointer); p != "" {
			text = p + ": " + text
		}
		out.WriteString(t.note("see", text))
	}
}

// note is a line that belongs to the diagnostic above it.
func (t Text) note(label, text string) string {
	return "    " + t.paint(dim, label+":") + " " + indent(text, "    ") + "\n"
}

func (t Text) excerpt(out *bufio.Writer, p Position, color string) {
	if t.Source == nil || !p.IsValid() {
		return
	}
	line, ok := sourceLine(t.Source(p.File), p.Line)
	if !ok {
		return
	}
	start := 0
	if p.Column > 0 {
		start = p.Column - 1
	}
	start = min(start, len(line))
	end := min(start+max(p.Length, 1), len(line))
	line, start, end = window(line, start, end)
	number := fmt.Sprintf("%5d", p.Line)
	fmt.Fprintf(out, "%s %s\n", t.paint(dim, number+" |"), line)
	if p.Column == 0 {
		return
	}
	marks := "^" + strings.Repeat("~", max(width(line[start:end])-1, 0))
	fmt.Fprintf(out, "%s %s%s\n", t.paint(dim, "      |"), blank(line[:start]), t.paint(color, marks))
}

func (t Text) paint(color, text string) string {
	if !t.Color {
		return text
	}
	return color + text + reset
}

func tint(s Severity) string {
	switch s {
	case Error:
		return red
	case Warning:
		return yellow
	}
	return blue
}

// place names the position, or the pointer where no line is known.
func place(p Position, pointer string) string {
	switch {
	case p.IsValid() || pointer == "":
		if p == (Position{}) {
			return ""
		}
		return p.String()
	case p.File != "":
		return p.File + ": " + pointer
	}
	return pointer
}

// indent sets the second and further lines of a text in.
func indent(text, by string) string {
	return strings.ReplaceAll(text, "\n", "\n"+by)
}

// sourceLine returns a line of the source, counted from 1, without its end.
func sourceLine(src []byte, number int) (string, bool) {
	for n := 1; ; n++ {
		line, rest, more := bytes.Cut(src, []byte("\n"))
		if n == number {
			return strings.TrimSuffix(string(line), "\r"), len(line) > 0
		}
		if !more {
			return "", false
		}
		src = rest
	}
}

// window cuts a very long line, as minified JSON has it, down to the part
// around the marked bytes.
func window(line string, start, end int) (string, int, int) {
	const before, after = 60, 100
	from, to := 0, len(line)
	if start > before+20 {
		from = runeStart(line, start-before)
	}
	if to-start > after+20 {
		to = runeStart(line, start+after)
	}
	head, tail := "", ""
	if from > 0 {
		head = "…"
	}
	if to < len(line) {
		tail = "…"
	}
	shift := len(head) - from
	return head + line[from:to] + tail, start + shift, min(end, to) + shift
}

// runeStart moves an index back to the beginning of the character it is in.
func runeStart(s string, i int) int {
	for i > 0 && i < len(s) && s[i]&0xC0 == 0x80 {
		i--
	}
	return i
}

// width counts characters; a tab counts as one, as blank copies it.
func width(s string) int { return len([]rune(s)) }

// blank returns white space as wide as s, tabs kept, so that a caret below s
// stands right in every terminal.
func blank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, s)
}
