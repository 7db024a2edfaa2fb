package interp

import (
	"errors"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// look prepares the evaluation of expressions of a thread's state.
func (x *Execution) look(t *thread, v graph.View) *graph.Env {
	x.current = t
	return x.env.Look(v, x.now)
}

// wrong makes a failure of what went wrong in an evaluation: a JSONata string
// leaves an event and can be retried and caught, a path does neither.
func (x *Execution) wrong(t *thread, err error) *failure {
	var q *graph.QueryError
	if errors.As(err, &q) {
		return x.evaluationFailed(t, q.Location(), q.Error())
	}
	return runtimeError(t, "%s", err)
}

// evaluationFailed records that an expression failed. AWS points the event at
// what led to the visit of the state, as long as the visit has done nothing
// but begin; except in Wait states.
func (x *Execution) evaluationFailed(t *thread, location, reason string) *failure {
	b := t.state.Shared()
	previous := t.previous
	if _, wait := t.state.(*graph.Wait); previous == t.entered && !wait {
		previous = t.before
	}
	cause := while(t) + reason
	id := x.emit(previous, history.EvaluationFailed, b.Name, &history.Evaluation{
		State: b.Name, Location: location, Error: errQuery, Cause: cause,
	})
	if id != 0 {
		t.previous = id
	}
	return &failure{err: history.Ref(errQuery), cause: &cause}
}

// evalDoc evaluates a payload.
func (x *Execution) evalDoc(t *thread, p *graph.Payload, v graph.View) (*value.Doc, *failure) {
	if c := p.Constant(); c != nil {
		return c, nil
	}
	d, err := p.Eval(x.look(t, v))
	if err != nil {
		return nil, x.wrong(t, err)
	}
	return d, nil
}

// selectDoc applies a path to a document; nil selects the whole.
func (x *Execution) selectDoc(t *thread, p *graph.Path, from *value.Doc) (*value.Doc, *failure) {
	if p == nil {
		return from, nil
	}
	v, err := p.Eval(x.look(t, graph.View{Input: from}))
	if err != nil {
		return nil, x.wrong(t, err)
	}
	return value.DocOf(v), nil
}

// inputPath applies the state's InputPath to its raw input.
func (x *Execution) inputPath(t *thread, p *graph.Path) (*value.Doc, *failure) {
	input, f := x.selectDoc(t, p, t.input)
	if f == nil && !t.state.Shared().JSONata {
		x.note(AfterInputPath, input)
	}
	return input, f
}

// effectiveInput is what a Task or a Parallel state works on: Arguments, or
// InputPath and Parameters.
func (x *Execution) effectiveInput(t *thread, b *graph.Base, arguments *graph.Payload) (*value.Doc, *failure) {
	input, f := x.inputPath(t, b.InputPath)
	if f == nil && arguments != nil {
		input, f = x.evalDoc(t, arguments, graph.View{Input: input})
	}
	switch {
	case f != nil:
		return nil, f
	case b.JSONata:
		x.note(AfterArguments, input)
	default:
		x.note(AfterParameters, input)
	}
	return input, nil
}

// leaveSimple leaves a state that has no result: Wait and Succeed, and Pass in
// JSONata.
func (x *Execution) leaveSimple(t *thread, b *graph.Base) *failure {
	if b.JSONata {
		return x.leaveQuery(t, b.Output, b.Assign, graph.View{Input: t.input}, t.input, b.Next)
	}
	effective, f := x.inputPath(t, b.InputPath)
	if f != nil {
		return f
	}
	return x.leavePath(t, b, b.Assign, effective, effective, b.Next)
}

// finish leaves a state that can be retried with its result.
func (x *Execution) finish(t *thread, b *graph.Base, r *graph.Result, reply *value.Doc) *failure {
	x.note(RawResult, reply)
	if b.JSONata {
		return x.leaveQuery(t, b.Output, b.Assign, graph.View{Input: t.input, Result: reply}, reply, b.Next)
	}
	result := reply
	if r.Selector != nil {
		var f *failure
		if result, f = x.evalDoc(t, r.Selector, graph.View{Input: reply}); f != nil {
			return f
		}
	}
	return x.deliver(t, b, r.Path, result)
}

// deliver merges a result into the input and leaves. JSONPath only.
func (x *Execution) deliver(t *thread, b *graph.Base, path *graph.Target, result *value.Doc) *failure {
	x.note(AfterResultSelector, result)
	merged, f := x.merge(t, path, result)
	if f != nil {
		return f
	}
	x.note(AfterResultPath, merged)
	return x.leavePath(t, b, b.Assign, result, merged, b.Next)
}

// merge applies a ResultPath.
func (x *Execution) merge(t *thread, path *graph.Target, result *value.Doc) (*value.Doc, *failure) {
	merged, err := path.Apply(t.input, result)
	if err != nil {
		cause := while(t) + err.Error()
		return nil, &failure{err: history.Ref(errResultPath), cause: &cause}
	}
	return merged, nil
}

// leavePath applies OutputPath and leaves; subject is what "$" means in Assign.
func (x *Execution) leavePath(t *thread, b *graph.Base, assign *graph.Assign, subject, merged *value.Doc, next graph.State) *failure {
	output, f := x.selectDoc(t, b.OutputPath, merged)
	if f != nil {
		return f
	}
	assigned, f := x.assigned(t, assign, graph.View{Input: subject})
	if f != nil {
		return f
	}
	return x.leave(t, output, assigned, next)
}

// leaveQuery evaluates Output and Assign, which do not see each other's
// effects, and leaves. Without Output the output is otherwise.
func (x *Execution) leaveQuery(t *thread, out *graph.Payload, assign *graph.Assign, v graph.View, otherwise *value.Doc, next graph.State) *failure {
	output := otherwise
	if out != nil {
		var f *failure
		if output, f = x.evalDoc(t, out, v); f != nil {
			return f
		}
	}
	assigned, f := x.assigned(t, assign, v)
	if f != nil {
		return f
	}
	return x.leave(t, output, assigned, next)
}

// leaveCaught leaves a state by a catcher. ResultSelector, OutputPath and the
// state's own Output and Assign play no part.
func (x *Execution) leaveCaught(t *thread, c *graph.Catcher, caught *failure) *failure {
	cause := caught.output()
	if t.state.Shared().JSONata {
		v := graph.View{Input: t.input, ErrorOutput: cause}
		return x.leaveQuery(t, c.Output, c.Assign, v, cause, c.Next)
	}
	output, f := x.merge(t, c.ResultPath, cause)
	if f != nil {
		return f
	}
	assigned, f := x.assigned(t, c.Assign, graph.View{Input: cause})
	if f != nil {
		return f
	}
	return x.leave(t, output, assigned, c.Next)
}

// assigned computes the new values of variables; all of them see the old ones.
func (x *Execution) assigned(t *thread, a *graph.Assign, v graph.View) ([]history.Variable, *failure) {
	if a == nil {
		return nil, nil
	}
	values, err := a.Eval(x.look(t, v))
	if err != nil {
		return nil, x.wrong(t, err)
	}
	members := values.Value().Members()
	vars := make([]history.Variable, len(members))
	for i, m := range members {
		vars[i] = history.Variable{Name: m.Key, Value: value.DocOf(m.Value)}
	}
	return vars, nil
}
