package teststate

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// stateName is what AWS calls the state under test in the context object, even
// when it has a name.
const stateName = "StateName"

// context returns the context object that the state sees: that of the request,
// or one as AWS makes it up.
func (t *test) context() (value.Value, error) {
	if t.request.Context == nil {
		return t.defaultContext(), nil
	}
	v, err := value.Parse(*t.request.Context)
	if err != nil {
		return v, invalid("Invalid Context object provided: Context must be valid JSON")
	}
	return v, t.checkContext(v)
}

// defaultContext describes an Express execution of a machine that has only this
// state.
func (t *test) defaultContext() value.Value {
	role := value.Null()
	if t.request.RoleARN != "" {
		role = value.String(t.request.RoleARN)
	}
	o := &t.options
	arn := "arn:aws:states:" + o.Region + ":" + o.Account + ":"
	state := []value.Member{{Key: "Name", Value: value.String(stateName)}, {Key: "EnteredTime", Value: stamp(o.Now)}}
	switch t.state.(type) {
	case *graph.Task, *graph.Map, *graph.Parallel:
		state = append(state, value.Member{Key: "RetryCount", Value: value.Int(int64(t.retried()))})
	}
	members := []value.Member{
		{Key: "Execution", Value: value.Object(
			value.Member{Key: "Id", Value: value.String(arn + "express:" + o.Machine + ":" + o.Execution)},
			value.Member{Key: "Input", Value: t.input.Value()},
			value.Member{Key: "Name", Value: value.String(o.Execution)},
			value.Member{Key: "RoleArn", Value: role},
			value.Member{Key: "StartTime", Value: stamp(o.Now)},
		)},
		{Key: "StateMachine", Value: value.Object(
			value.Member{Key: "Id", Value: value.String(arn + "stateMachine:" + o.Machine)},
			value.Member{Key: "Name", Value: value.String(o.Machine)},
		)},
		{Key: "State", Value: value.Object(state...)},
	}
	if task, ok := t.state.(*graph.Task); ok && task.Resource.Pattern == graph.Callback {
		members = append(members, value.Member{Key: "Task", Value: value.Object(value.Member{Key: "Token", Value: value.String("token")})})
	}
	if t.inMap() {
		item := value.Object(value.Member{Key: "Index", Value: value.Int(0)}, value.Member{Key: "Value", Value: t.input.Value()})
		members = append(members, value.Member{Key: "Map", Value: value.Object(value.Member{Key: "Item", Value: item})})
	}
	return value.Object(members...)
}

// inMap reports whether the state is inside of a Map state.
func (t *test) inMap() bool {
	for f := t.state.Shared().Flow; f != nil && f.Parent != nil; f = f.Parent.Shared().Flow {
		if _, ok := f.Parent.(*graph.Map); ok {
			return true
		}
	}
	return false
}

// stamp writes a time as the context object has it.
func stamp(t time.Time) value.Value {
	return value.String(t.UTC().Format("2006-01-02T15:04:05.999Z"))
}

// contextFields are the members of a context object that may be given, and
// what they must be; KindUndefined is anything.
var contextFields = map[string]map[string]value.Kind{
	"Execution": {
		"Id": value.KindString, "Input": value.KindUndefined, "Name": value.KindString, "RoleArn": value.KindString,
		"StartTime": value.KindString, "RedriveCount": value.KindNumber, "RedriveTime": value.KindString,
	},
	"State":        {"EnteredTime": value.KindString, "Name": value.KindString, "RetryCount": value.KindNumber},
	"StateMachine": {"Id": value.KindString, "Name": value.KindString},
	"Task":         {"Token": value.KindString},
}

// checkContext refuses what a context object cannot have.
func (t *test) checkContext(v value.Value) error {
	const prefix = "Invalid Context object provided: "
	if v.Kind() != value.KindObject {
		return invalid(prefix + "Context must be a JSON object")
	}
	for _, m := range v.Members() {
		fields, known := contextFields[m.Key]
		task, isTask := t.state.(*graph.Task)
		switch {
		case m.Key == "Map":
			return invalid(prefix + "'Map' field is not supported when mocking a Context object")
		case !known:
			return invalid(prefix+"Field '%s' is not allowed", m.Key)
		case m.Key == "Task" && !(isTask && task.Resource.Pattern != graph.RequestResponse):
			return invalid(prefix + "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern")
		case m.Value.Kind() != value.KindObject:
			return invalid(prefix+"%s must be an object", m.Key)
		}
		for _, field := range m.Value.Members() {
			want, known := fields[field.Key]
			switch {
			case !known:
				return invalid(prefix+"Field '%s.%s' is not allowed", m.Key, field.Key)
			case want != value.KindUndefined && field.Value.Kind() != want:
				return invalid(prefix+"%s.%s must be a %s", m.Key, field.Key, want)
			}
		}
	}
	return nil
}
