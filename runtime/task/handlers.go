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
	for name := range t.names {
		if handler := h[name]; handler != nil {
			return handler
		}
	}
	return nil
}

// Names returns the names under which the handlers are, sorted.
func (h Handlers) Names() []string { return slices.Sorted(maps.Keys(h)) }

// Name returns the preferred name of the task's handler; see [Target.Names].
func (t Target) Name() string {
	for name := range t.names {
		return name
	}
	return ""
}

// Names returns the names that the handler of the task may have, the preferred
// one first.
func (t Target) Names() []string {
	var names []string
	for name := range t.names {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// names yields what Names returns, some of it perhaps twice.
func (t Target) names(yield func(name string) bool) {
	function, qualifier := t.Function, t.Qualifier
	if function == "" && strings.Contains(t.Resource, ":function:") {
		function = t.Resource
	}
	if function != "" {
		whole, name, own := splitFunction(function)
		if qualifier == "" {
			qualifier = own
		}
		if qualifier != "" && (!yield(whole+":"+qualifier) || !yield(name+":"+qualifier)) {
			return
		}
		if !yield(whole) || !yield(name) {
			return
		}
	}
	if _, name, ok := strings.Cut(t.Resource, ":activity:"); ok && (!yield(t.Resource) || !yield(name)) {
		return
	}
	_ = (t.State == "" || yield(t.State)) && (t.Resource == "" || yield(t.Resource))
}

// splitFunction takes what identifies a Lambda function apart: an ARN, a
// partial ARN (123456789012:function:charge), or a name, each perhaps with a
// qualifier. whole is all but the qualifier.
func splitFunction(function string) (whole, name, qualifier string) {
	start := 0
	if i := strings.Index(function, ":function:"); i >= 0 {
		start = i + len(":function:")
	}
	name, qualifier, _ = strings.Cut(function[start:], ":")
	return function[:start+len(name)], name, qualifier
}
