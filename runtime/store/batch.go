package store

// A Batch is what becomes durable together.
type Batch struct {
	Settings    map[string]string
	Definitions []Definition
	Machines    []Machine // created, or replaced by id
	Create      []Execution
	Entries     []Entry
	Update      []Change
	Tokens      []Token
	// Taken are the tokens of activity tasks that a worker has taken or that
	// are over.
	Taken []string
	// Express are starts that are acknowledged, Ended the ids of those that have
	// ended.
	Express []ExpressStart
	Ended   []int64
	// MapRuns are created, or replaced by ARN.
	MapRuns []MapRun
	// Purge are executions to delete with all that belongs to them, their map
	// runs and the children of those too. One that runs stays: it was redriven
	// meanwhile.
	Purge []int64
}

// A Definition is the text of a definition. Definitions never change; a machine
// that is updated has another.
type Definition struct {
	ID   int64
	Text string
}

// A Machine is a deployed machine. Data is what the engine knows besides its
// name, such as its versions and aliases.
type Machine struct {
	ID   int64
	Name string
	Data []byte
}

// A Status is the state of an execution, as a number that the drivers store.
type Status uint8

// The states of an execution. AnyStatus is for queries.
const (
	AnyStatus Status = iota
	Running
	Succeeded
	Failed
	TimedOut
	Aborted
)

// An Execution is what is known about an execution without its journal.
type Execution struct {
	ID int64
	// Machine is the id of the machine. Children of map runs have the negative id
	// of the machine whose definition they are a part of: AWS lists them apart.
	Machine    int64
	Name       string
	Definition int64
	// Version and Alias are what was started, when it was not the machine. Of a map
	// run's child they are how many items it got, and its label.
	Version int64
	Alias   string
	// Kernel is the version of the kernel that the execution was started with; 0
	// for Express children, whose journals tell no more than start and end.
	Kernel int64
	// Parent is the execution, and ParentTask its task or map run, that started
	// this one; 0 when there is none.
	Parent, ParentTask int64
	Status             Status
	// Started, Stopped and Redriven are times in Unix nanoseconds; 0 is not yet.
	// Redriven of the child of a map run is when the run was redriven before the
	// child ran last, also when it ran for the first time then.
	Started, Stopped, Redriven int64
	Redrives                   int64
	// Wake is when the execution has to be attended to, in Unix nanoseconds: 0 is
	// at once, Never when something has to come from outside first.
	Wake int64
}

// Never is the Wake of an execution that waits for something from outside.
const Never = 1<<63 - 1

// A Change replaces what changes in an execution.
type Change struct {
	ID                int64
	Status            Status
	Stopped, Redriven int64
	Redrives          int64
	Wake              int64
}

// An Entry is one record of an execution's journal. Its Data is JSON.
type Entry struct {
	Execution int64
	Seq       int64 // from 1, without gaps
	// Events is how many history events the execution had after this entry.
	Events int64
	Data   []byte
}

// A Token is a task token. Tokens are kept as long as their executions.
type Token struct {
	Token           string
	Execution, Task int64
	// Activity is the ARN of the activity; empty for a callback.
	Activity string
	Machine  int64
}

// An ExpressStart is an asynchronous Express execution that was acknowledged. It
// shares its ids with executions.
type ExpressStart struct {
	ID, Machine, Definition int64
	Started                 int64
	// Data is JSON: what the engine needs to run the execution again.
	Data []byte
}

// A MapRun is the run of a distributed Map state.
type MapRun struct {
	ARN string
	// Execution is the one that the run belongs to, Run its name there, Machine
	// the machine of the execution, which is positive.
	Execution, Run, Machine int64
	// Open says that the run has not ended, or that its children have not.
	Open bool
	// Data is JSON: what the engine knows besides.
	Data []byte
}

// A Query chooses executions: of a machine, or those that a task or map run of an
// execution started.
type Query struct {
	Machine int64
	// Parent and ParentTask choose children, whatever their machine, when Parent
	// is not 0.
	Parent, ParentTask int64
	Status             Status // AnyStatus for all
	Before             int64  // ids below this one; 0 for all
	Limit              int
}
