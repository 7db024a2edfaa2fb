package task

import (
	"maps"
	"slices"
	"strings"
)

// Handlers are handlers by the names that tasks find them under:
//
//   - the name of a Lambda function ("charge"), also with its qualifier
//     ("charge:live"), or its ARN with or without qualifier; a definition that
//     has one finds a handler that is registered under another;
//   - the name or the ARN of an activity;
//   - the name of the state;
//   - the ARN of the resource ("arn:aws:states:::sqs:sendMessage").
//
// The first that is there, in this order and the more exact one first, does the
// work; see [Target.Names].
type Handlers map[string]Handler

// Handlers returns h: handlers do tasks.
func (h Handlers) Handlers() Handlers { return h }

// A Worker does tasks: [Handlers], or the structs Tasks and Stub of generated
// code.
type Worker interface {
	Handlers() Handlers
}

// A Target is what a task calls, as far as a handler may be named by it.
type Target struct {
	// State is the name of the state.
	State string
	// Resource is the Resource field as written.
	Resource string
	// Function names the Lambda function that lambda:invoke is told to call;
	// Qualifier is its version or alias. Both are empty for other tasks.
	Function, Qualifier string
}

// Find returns the handler of a task, nil when there is none.
func (h Handlers) Find(t Target) Handler {
	for _, name := range t.Names() {
		if handler := h[name]; handler != nil {
			return handler
		}
	}
	return nil
}

// Names returns the names under which the handlers are, sorted.
func (h Handlers) Names() []string { return slices.Sorted(maps.Keys(h)) }

// Names returns the names that the handler of the task may have, the preferred
// one first.
func (t Target) Names() []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	function, qualifier := t.Function, t.Qualifier
	if function == "" && strings.Contains(t.Resource, ":function:") {
		function = t.Resource
	}
	if function != "" {
		whole, name, own := splitFunction(function)
		if qualifier == "" {
			qualifier = own
		}
		if qualifier != "" {
			add(whole + ":" + qualifier)
			add(name + ":" + qualifier)
		}
		add(whole)
		add(name)
	}
	if _, name, ok := strings.Cut(t.Resource, ":activity:"); ok {
		add(t.Resource)
		add(name)
	}
	add(t.State)
	add(t.Resource)
	return names
}

// splitFunction takes what identifies a Lambda function apart: an ARN, a
// partial ARN (123456789012:function:charge), or a name, each perhaps with a
// qualifier. whole is all but the qualifier.
func splitFunction(function string) (whole, name, qualifier string) {
	prefix, rest, ok := strings.Cut(function, ":function:")
	if !ok {
		name, qualifier, _ = strings.Cut(function, ":")
		return name, name, qualifier
	}
	name, qualifier, _ = strings.Cut(rest, ":")
	return prefix + ":function:" + name, name, qualifier
}
