package interp

import (
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// enteredType names the event that begins a state.
func enteredType(s graph.State) history.Type {
	switch s.(type) {
	case *graph.Task:
		return history.TaskStateEntered
	case *graph.Pass:
		return history.PassStateEntered
	case *graph.Wait:
		return history.WaitStateEntered
	case *graph.Choice:
		return history.ChoiceStateEntered
	case *graph.Succeed:
		return history.SucceedStateEntered
	case *graph.Fail:
		return history.FailStateEntered
	case *graph.Parallel:
		return history.ParallelStateEntered
	default:
		return history.MapStateEntered
	}
}

// exitedType names the event that ends a state. A Fail state has none.
func exitedType(s graph.State) history.Type {
	switch s.(type) {
	case *graph.Task:
		return history.TaskStateExited
	case *graph.Pass:
		return history.PassStateExited
	case *graph.Wait:
		return history.WaitStateExited
	case *graph.Choice:
		return history.ChoiceStateExited
	case *graph.Succeed:
		return history.SucceedStateExited
	case *graph.Parallel:
		return history.ParallelStateExited
	default:
		return history.MapStateExited
	}
}
