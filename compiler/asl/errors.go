package asl

import (
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// predefined are the error names of the language and of AWS. Names of HTTP
// status codes come on top.
var predefined = []string{
	"States.ALL", "States.BranchFailed", "States.DataLimitExceeded", "States.ExceedToleratedFailureThreshold",
	"States.HeartbeatTimeout", "States.Http.Socket", "States.IntrinsicFailure", "States.ItemReaderFailed",
	"States.NoChoiceMatched", "States.ParameterPathFailure", "States.Permissions", "States.QueryEvaluationError",
	"States.ResultPathMatchFailure", "States.ResultWriterFailed", "States.Runtime", "States.TaskFailed", "States.Timeout",
}

// retry checks the retriers of a state.
func retry(c *checker, n *node, in *site) {
	for _, r := range c.handlers(n) {
		check[Retrier](c, r, in)
		c.required(r, "ErrorEquals")
		interval, ok := r.get("IntervalSeconds").value().Int()
		if delay, is := r.get("MaxDelaySeconds").value().Int(); is && ok && delay <= interval {
			c.say(r.get("MaxDelaySeconds"), outOfRange, "MaxDelaySeconds", "greater than IntervalSeconds")
		}
	}
	c.errorOrder(n)
}

// catch checks the catchers of a state. Each is a way out of it.
func catch(c *checker, n *node, in *site) {
	for _, r := range c.handlers(n) {
		e := &edge{from: in.step, kind: catchEdge, holder: r}
		in.step.edges = append(in.step.edges, e)
		inside := *in
		inside.edge, inside.caught, inside.result = e, true, false
		check[Catcher](c, r, &inside)
		c.required(r, "ErrorEquals", "Next")
		in.flow.open = in.flow.open || !r.has("Next")
	}
	c.errorOrder(n)
}

// handlers returns the entries of a Retry or Catch field.
func (c *checker) handlers(n *node) []*node {
	if n.kind != value.KindList {
		if !n.open() {
			c.say(n, wrongType, n.key, "a list of objects")
		}
		return nil
	}
	var entries []*node
	for _, item := range n.kids {
		if item.object() {
			entries = append(entries, item)
		} else if !item.open() {
			c.say(item, wrongType, n.key, "a list of objects")
		}
	}
	return entries
}

// errorEquals checks the names of one entry.
func errorEquals(c *checker, n *node, _ *site) {
	if n.open() {
		return
	}
	if n.kind != value.KindList {
		c.say(n, wrongType, n.key, "a list of error names")
		return
	}
	if len(n.kids) == 0 {
		c.say(n, empty)
	}
	for _, item := range n.kids {
		name, ok := item.str()
		switch {
		case item.open():
		case !ok:
			c.say(item, wrongType, n.key, "a list of error names")
		case name == "States.ALL" && len(n.kids) > 1:
			c.say(item, allNotAlone)
		case name == "States.Runtime":
			c.say(item, uncatchable, name)
		case strings.HasPrefix(name, "States.") && !isPredefined(name) && !c.raised[name]:
			c.say(item, reserved, name)
			if near := closest(name, predefined); near != "" {
				c.fix("did you mean %q?", near)
			}
		}
	}
}

func isPredefined(name string) bool {
	return slices.Contains(predefined, name) || strings.HasPrefix(name, "States.Http.StatusCode.")
}

// errorOrder looks for entries that never get an error because an earlier one
// has it.
func (c *checker) errorOrder(n *node) {
	first := make(map[string]*node)
	for i, entry := range n.list() {
		for _, item := range entry.get("ErrorEquals").list() {
			name, ok := item.str()
			if !ok {
				continue
			}
			if name == "States.ALL" && i < len(n.kids)-1 {
				c.say(item, allNotLast, n.key)
				continue
			}
			by := first[name]
			if by == nil && coveredByTaskFailed(name) {
				by = first["States.TaskFailed"]
			}
			if by != nil && by.parent != item.parent {
				c.say(item, shadowed, name, ordinal(by.parent.parent.index)+" entry")
				c.see(by, "matched here")
			}
			if first[name] == nil {
				first[name] = item
			}
		}
	}
}

// coveredByTaskFailed reports whether States.TaskFailed stands for the error too.
func coveredByTaskFailed(name string) bool {
	switch name {
	case "States.ALL", "States.Timeout", "States.HeartbeatTimeout", "States.Runtime", "States.DataLimitExceeded":
		return false
	}
	return true
}

// raise notes the errors that Fail states raise.
func (c *checker) raise(n *node) {
	if t, _ := n.get("Type").str(); t == string(TypeFail) {
		if name, ok := n.get("Error").str(); ok {
			c.raised[name] = true
		}
	}
	for _, kid := range n.kids {
		c.raise(kid)
	}
}

func ordinal(index int) string {
	if words := [...]string{"first", "second", "third", "fourth", "fifth"}; index < len(words) {
		return words[index]
	}
	return "earlier"
}
