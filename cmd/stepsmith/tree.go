package main

import (
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// A phase is how far a node has come.
type phase uint8

const (
	running phase = iota
	waiting       // for the next attempt
	succeeded
	caught // failed, and a Catch went on
	failed
	aborted
)

// A node is a state, the execution itself, a branch of a Parallel state or an
// iteration of a Map state. A state that is visited again keeps its node.
type node struct {
	name     string // "" for the execution and for branches
	kind     string // state type in AWS's words; "" for what is no state
	parent   *node
	children []*node

	phase            phase
	visits, failures int // failures of attempts of this visit
	iteration        int // of a Map: its index from 0; else -1
	length           int // of a Map state: how many items; -1 when not known
	started, stopped time.Time
	err, cause       string // of the last failure
	output           string // of a state that has ended, in one line
}

// A tree is what a history tells about an execution, so far.
type tree struct {
	root *node
	// at is the node that each event belongs to. Events point to those that
	// caused them, so branches can be told apart.
	at       map[int64]*node
	failed   *node // the state that failed last
	redriven bool  // what has failed may go on
}

// A change is what an event did to the tree.
type change struct {
	node *node
	what verb
}

// A verb is what happened to a node.
type verb uint8

const (
	nothing verb = iota
	entered
	exited
	attemptFailed
	retried
	ended // the execution
)

func newTree() *tree { return &tree{root: &node{iteration: -1, length: -1}, at: make(map[int64]*node)} }

// add takes the next event.
func (t *tree) add(e history.Event) change {
	before := t.at[e.PreviousID]
	if before == nil {
		before = t.root
	}
	if t.redriven && begins(e.Type) {
		before.reopen()
	}
	n, what := t.apply(e, before)
	t.at[e.ID] = n
	return change{n, what}
}

// begins reports whether an event of the type may be the first of what is redriven.
func begins(t history.Type) bool {
	return strings.HasSuffix(string(t), "StateEntered") || strings.HasSuffix(string(t), "Scheduled") || t == history.MapRunRedriven
}

// reopen has a node go on, which is another try of it, and what it is in.
func (n *node) reopen() {
	for m := n; m != nil; m = m.parent {
		if m.phase != failed && m.phase != aborted {
			continue
		}
		m.phase, m.stopped = running, time.Time{}
		if m != n {
			m.failures, m.err, m.cause = 0, "", ""
		}
	}
}

func (t *tree) apply(e history.Event, before *node) (*node, verb) {
	switch d := e.Details.(type) {
	case *history.Entered:
		n := before.next().visit(d.Name, strings.TrimSuffix(string(e.Type), "StateEntered"), e.Time)
		return n, entered
	case *history.Exited:
		n := before.within(d.Name)
		n.leave(e.Time)
		n.output = excerpt(d.Output)
		return n, exited
	case *history.Iteration:
		return iterated(e, d, before), nothing
	case *history.Evaluation:
		n := before.within(d.State)
		t.fail(n, e, d.Error, d.Cause)
		return n, attemptFailed
	}
	return t.event(e, before)
}

// event takes the events that are neither of a state's border nor of an
// iteration.
func (t *tree) event(e history.Event, before *node) (*node, verb) {
	n := before
	if e.State != "" {
		n = before.within(e.State)
	}
	switch e.Type {
	case history.ExecutionStarted:
		n.started, n.phase = e.Time, running
	case history.ExecutionSucceeded, history.ExecutionFailed, history.ExecutionTimedOut, history.ExecutionAborted:
		t.end(e)
		return t.root, ended
	case history.ExecutionRedriven:
		t.redriven, t.root.phase, t.root.stopped = true, running, time.Time{}
		t.root.err, t.root.cause = "", ""
	case history.ParallelStateStarted:
		return n.attempt(), nothing
	case history.MapStateStarted:
		n.attempt().length = e.Details.(*history.Length).Length
	case history.TaskScheduled, history.LambdaFunctionScheduled, history.ActivityScheduled:
		if n.attempt(); n.failures > 0 {
			return n, retried
		}
	default:
		if err, cause, ok := failure(e); ok {
			t.fail(n, e, err, cause)
			return n, attemptFailed
		}
		if strings.HasSuffix(string(e.Type), "StateAborted") { // also of a state that failed within a Parallel or Map
			n.abort(e.Time)
		}
	}
	return n, nothing
}

// fail records that an attempt of a state failed. What failed within a Parallel
// or Map state is what failed it.
func (t *tree) fail(n *node, e history.Event, err, cause string) {
	if t.failed != nil && t.failed.below(n) && err == "" {
		err, cause = t.failed.err, t.failed.cause
	} else {
		t.failed = n
	}
	n.failures++
	n.phase, n.err, n.cause = waiting, err, cause
	n.settle(e.Time)
}

// settle closes what is below a node that has failed: nothing there goes on.
func (n *node) settle(at time.Time) {
	for _, c := range n.children {
		c.walk(func(c *node) { c.abort(at) })
	}
}

// abort ends a node that goes on no more: it has failed if its last attempt did.
func (n *node) abort(at time.Time) {
	switch n.phase {
	case waiting:
		n.phase, n.stopped = failed, at
	case running:
		n.phase, n.stopped = aborted, at
	}
}

// end closes the execution and what was still running in it.
func (t *tree) end(e history.Event) {
	switch e.Type {
	case history.ExecutionSucceeded:
		t.root.phase = succeeded
	case history.ExecutionAborted:
		t.root.phase = aborted
	default:
		t.root.phase = failed
	}
	t.root.stopped = e.Time
	if d, ok := e.Details.(*history.Failure); ok {
		t.root.err, t.root.cause = text(d.Error), text(d.Cause)
	}
	for n := t.at[e.PreviousID]; n != nil && n != t.root && t.root.phase == failed; n = n.parent {
		n.phase, n.stopped = failed, e.Time // the path to what failed
		if n.kind != "" && (t.failed == nil || !t.failed.below(n)) {
			t.failed = n
		}
	}
	t.root.walk(func(n *node) {
		if n.phase == running || n.phase == waiting {
			n.phase, n.stopped = aborted, e.Time
		}
	})
}

// failure returns why an attempt failed, if that is what the event says.
func failure(e history.Event) (err, cause string, ok bool) {
	switch d := e.Details.(type) {
	case *history.TaskFailure:
		return text(d.Error), text(d.Cause), true
	case *history.Failure:
		return text(d.Error), text(d.Cause), true
	}
	return "", "", e.Type == history.ParallelStateFailed || e.Type == history.MapStateFailed
}

// excerpt is the beginning of a document in one line.
func excerpt(d *value.Doc) string {
	if d == nil {
		return ""
	}
	const longest = 200
	text := strings.Join(strings.Fields(d.Text()[:min(len(d.Text()), 4*longest)]), " ")
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	return text
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func iterated(e history.Event, d *history.Iteration, before *node) *node {
	n := before.within(d.Name).item(d.Index)
	switch e.Type {
	case history.MapIterationStarted:
		n.started, n.phase, n.children = e.Time, running, nil
	case history.MapIterationSucceeded:
		n.stopped, n.phase = e.Time, succeeded
	case history.MapIterationFailed:
		n.stopped, n.phase = e.Time, failed
		n.settle(e.Time)
	case history.MapIterationAborted:
		n.stopped, n.phase = e.Time, aborted
		n.settle(e.Time)
	}
	return n
}

// next is the node whose child a state is that comes after n.
func (n *node) next() *node {
	switch {
	case n.kind == "Parallel" && n.phase == running:
		branch := &node{parent: n, iteration: -1, length: -1}
		n.children = append(n.children, branch)
		return branch
	case n.kind == "": // the execution, a branch or an iteration
		return n
	}
	return n.parent
}

// within returns n, or what n is in, that is the state of that name.
func (n *node) within(name string) *node {
	for m := n; m != nil; m = m.parent {
		if m.name == name && m.kind != "" {
			return m
		}
	}
	return n
}

func (n *node) visit(name, kind string, at time.Time) *node {
	for _, c := range n.children {
		if c.name == name {
			c.visits++
			c.phase, c.started, c.failures, c.err, c.cause = running, at, 0, "", ""
			return c
		}
	}
	c := &node{name: name, kind: kind, parent: n, visits: 1, started: at, iteration: -1, length: -1}
	n.children = append(n.children, c)
	return c
}

// item returns the iteration of a Map state.
func (n *node) item(index int) *node {
	for _, c := range n.children {
		if c.iteration == index {
			return c
		}
	}
	c := &node{parent: n, iteration: index, length: -1}
	n.children = append(n.children, c)
	return c
}

// attempt begins another attempt of the state.
func (n *node) attempt() *node {
	n.phase, n.children = running, nil
	return n
}

func (n *node) leave(at time.Time) {
	n.stopped = at
	if n.phase == waiting { // the last attempt failed, and yet it goes on
		n.phase = caught
		return
	}
	n.phase = succeeded
}

// below reports whether n is m or within it.
func (n *node) below(m *node) bool {
	for ; n != nil; n = n.parent {
		if n == m {
			return true
		}
	}
	return false
}

func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, c := range n.children {
		c.walk(visit)
	}
}
