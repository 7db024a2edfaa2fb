package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// A view shows an execution while it goes on. What the user's code prints is
// written to it too.
type view interface {
	io.Writer
	observe(history.Event)
	// close ends the view; what it showed last stays.
	close()
}

// plainView prints a line for each state that starts or ends.
type plainView struct {
	mu   sync.Mutex
	w    io.Writer
	tree *tree
	name string // of the workflow
}

func newPlainView(w io.Writer, name string) *plainView {
	return &plainView{w: w, tree: newTree(), name: name}
}

func (v *plainView) Write(text []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.w.Write(text)
}

func (v *plainView) close() {}

func (v *plainView) observe(e history.Event) {
	v.mu.Lock()
	defer v.mu.Unlock()
	c := v.tree.add(e)
	word, detail := describe(c)
	if word == "" {
		return
	}
	name := c.node.path()
	if c.what == ended {
		name = v.name
	}
	elapsed := e.Time.Sub(v.tree.root.started)
	fmt.Fprintf(v.w, "%9.3fs  %-9s  %s%s\n", elapsed.Seconds(), word, name, detail)
}

// describe puts a change into words; none for what is not worth a line.
func describe(c change) (word, detail string) {
	n := c.node
	instant := n.kind == "Choice" || n.kind == "Pass" || n.kind == "Succeed"
	switch c.what {
	case entered:
		if !instant {
			return "started", ""
		}
	case exited:
		took := within(n)
		switch {
		case instant:
			return "passed", ""
		case n.phase == caught:
			return "caught", took
		case n.kind == "Task" && n.output != "":
			took += "  " + n.output
		}
		return "succeeded", took
	case attemptFailed:
		return "failed", ": " + n.why()
	case retried:
		return "retrying", fmt.Sprintf(" (attempt %d)", n.failures+1)
	case ended:
		detail = within(n)
		if n.err != "" {
			detail += ": " + n.err // the cause is told below
		}
		return n.phase.String(), detail
	}
	return "", ""
}

// within tells how long a node took, when it is worth telling.
func within(n *node) string {
	took := n.stopped.Sub(n.started)
	if took < time.Millisecond {
		return ""
	}
	return " (" + duration(took) + ")"
}

// String returns the phase as it is shown.
func (p phase) String() string {
	return [...]string{"running", "waiting", "succeeded", "caught", "failed", "aborted"}[p]
}

// why returns the error and the first line of the cause.
func (n *node) why() string {
	cause, _, _ := strings.Cut(n.cause, "\n")
	if n.err == "" || cause == "" {
		return n.err + cause
	}
	return n.err + ": " + cause
}

// path names a node within the states that it is in.
func (n *node) path() string {
	var names []string
	for index := -1; n != nil; n = n.parent {
		name := n.name
		if index >= 0 {
			name = fmt.Sprintf("%s[%d]", name, index)
		}
		if index = n.iteration; name != "" {
			names = append([]string{name}, names...)
		}
	}
	return strings.Join(names, " › ")
}

// duration shows a duration with as many digits as one cares to read.
func duration(d time.Duration) string {
	switch {
	case d < 0:
		return "0ms"
	case d < time.Second:
		return fmt.Sprintf("%dms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1fs", d.Seconds())
	}
	text := d.Round(time.Second).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// quietView shows only what the user's code prints.
type quietView struct{ io.Writer }

func (quietView) observe(history.Event) {}
func (quietView) close()                {}
