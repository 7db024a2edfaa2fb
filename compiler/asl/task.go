package asl

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A Task has a piece of work done by the resource it names.
type Task struct {
	Base
	// Resource is the ARN of a Lambda function, an activity or a service
	// integration with its pattern (".sync", ".sync:2", ".waitForTaskToken"), or a
	// placeholder for one.
	Resource string
	// Parameters and ResultSelector are payload templates of JSONPath; Arguments
	// is JSONata's.
	Parameters, Arguments, ResultSelector value.Value
	// ResultPath belongs to JSONPath. Null drops the result, absence replaces
	// the input by it.
	ResultPath value.Value
	// TimeoutSeconds and HeartbeatSeconds are whole numbers from 1, or JSONata
	// strings. The paths belong to JSONPath.
	TimeoutSeconds, TimeoutSecondsPath     value.Value
	HeartbeatSeconds, HeartbeatSecondsPath value.Value
	// Credentials names the role to assume for the task.
	Credentials value.Value
	Retry       []Retrier
	Catch       []Catcher
}

// Type returns [TypeTask].
func (*Task) Type() Type { return TypeTask }

func (*Task) fields() []field[Task] {
	return append(head[Task](),
		field[Task]{"Resource", both, func(t *Task) any { return &t.Resource }, resource},
		field[Task]{"InputPath", onlyJSONPath, func(t *Task) any { return &t.InputPath }, inputPath},
		field[Task]{"Parameters", onlyJSONPath, func(t *Task) any { return &t.Parameters }, parameters},
		field[Task]{"Arguments", onlyJSONata, func(t *Task) any { return &t.Arguments }, arguments},
		field[Task]{"TimeoutSeconds", both, func(t *Task) any { return &t.TimeoutSeconds }, seconds},
		field[Task]{"TimeoutSecondsPath", onlyJSONPath, func(t *Task) any { return &t.TimeoutSecondsPath }, referencePath},
		field[Task]{"HeartbeatSeconds", both, func(t *Task) any { return &t.HeartbeatSeconds }, seconds},
		field[Task]{"HeartbeatSecondsPath", onlyJSONPath, func(t *Task) any { return &t.HeartbeatSecondsPath }, referencePath},
		field[Task]{"Credentials", both, func(t *Task) any { return &t.Credentials }, credentials},
		field[Task]{"Retry", both, func(t *Task) any { return &t.Retry }, retry},
		field[Task]{"ResultSelector", onlyJSONPath, func(t *Task) any { return &t.ResultSelector }, resultSelector},
		field[Task]{"ResultPath", onlyJSONPath, func(t *Task) any { return &t.ResultPath }, resultPath},
		field[Task]{"OutputPath", onlyJSONPath, func(t *Task) any { return &t.OutputPath }, outputPath},
		field[Task]{"Assign", both, func(t *Task) any { return &t.Assign }, assign},
		field[Task]{"Output", onlyJSONata, func(t *Task) any { return &t.Output }, output},
		field[Task]{"Catch", both, func(t *Task) any { return &t.Catch }, catch},
		field[Task]{"Next", both, func(t *Task) any { return &t.Next }, next},
		field[Task]{"End", both, func(t *Task) any { return &t.End }, end},
	)
}
