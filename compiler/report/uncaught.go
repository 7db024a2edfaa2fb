package report

import (
	"slices"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
)

// AnyError stands for the errors of a task that have no name in the definition.
const AnyError = "*"

// An Uncaught is an error that can end the execution, or a child execution of a
// distributed Map state.
type Uncaught struct {
	// Error is its name; [AnyError] stands for any error of a task, and an empty
	// name for one that a Fail state does not give or takes from data.
	Error string `json:"error"`
	// State is where it comes from.
	State string `json:"state"`
	// Fatal says that no Catch can help: a path that leads to nothing, or a
	// Choice state without a rule that holds.
	Fatal bool `json:"fatal,omitempty"`
}

// uncaught returns the errors that leave a flow.
func (a *analysis) uncaught(f *graph.Flow) []Uncaught {
	list := []Uncaught{}
	reached := []graph.State{}
	for _, c := range components(f.Start) {
		reached = append(reached, c.states...)
	}
	slices.SortFunc(reached, byIndex)
	for _, s := range reached {
		for _, e := range a.raised(s) {
			if !a.caught(s, e) && !slices.Contains(list, e) {
				list = append(list, e)
			}
		}
	}
	return list
}

func (a *analysis) caught(s graph.State, e Uncaught) bool {
	h := graph.HandlersOf(s)
	if h == nil || e.Fatal {
		return false
	}
	return slices.ContainsFunc(h.Catch, func(c graph.Catcher) bool { return covers(c.ErrorEquals, e.Error) })
}

// raised returns the errors that come up in a state.
func (a *analysis) raised(s graph.State) []Uncaught {
	name := s.Shared().Name
	switch s := s.(type) {
	case *graph.Fail:
		raised := ""
		if s.Error != nil {
			raised, _ = s.Error.Literal().Str()
		}
		return []Uncaught{{Error: raised, State: name}}
	case *graph.Task:
		list := []Uncaught{{Error: AnyError, State: name}}
		if s.Timeout != nil || s.Heartbeat != nil {
			list = append(list, Uncaught{Error: "States.Timeout", State: name})
		}
		return list
	case *graph.Choice:
		if s.Default == nil && !certain(s) {
			return []Uncaught{{Error: "States.Runtime", State: name, Fatal: true}}
		}
	case *graph.Parallel:
		var list []Uncaught
		for _, b := range s.Branches {
			list = append(list, a.uncaught(b)...)
		}
		return list
	case *graph.Map:
		return a.raisedByMap(s)
	}
	return nil
}

// raisedByMap returns the errors of a Map state. Those of the child executions
// of a distributed one do not come up: too many of them make an error of their
// own.
func (a *analysis) raisedByMap(s *graph.Map) []Uncaught {
	d := s.Distributed
	if d == nil {
		return a.uncaught(s.Processor)
	}
	list := []Uncaught{}
	if len(a.uncaught(s.Processor)) > 0 {
		list = append(list, Uncaught{Error: "States.ExceedToleratedFailureThreshold", State: s.Name})
	}
	if d.Reader != nil {
		list = append(list, Uncaught{Error: "States.ItemReaderFailed", State: s.Name})
	}
	if d.Writer != nil && d.Writer.Resource != "" {
		list = append(list, Uncaught{Error: "States.ResultWriterFailed", State: s.Name})
	}
	return list
}

// certain reports whether one of the rules surely holds.
func certain(s *graph.Choice) bool {
	return slices.ContainsFunc(s.Rules, func(r graph.Rule) bool { return graph.Always(r.Condition) })
}
