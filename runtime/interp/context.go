package interp

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// contextMemo keeps the parts of the context object that never change.
type contextMemo struct{ execution, machine value.Value }

// item is the item that an ItemSelector is evaluated for.
type item struct {
	index int
	value value.Value
}

// surroundings is an execution as its expressions see it.
type surroundings Execution

// Context implements [graph.Source].
func (x *surroundings) Context() value.Value { return (*Execution)(x).context() }

// Variable implements [graph.Source].
func (x *surroundings) Variable(name string) (value.Value, bool) { return (*Execution)(x).lookup(name) }

// Random implements [graph.Source].
func (x *surroundings) Random() uint64 { return x.random.pcg.Uint64() }

// context makes the context object for the thread that is evaluated. Its
// members are in AWS's order.
func (x *Execution) context() value.Value {
	if x.visit != nil {
		return x.visit.Context
	}
	if x.memo == nil {
		x.memo = &contextMemo{
			execution: x.executionContext(),
			machine:   object("Id", value.String(x.info.StateMachineID), "Name", value.String(x.info.StateMachine)),
		}
	}
	t := x.current
	members := make([]value.Member, 3, 5)
	members[0] = value.Member{Key: "Execution", Value: x.memo.execution}
	members[1] = value.Member{Key: "StateMachine", Value: x.memo.machine}
	members[2] = value.Member{Key: "State", Value: stateContext(t)}
	if t.token != "" {
		members = append(members, value.Member{Key: "Task", Value: object("Token", value.String(t.token))})
	}
	if at, ok := x.currentItem(); ok {
		entry := object("Index", value.Int(int64(at.index)), "Value", at.value)
		members = append(members, value.Member{Key: "Map", Value: object("Item", entry)})
	}
	return value.Object(members...)
}

func (x *Execution) executionContext() value.Value {
	members := []value.Member{
		{Key: "Id", Value: value.String(x.info.ExecutionID)},
		{Key: "Input", Value: x.input.Value()},
		{Key: "StartTime", Value: stamp(x.startedAt)},
		{Key: "Name", Value: value.String(x.info.ExecutionName)},
		{Key: "RoleArn", Value: value.String(x.info.RoleARN)},
	}
	if !x.info.HideRedriveCount {
		members = append(members, value.Member{Key: "RedriveCount", Value: value.Int(int64(x.info.RedriveCount))})
	}
	if !x.redrivenAt.IsZero() {
		members = append(members, value.Member{Key: "RedriveTime", Value: stamp(x.redrivenAt)})
	}
	return value.Object(members...)
}

// stateContext describes the state that the thread is in. Only states that can
// be retried count their retries.
func stateContext(t *thread) value.Value {
	name, entered := value.String(t.state.Shared().Name), stamp(t.enteredAt)
	if graph.HandlersOf(t.state) != nil {
		return object("Name", name, "EnteredTime", entered, "RetryCount", value.Int(int64(t.attempts)))
	}
	return object("Name", name, "EnteredTime", entered)
}

// currentItem is the item of the ItemSelector that is evaluated, or else of the
// innermost iteration that the thread runs in.
func (x *Execution) currentItem() (item, bool) {
	if x.selecting != nil {
		return *x.selecting, true
	}
	for t := x.current; t.group != nil; t = t.group.owner {
		if t.group.items != nil {
			return item{t.slot, t.group.items.Value().Index(t.slot)}, true
		}
	}
	return item{}, false
}

// object makes an object of keys and values in turn.
func object(pairs ...any) value.Value {
	members := make([]value.Member, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		members = append(members, value.Member{Key: pairs[i].(string), Value: pairs[i+1].(value.Value)})
	}
	return value.Object(members...)
}

// stamp writes a time as the context object has it: UTC, with as many digits
// of the milliseconds as needed.
func stamp(t time.Time) value.Value {
	return value.String(t.UTC().Format("2006-01-02T15:04:05.999Z"))
}
