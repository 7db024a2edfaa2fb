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
