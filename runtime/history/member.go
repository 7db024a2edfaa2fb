package history

import "strings"

// member returns the name of the details member of an event type: all states
// share two members, every other type has its own.
func member(t Type) string {
	switch {
	case strings.HasSuffix(string(t), "StateEntered"):
		return "stateEnteredEventDetails"
	case strings.HasSuffix(string(t), "StateExited"):
		return "stateExitedEventDetails"
	}
	name := string(t) + "EventDetails"
	return strings.ToLower(name[:1]) + name[1:]
}
