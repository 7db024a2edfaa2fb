package teststate

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// Options are what a test takes from outside. The zero Options are fine for
// states that invoke nothing.
type Options struct {
	// Now is when the test runs; zero is the present.
	Now time.Time
	// Region and Account stand in the ARNs of the context object; the defaults
	// are us-east-1 and 123456789012.
	Region, Account string
	// Machine and Execution are the names of the machine and of the execution
	// that the context object tells of. The defaults are drawn from Seed.
	Machine, Execution string
	// Seed feeds everything random; zero draws one.
	Seed [2]uint64
	// Wire is the transport that Invoke uses for HTTP tasks, if it is to be shown
	// at the level [Trace]; nil shows nothing.
	Wire *Wire
	// Invoke does the work of a Task state that has no mock; nil refuses it.
	Invoke func(context.Context, *interp.InvokeTask) (*interp.Answer, error)
}

func (o *Options) fill() {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	o.Now = o.Now.UTC().Truncate(time.Millisecond)
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.Account == "" {
		o.Account = "123456789012"
	}
	if o.Seed == [2]uint64{} {
		o.Seed = [2]uint64{rand.Uint64(), rand.Uint64()}
	}
	names := rand.New(rand.NewPCG(o.Seed[0], o.Seed[1]))
	if o.Machine == "" {
		o.Machine = name(names)
	}
	if o.Execution == "" {
		o.Execution = name(names)
	}
}

// name draws a name of letters and digits.
func name(r *rand.Rand) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	var b strings.Builder
	for range 16 {
		b.WriteByte(letters[r.IntN(len(letters))])
	}
	return b.String()
}

// A test is one request on its way.
type test struct {
	request *Request
	options Options
	machine *graph.Machine
	state   graph.State
	input   *value.Doc
	mocked  *value.Doc // the mock's result, nil when it has none
	inspect *inspector
}

// Run tests a state. The error is an [*Error] when AWS refuses the request too;
// the failure of the state is part of the response.
func Run(ctx context.Context, r *Request, o Options) (*Response, error) {
	o.fill()
	t := &test{request: r, options: o}
	v, err := t.prepare()
	if err != nil {
		return nil, err
	}
	v.Answer = func(c interp.Command) (*interp.Answer, error) { return t.answer(ctx, c) }
	visited, err := v.Run(t.machine, t.options.Now)
	if err != nil {
		return nil, err
	}
	return t.respond(visited), nil
}

// prepare checks the request and makes the visit of the state.
func (t *test) prepare() (*interp.Visit, error) {
	if err := t.request.check(); err != nil {
		return nil, err
	}
	if err := t.load(); err != nil {
		return nil, err
	}
	if err := t.checkState(); err != nil {
		return nil, err
	}
	var err error
	if t.input, err = parseInput(t.request.Input); err != nil {
		return nil, err
	}
	v := &interp.Visit{
		State: t.state, Input: t.input, Retried: t.retried(), Region: t.options.Region,
		Seed: t.options.Seed, Bare: t.request.Mock != nil,
	}
	if v.Variables, err = parseVariables(t.request.Variables); err != nil {
		return nil, err
	}
	if v.Context, err = t.context(); err != nil {
		return nil, err
	}
	if t.mocked, err = t.mockResult(); err != nil {
		return nil, err
	}
	t.inspect = newInspector(t.state, t.input)
	t.inspect.context = t.request.Context
	if l := t.request.InspectionLevel; l == Debug || l == Trace {
		v.Inspect = t.inspect.inspect
	}
	return v, nil
}

// retried is how many retries went before.
func (t *test) retried() int {
	if c := t.request.Configuration; c != nil && c.RetrierRetryCount != nil {
		return *c.RetrierRetryCount
	}
	return 0
}

func parseInput(text *string) (*value.Doc, error) {
	if text == nil {
		return value.DocOf(value.Object()), nil
	}
	d, err := value.ParseDoc(*text)
	if err != nil {
		return nil, &Error{"InvalidExecutionInput", "Invalid State Machine Execution Input: '" + err.Error() + "'"}
	}
	return d, nil
}

func parseVariables(text *string) ([]history.Variable, error) {
	if text == nil {
		return nil, nil
	}
	v, err := value.Parse(*text)
	if err != nil || v.Kind() != value.KindObject {
		return nil, invalid("Variables must be a JSON object")
	}
	var list []history.Variable
	for _, m := range v.Members() {
		list = append(list, history.Variable{Name: m.Key, Value: value.DocOf(m.Value)})
	}
	return list, nil
}

// answer says what comes of the work of the state.
func (t *test) answer(ctx context.Context, c interp.Command) (*interp.Answer, error) {
	if run, ok := c.(*interp.StartMapRun); ok {
		if a, err := t.iterate(run); a != nil || err != nil {
			return a, err
		}
	}
	if t.mocked != nil {
		return &interp.Answer{Output: t.mocked}, nil
	}
	if m := t.request.Mock; m != nil {
		return &interp.Answer{Error: m.ErrorOutput.Error, Cause: m.ErrorOutput.Cause}, nil
	}
	task, ok := c.(*interp.InvokeTask)
	if !ok || t.options.Invoke == nil {
		return nil, errors.New("nothing does the task: mock its result")
	}
	return t.options.Invoke(ctx, task)
}

// respond says how the visit ended.
func (t *test) respond(v *interp.Visited) *Response {
	r := &Response{Status: Succeeded, Error: v.Error, Cause: v.Cause}
	if v.Output != nil {
		output := v.Output.Text()
		r.Output = &output
	}
	if v.Next != nil {
		r.NextState = &v.Next.Shared().Name
	}
	switch {
	case v.Retry:
		r.Status = Retriable
	case v.Failed && v.Output == nil:
		r.Status = Failed
	case v.Failed:
		r.Status = CaughtError
	}
	if t.request.InspectionLevel == Debug || t.request.InspectionLevel == Trace {
		t.inspect.finish(v)
		r.InspectionData = t.inspect.data
		if w := t.options.Wire; w != nil && t.request.InspectionLevel == Trace {
			r.InspectionData.Request, r.InspectionData.Response = w.exchange()
		}
	}
	return r
}
