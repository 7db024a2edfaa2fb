// Package spec is the plain record of a traced workflow: its states in the
// order they were written, typed expressions, the user's positions, doc
// comments and the contracts of its tasks.
//
// Package dsl fills a spec while it runs a workflow function; the compiler
// reads it. A spec holds no behaviour beyond walking and its own JSON form, in
// which it travels from the user's package to the compiler. Within one
// Workflow, types and sources are shared by pointer, so that identity means
// "the same type" and "the same value".
package spec

import (
	"fmt"
	"time"
)

// A Kind says how executions of a workflow run. It is not part of ASL.
type Kind string

// The two kinds of AWS Step Functions.
const (
	Standard Kind = "STANDARD" // durable, up to a year, a task never runs twice by itself
	Express  Kind = "EXPRESS"  // short, high volume, at most five minutes
)

// A Workflow is one traced workflow function.
type Workflow struct {
	Name   string `json:"name"`
	Kind   Kind   `json:"kind"`
	Doc    string `json:"doc,omitempty"` // doc comment of the Go variable; the loader fills it in
	Pos    Pos    `json:"pos"`
	Input  *Type  `json:"input"`
	Output *Type  `json:"output"`

	Timeout time.Duration `json:"timeout,omitempty"` // of an execution, in whole seconds; 0 is none

	Types   []*Type   `json:"types"`           // every type in use, in order of first use
	Sources []*Source `json:"sources"`         // every value in use, in order of creation
	Tasks   []*Task   `json:"tasks,omitempty"` // the contracts of the tasks called, in order of first call
	Body    *Block    `json:"body"`

	Problems []Problem `json:"problems,omitempty"` // misuse that tracing found
}

// A Pos is a place in the user's Go source. The zero Pos is an unknown place.
type Pos struct {
	File string `json:"file,omitempty"` // as the Go toolchain names it, usually absolute
	Line int    `json:"line,omitempty"` // from 1
}

// IsValid reports whether p names a line.
func (p Pos) IsValid() bool { return p.Line > 0 }

// String returns "file:line", or "-" for an unknown place.
func (p Pos) String() string {
	if !p.IsValid() {
		return "-"
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// A Problem is misuse of the DSL that Go's type checker cannot see. The
// compiler turns it into a diagnostic.
type Problem struct {
	Code    string `json:"code"`    // stable, upper snake case
	Message string `json:"message"` // what is wrong
	Fix     string `json:"fix"`     // how to mend it
	Pos     Pos    `json:"pos"`
	Related []Pos  `json:"related,omitempty"` // callers of a helper, or the other party
}

// A Block is the body of a workflow, branch, arm, loop, iteration, attempt or
// handler: states in the order they run.
type Block struct {
	Steps  Steps `json:"steps"`
	Result *Expr `json:"result,omitempty"` // nil for None, and when Ended
	Ended  bool  `json:"ended,omitempty"`  // control never falls off the end (Fail, Succeed, Break …)
	Pos    Pos   `json:"pos"`
}

// A SourceKind says where a value comes from.
type SourceKind string

// The kinds of sources.
const (
	FromInput    SourceKind = "input"    // the workflow's input
	FromTask     SourceKind = "task"     // a task's result
	FromParallel SourceKind = "parallel" // what a Parallel's function made of its branches
	FromBranch   SourceKind = "branch"   // one branch's result; visible only where that value is made
	FromMap      SourceKind = "map"      // the list of an iteration's results
	FromItem     SourceKind = "item"     // the item of one iteration
	FromChoice   SourceKind = "choice"   // the result of the arm taken
	FromLoop     SourceKind = "loop"     // what Break carried out of a loop
	FromTry      SourceKind = "try"      // the result of the body or of the handler that ran
	FromError    SourceKind = "error"    // the caught error, {Error, Cause}
	FromFault    SourceKind = "fault"    // the caught error's cause, parsed
	FromVariable SourceKind = "variable" // a workflow variable; Set changes it
	FromMoment   SourceKind = "moment"   // the time, an id or a random number, taken once
	FromParam    SourceKind = "param"    // the parameter of an expression such as Select's
	FromToken    SourceKind = "token"    // the task token of a callback, while its task is called
	FromFinally  SourceKind = "finally"  // the result of a Finally's body
	FromRaw      SourceKind = "raw"      // the result of a state or of states written in JSON
)

// A Source is a value that exists at run time: the input, a state's result, an
// item, a variable. Expressions refer to it.
type Source struct {
	ID    int        `json:"id"` // index in Workflow.Sources
	Kind  SourceKind `json:"kind"`
	Type  *Type      `json:"type,omitempty"`
	Name  string     `json:"name,omitempty"`  // the variable's name, or the name of the state that gives the value
	Index int        `json:"index,omitempty"` // FromBranch: which branch
	Pos   Pos        `json:"pos"`

	// Owner is the tracer's record of the flow that the value belongs to. It is
	// nil in a spec that was read from JSON.
	Owner any `json:"-"`
}

// A Task is what is declared about a unit of work outside the workflow.
type Task struct {
	ID         int      `json:"id"`       // index in Workflow.Tasks
	Name       string   `json:"name"`     // as given; the default name of its states
	Resource   Resource `json:"resource"` // what runs it
	Target     string   `json:"target"`   // Lambda, Activity: name, ARN or ${placeholder}; Service: the resource ARN; HTTP: the connection; Nested: the workflow's name
	Idempotent bool     `json:"idempotent,omitempty"`
	Throws     []string `json:"throws,omitempty"` // declared error names
	Input      *Type    `json:"input,omitempty"`
	Output     *Type    `json:"output,omitempty"`
	Doc        string   `json:"doc,omitempty"` // doc comment of the Go variable; the loader fills it in
	Pos        Pos      `json:"pos"`           // where the task was declared
}

// A Resource says what kind of thing runs a task.
type Resource string

// The kinds of resources.
const (
	Lambda   Resource = "lambda"   // an AWS Lambda function, through lambda:invoke
	Service  Resource = "service"  // any other integration, by its resource ARN
	Activity Resource = "activity" // an activity: workers ask for the work
	HTTP     Resource = "http"     // an HTTP endpoint, through http:invoke
	Nested   Resource = "nested"   // another workflow, through states:startExecution
)
