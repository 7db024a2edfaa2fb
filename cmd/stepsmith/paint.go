package main

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// A painter turns a tree into rows of text.
type painter struct {
	title  string
	colour bool
	frame  int              // of the spinner
	now    func() time.Time // nil: the time stands still between events
	last   time.Time        // of the last event
}

// A row is a line of the live view: a mark and a name, set in by the depth, how
// long it took, and what else there is to say.
type row struct {
	depth int
	left  []span
	took  string
	note  span
	over  bool // what it shows has ended
}

// A span is text of one colour.
type span struct{ colour, text string }

// The colours of the Step Functions console, and grey for what is less
// important.
const (
	blue   = "34"
	green  = "32"
	orange = "33"
	red    = "31"
	grey   = "90"
	bold   = "1"
)

// icons of the state types.
var icons = map[string]string{
	"Task": "■", "Pass": "▷", "Choice": "◇", "Wait": "◷", "Succeed": "◉", "Fail": "⊗", "Parallel": "∥", "Map": "≡",
}

const spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

func (p *painter) rows(root *node) []row {
	rows := []row{{left: []span{p.mark(root), {bold, p.title}}, took: p.took(root), note: span{red, root.why()}}}
	for _, c := range root.children {
		rows = p.add(rows, c, 1)
	}
	return rows
}

// add appends the rows of a state, a branch or an iteration.
func (p *painter) add(rows []row, n *node, depth int) []row {
	if n.kind != "" || n.iteration >= 0 { // a branch is not worth a row
		rows = append(rows, p.row(n, depth))
		depth++
	}
	for _, c := range n.children {
		// Of many iterations, only those are shown that run or have failed.
		if n.kind == "Map" && len(n.children) > many && c.phase != running && c.phase != failed {
			continue
		}
		rows = p.add(rows, c, depth)
	}
	return rows
}

// many is how many iterations of a Map state are shown each by itself.
const many = 8

func (p *painter) row(n *node, depth int) row {
	r := row{depth: depth, left: []span{p.mark(n)}, took: p.took(n), over: n.phase != running && n.phase != waiting && n.phase != failed}
	if n.kind == "" {
		r.left = append(r.left, span{grey, fmt.Sprintf("[%d]", n.iteration)})
		return r
	}
	r.left = append(r.left, span{grey, icons[n.kind]}, span{"", n.name})
	if n.visits > 1 {
		r.left = append(r.left, span{grey, fmt.Sprintf("×%d", n.visits)})
	}
	if tries := n.tries(); tries > 1 {
		r.left = append(r.left, span{orange, fmt.Sprintf("%d tries", tries)})
	}
	if n.length >= 0 {
		r.left = append(r.left, span{grey, fmt.Sprintf("%d/%d", n.succeeded(), n.length)})
	}
	r.note = n.note()
	return r
}

// note is what there is to say about a state beside its time: why it failed, or
// what came out of a task.
func (n *node) note() span {
	switch {
	case n.phase == waiting:
		return span{orange, n.why() + ", tries again"}
	case n.phase == caught:
		return span{orange, n.why()}
	case n.phase == failed:
		return span{red, n.why()}
	case n.phase == running && n.failures > 0:
		return span{orange, "after " + n.err}
	case n.phase == succeeded && n.kind == "Task":
		return span{grey, n.output}
	}
	return span{}
}

// tries counts the attempts of this visit.
func (n *node) tries() int {
	if n.phase == running || n.phase == succeeded {
		return n.failures + 1
	}
	return n.failures
}

// succeeded counts the children that did.
func (n *node) succeeded() int {
	count := 0
	for _, c := range n.children {
		if c.phase == succeeded {
			count++
		}
	}
	return count
}

// took tells how long a node has been going on, when that is worth telling.
func (p *painter) took(n *node) string {
	end := n.stopped
	if n.phase == running || n.phase == waiting {
		end = p.last
		if p.now != nil {
			end = p.now()
		}
	}
	if n.started.IsZero() || n.kind == "Choice" || n.kind == "Pass" || n.kind == "Succeed" || n.kind == "Fail" {
		return ""
	}
	return duration(end.Sub(n.started))
}

// mark shows the phase of a node.
func (p *painter) mark(n *node) span {
	switch n.phase {
	case running, waiting:
		glyphs := []rune(spinner)
		return span{blue, string(glyphs[p.frame%len(glyphs)])}
	case succeeded:
		return span{green, "✓"}
	case caught:
		return span{orange, "!"}
	case failed:
		return span{red, "✗"}
	}
	return span{grey, "–"}
}

// widest is the column at which times stand at most, however long a name is.
const widest = 48

// lines renders rows, the times one below the other.
func (p *painter) lines(rows []row) []string {
	column := 0
	for _, r := range rows {
		column = max(column, min(r.width(), widest))
	}
	lines := make([]string, len(rows))
	for i, r := range rows {
		var b strings.Builder
		b.WriteString(strings.Repeat("  ", r.depth))
		for _, s := range r.left {
			b.WriteString(p.in(s.colour, s.text) + " ")
		}
		if r.took != "" || r.note.text != "" {
			b.WriteString(strings.Repeat(" ", max(column-r.width(), 0)))
			b.WriteString(p.in(grey, fmt.Sprintf("%7s", r.took)) + "  " + p.in(r.note.colour, r.note.text))
		}
		lines[i] = strings.TrimRight(b.String(), " ")
	}
	return lines
}

// width is the number of characters in front of the time.
func (r row) width() int {
	width := 2 * r.depth
	for _, s := range r.left {
		width += utf8.RuneCountInString(s.text) + 1
	}
	return width
}

func (p *painter) in(colour, text string) string {
	if !p.colour || colour == "" || text == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}
