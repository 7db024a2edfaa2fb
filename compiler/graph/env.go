package graph

import (
	"strings"
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

// A Source is what expressions ask their execution for.
type Source interface {
	// Context returns the context object.
	Context() value.Value
	// Variable returns the value of a variable.
	Variable(name string) (value.Value, bool)
	// Random returns the next random number.
	Random() uint64
}

// An Env is what expressions see and draw on. It is used by one goroutine;
// every evaluation starts with [Env.Look]. The zero Env has no source and is
// good for expressions that need none.
type Env struct {
	source Source
	view   View
	now    time.Time
	states value.Value // $states, made when it is first asked for

	scope jsonpath.Scope
	query *jsonata.Env // nil until an expression of JSONata is evaluated
}

// From sets where the environment takes the context object, variables and random
// numbers from.
func (e *Env) From(s Source) { e.source = s }

// Look sets what the evaluations that follow see, and their time. It returns e.
func (e *Env) Look(v View, now time.Time) *Env {
	e.view = v
	e.states = value.Value{}
	e.now = now
	return e
}

// needs is what an expression of JSONPath may ask for, besides its input. It may
// be too much: it is found from the text.
type needs struct{ context, others bool }

func needsOf(text string) needs {
	n := needs{context: strings.Contains(text, "$$"), others: !strings.HasPrefix(text, "$")}
	for i := 0; i+1 < len(text) && !n.others; i++ {
		c := text[i+1]
		n.others = text[i] == '$' && c != '.' && c != '[' && c != '$'
	}
	return n
}

func (n needs) and(m needs) needs { return needs{n.context || m.context, n.others || m.others} }

// paths returns the environment of JSONPath expressions. The context object is
// made only for those that may look at it.
func (e *Env) paths(n needs) *jsonpath.Scope {
	e.scope.Input = e.view.Input.Value()
	e.scope.Context = value.Value{}
	if e.source == nil {
		return &e.scope
	}
	if n.context {
		e.scope.Context = e.source.Context()
	}
	if n.others && e.scope.Variable == nil {
		e.scope.Variable, e.scope.Random = e.source.Variable, e.source.Random
	}
	return &e.scope
}

// queries returns the environment of JSONata expressions.
func (e *Env) queries(x *Expression) *jsonata.Env {
	if e.query == nil {
		e.query = &jsonata.Env{Lookup: e.lookup}
		if e.source != nil {
			e.query.Random = e.source.Random
		}
	}
	e.query.Now = e.now
	if x.states && (e.states.IsUndefined() || x.context && !e.states.Has("context")) {
		e.states = e.makeStates(x.context)
	}
	return e.query
}

// lookup finds the variables of JSONata: $states and those that were assigned.
func (e *Env) lookup(name string) (value.Value, bool) {
	switch {
	case name == "states":
		return e.states, true
	case e.source == nil:
		return value.Value{}, false
	}
	return e.source.Variable(name)
}

func (e *Env) makeStates(context bool) value.Value {
	members := make([]value.Member, 1, 4)
	members[0] = value.Member{Key: "input", Value: e.view.Input.Value()}
	if context && e.source != nil {
		members = append(members, value.Member{Key: "context", Value: e.source.Context()})
	}
	if e.view.Result != nil {
		members = append(members, value.Member{Key: "result", Value: e.view.Result.Value()})
	}
	if e.view.ErrorOutput != nil {
		members = append(members, value.Member{Key: "errorOutput", Value: e.view.ErrorOutput.Value()})
	}
	return value.Object(members...)
}
