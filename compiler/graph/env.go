package graph

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonata"
	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A View is the data that an evaluation sees.
type View struct {
	// Input is "$" in JSONPath and $states.input in JSONata.
	Input *value.Doc
	// Result and ErrorOutput are the members of $states of these names; nil
	// where they do not exist.
	Result, ErrorOutput *value.Doc
}

// An Env is what expressions see and draw on. It is made once per execution
// with [NewEnv] and used by one goroutine; every evaluation starts with
// [Env.Look].
type Env struct {
	view     View
	context  func() value.Value
	variable func(name string) (value.Value, bool)
	states   value.Value // $states, made when it is first asked for

	scope jsonpath.Scope
	query jsonata.Env
}

// NewEnv returns an environment. The functions are called while an expression
// is evaluated: context returns the context object, variable the value of a
// variable, random the next number of the execution's source.
func NewEnv(context func() value.Value, variable func(name string) (value.Value, bool), random func() uint64) *Env {
	e := &Env{context: context, variable: variable}
	e.scope.Variable, e.scope.Random = variable, random
	e.query.Lookup, e.query.Random = e.lookup, random
	return e
}

// Look sets what the evaluations that follow see, and their time. It returns e.
func (e *Env) Look(v View, now time.Time) *Env {
	e.view = v
	e.states = value.Value{}
	e.query.Now = now
	return e
}

// paths returns the environment of JSONPath expressions. The context object is
// made only for those that mention it.
func (e *Env) paths(context bool) *jsonpath.Scope {
	e.scope.Input = e.view.Input.Value()
	e.scope.Context = value.Value{}
	if context {
		e.scope.Context = e.context()
	}
	return &e.scope
}

// lookup finds the variables of JSONata: $states and those that were assigned.
func (e *Env) lookup(name string) (value.Value, bool) {
	if name != "states" {
		return e.variable(name)
	}
	return e.states, true
}

// queries returns the environment of JSONata expressions.
func (e *Env) queries(x *Expression) *jsonata.Env {
	switch {
	case !x.states:
	case e.states.IsUndefined() || x.context && !e.states.Has("context"):
		e.states = e.makeStates(x.context)
	}
	return &e.query
}

func (e *Env) makeStates(context bool) value.Value {
	members := make([]value.Member, 1, 4)
	members[0] = value.Member{Key: "input", Value: e.view.Input.Value()}
	if context {
		members = append(members, value.Member{Key: "context", Value: e.context()})
	}
	if e.view.Result != nil {
		members = append(members, value.Member{Key: "result", Value: e.view.Result.Value()})
	}
	if e.view.ErrorOutput != nil {
		members = append(members, value.Member{Key: "errorOutput", Value: e.view.ErrorOutput.Value()})
	}
	return value.Object(members...)
}
