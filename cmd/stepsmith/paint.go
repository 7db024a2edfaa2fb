package main

import (
	"fmt"
	"strings"
	"time"
)

// A painter turns a tree into rows of text.
type painter struct {
	title  string
	colour bool
	frame  int              // of the spinner
	now    func() time.Time // nil: the time stands still between events
	last   time.Time        // of the last event
}

// A row is a line of the live view.
type row struct {
	text string
	over bool // what it shows has ended
}

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
	head := p.mark(root) + " " + p.in(bold, p.title) + p.took(root)
	if why := root.why(); why != "" {
		head += "  " + p.in(red, why)
	}
	rows := []row{{text: head, over: false}}
	for _, c := range root.children {
		rows = p.add(rows, c, 1)
	}
	return rows
}

// add appends the rows of a state, a branch or an iteration.
func (p *painter) add(rows []row, n *node, depth int) []row {
	switch {
	case n.kind == "" && n.iteration < 0: // a branch is not worth a row
	case n.kind == "":
		rows = append(rows, p.row(n, depth, p.in(grey, fmt.Sprintf("[%d]", n.iteration))+p.took(n)))
		depth++
	default:
		rows = append(rows, p.row(n, depth, p.state(n)))
		depth++
	}
	if n.kind == "Map" {
		return p.items(rows, n, depth)
	}
	for _, c := range n.children {
		rows = p.add(rows, c, depth)
	}
	return rows
}

// many is how many iterations of a Map state are shown each by itself; of more,
// only those are that run or have failed.
const many = 8

func (p *painter) items(rows []row, n *node, depth int) []row {
	for _, c := range n.children {
		if len(n.children) <= many || c.phase == running || c.phase == failed {
			rows = p.add(rows, c, depth)
		}
	}
	return rows
}

func (p *painter) row(n *node, depth int, text string) row {
	return row{strings.Repeat("  ", depth) + p.mark(n) + " " + text, n.phase != running && n.phase != waiting && n.phase != failed}
}

// state describes a state in one line.
func (p *painter) state(n *node) string {
	text := p.in(grey, icons[n.kind]) + " " + n.name
	if n.visits > 1 {
		text += p.in(grey, fmt.Sprintf(" ×%d", n.visits))
	}
	if n.length >= 0 {
		done := 0
		for _, c := range n.children {
			if c.phase == succeeded {
				done++
			}
		}
		text += p.in(grey, fmt.Sprintf(" %d/%d", done, n.length))
	}
	text += p.took(n)
	switch {
	case n.phase == waiting, n.phase == caught:
		text += "  " + p.in(orange, n.why())
	case n.phase == failed && n.why() != "":
		text += "  " + p.in(red, n.why())
	case n.failures > 0:
		text += "  " + p.in(orange, fmt.Sprintf("attempt %d after %s", n.failures+1, n.err))
	}
	return text
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
	return p.in(grey, "  "+duration(end.Sub(n.started)))
}

// mark shows the phase of a node.
func (p *painter) mark(n *node) string {
	switch n.phase {
	case running, waiting:
		glyphs := []rune(spinner)
		return p.in(blue, string(glyphs[p.frame%len(glyphs)]))
	case succeeded:
		return p.in(green, "✓")
	case caught:
		return p.in(orange, "!")
	case failed:
		return p.in(red, "✗")
	}
	return p.in(grey, "–")
}

func (p *painter) in(colour, text string) string {
	if !p.colour {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}
