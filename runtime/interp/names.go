package interp

import (
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// enteredType names the event that begins a state.
func enteredType(t asl.Type) history.Type {
	switch t {
	case asl.TypeTask:
		return history.TaskStateEntered
	case asl.TypePass:
		return history.PassStateEntered
	case asl.TypeWait:
		return history.WaitStateEntered
	case asl.TypeChoice:
		return history.ChoiceStateEntered
	case asl.TypeSucceed:
		return history.SucceedStateEntered
	case asl.TypeFail:
		return history.FailStateEntered
	case asl.TypeParallel:
		return history.ParallelStateEntered
	default:
		return history.MapStateEntered
	}
}

// exitedType names the event that ends a state. A Fail state has none.
func exitedType(t asl.Type) history.Type {
	switch t {
	case asl.TypeTask:
		return history.TaskStateExited
	case asl.TypePass:
		return history.PassStateExited
	case asl.TypeWait:
		return history.WaitStateExited
	case asl.TypeChoice:
		return history.ChoiceStateExited
	case asl.TypeSucceed:
		return history.SucceedStateExited
	case asl.TypeParallel:
		return history.ParallelStateExited
	default:
		return history.MapStateExited
	}
}
