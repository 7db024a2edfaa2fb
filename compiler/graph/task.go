package graph

// A Task calls a resource.
type Task struct {
	Base
	Resource Resource
	// Arguments is the input of the task; nil means the state's input.
	Arguments *Payload
	// Timeout and Heartbeat are in seconds; nil means none.
	Timeout, Heartbeat *Scalar
	// Credentials is nil when the state has none.
	Credentials *Payload
	Result
	Handlers
}

// Result is how the result of a Task, Parallel or Map state becomes output.
type Result struct {
	// Selector is ResultSelector; nil means the result as it is. JSONPath only.
	Selector *Payload
	// Path is ResultPath; nil means that the result replaces the input.
	Path *Path
}
