package interp

import (
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// A RunID names the run of a distributed Map state. It is the id of the history
// event that started it, hence unique in its execution.
type RunID int64

// A Batch says how many items a child execution gets. The zero Batch is one
// item, as it is.
type Batch struct {
	// MaxItems and MaxBytes are 0 for no limit. The bytes are those of the whole
	// input.
	MaxItems, MaxBytes int64
	// Input is what the input of every batch has besides its items; nil is
	// nothing.
	Input *value.Doc
}

// maxRedrives is how often a map run can be redriven.
const maxRedrives = 1000

// startRun starts a distributed Map state. All that does not depend on an item
// is evaluated here; the rest is asked of the command's [Selector].
func (x *Execution) startRun(t *thread, s *graph.Map) *failure {
	c := &StartMapRun{State: s.Name, Map: s, Path: t.path()}
	again := t.phase == redriving
	effective, f := x.inputPath(t, s.InputPath)
	if f != nil {
		return f
	}
	n := 0
	if s.Distributed == nil || s.Distributed.Reader == nil {
		if c.Items, f = x.items(t, s); f != nil {
			return f
		}
		n = c.Items.Value().Len()
	}
	if s.MaxConcurrency != nil {
		if c.MaxConcurrency, f = x.count(t, s.MaxConcurrency, effective); f != nil {
			return f
		}
	}
	x.noteNumber(Concurrency, value.Int(c.MaxConcurrency))
	if !again {
		t.run, t.redrives = "", 0
		x.follow(t, history.MapStateStarted, &history.Length{Length: n})
	}
	if f := x.runConditions(t, s.Distributed, c, effective); f != nil {
		return f
	}
	c.Selector = x.selector(t, s, effective)
	started := history.MapRunStarted
	if again {
		if t.redrives >= maxRedrives {
			return runtimeError(t, "The Map Run has been redriven %d times, which is the limit.", maxRedrives)
		}
		started = history.MapRunRedriven
		t.redrives++
	} else if s.Distributed != nil {
		t.run = x.runARN(s.Distributed.Label)
	}
	c.ARN, c.Redrives = t.run, t.redrives
	id := x.follow(t, started, &history.MapRun{ARN: t.run, RedriveCount: t.redrives})
	if id == 0 {
		return nil
	}
	c.Run = RunID(id)
	t.job = job{id: TaskID(id), started: true}
	t.phase = working
	x.live.tasks.Set(t.job.id, t)
	x.command(c)
	return nil
}

// runConditions evaluates tolerances, reader, batches and writer.
func (x *Execution) runConditions(t *thread, d *graph.Distributed, c *StartMapRun, input *value.Doc) (f *failure) {
	if d == nil { // only in a visit
		return nil
	}
	if d.ToleratedCount != nil {
		if c.ToleratedCount, f = x.count(t, d.ToleratedCount, input); f != nil {
			return f
		}
		x.noteNumber(ToleratedCount, value.Int(c.ToleratedCount))
	}
	if d.ToleratedPercentage != nil {
		if c.ToleratedPercentage, f = x.percentage(t, d.ToleratedPercentage, input); f != nil {
			return f
		}
		x.noteNumber(ToleratedPercentage, value.Float(c.ToleratedPercentage))
	}
	if r := d.Reader; r != nil {
		if c.Reader, f = x.runArguments(t, r.Arguments, input); f != nil {
			return f
		}
		if r.MaxItems != nil {
			if c.MaxItems, f = x.integer(t, r.MaxItems, input); f != nil {
				return f
			}
		}
	}
	if b := d.Batcher; b != nil {
		if c.Batch, f = x.batch(t, b, input); f != nil {
			return f
		}
	}
	if w := d.Writer; w != nil {
		c.Writer, f = x.runArguments(t, w.Arguments, input)
	}
	return f
}

func (x *Execution) runArguments(t *thread, p *graph.Payload, input *value.Doc) (*value.Doc, *failure) {
	if p == nil {
		return value.DocOf(value.Object()), nil
	}
	return x.evalDoc(t, p, graph.View{Input: input})
}

func (x *Execution) batch(t *thread, b *graph.Batcher, input *value.Doc) (batch Batch, f *failure) {
	if b.MaxItems != nil {
		if batch.MaxItems, f = x.count(t, b.MaxItems, input); f != nil {
			return batch, f
		}
	}
	if b.MaxBytes != nil {
		if batch.MaxBytes, f = x.count(t, b.MaxBytes, input); f != nil {
			return batch, f
		}
	}
	if b.Input != nil {
		batch.Input, f = x.evalDoc(t, b.Input, graph.View{Input: input})
	}
	return batch, f
}

// percentage evaluates ToleratedFailurePercentage.
func (x *Execution) percentage(t *thread, field *graph.Scalar, input *value.Doc) (float64, *failure) {
	v, err := field.Eval(x.look(t, graph.View{Input: input}))
	if err != nil {
		return 0, x.wrong(t, err)
	}
	p, ok := v.Float()
	if text, isText := v.Str(); isText && field.Path != "" {
		p, err = strconv.ParseFloat(text, 64)
		ok = err == nil
	}
	switch {
	case !ok && field.Path != "":
		return 0, runtimeError(t, `The %s field refers to value "%s" which is not a valid float: %s`, field.Field, plain(v), field.Path)
	case !ok:
		return 0, x.unexpected(t, field, v, "number")
	case !(p >= 0 && p <= 100):
		return 0, runtimeError(t, "%s must be between 0 and 100.", field.Name())
	}
	return p, nil
}

// runARN makes up the ARN of a map run; a run without a label gets one.
func (x *Execution) runARN(label string) string {
	if label == "" {
		label = x.random.uuid()
	}
	return strings.Replace(x.info.StateMachineID, ":stateMachine:", ":mapRun:", 1) + "/" + label + ":" + x.random.uuid()
}

// uuid draws a UUID of version 4.
func (s *source) uuid() string {
	var raw [16]byte
	for i := range raw {
		raw[i] = byte(s.pcg.Uint64() >> 32)
	}
	raw[6], raw[8] = raw[6]&0x0f|0x40, raw[8]&0x3f|0x80
	h := hex.EncodeToString(raw[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// mapRun finds the thread that waits for a map run.
func (x *Execution) mapRun(id RunID) *thread {
	t := x.live.tasks.Get(TaskID(id))
	if t == nil {
		return nil
	}
	if _, ok := t.state.(*graph.Map); !ok {
		return nil
	}
	return t
}

func (x *Execution) mapRunSucceeded(e *MapRunSucceeded) error {
	t := x.mapRun(e.Run)
	switch {
	case t == nil:
		return ErrNotPending
	case e.Output == nil || e.Output.Size() > maxData:
		x.failRun(t, tooLarge(t.state.Shared().Name))
		return nil
	}
	started := t.previous
	t.run = "" // what fails from now on does not fail in the run
	x.follow(t, history.MapRunSucceeded, nil)
	x.follow(t, history.MapStateSucceeded, nil)
	t.previous = started // what the Exited event points at, since November 2024
	t.reply = e.Output
	x.settle(t)
	return nil
}

func (x *Execution) mapRunFailed(e *MapRunFailed) error {
	t := x.mapRun(e.Run)
	if t == nil {
		return ErrNotPending
	}
	x.failRun(t, &failure{err: e.Error, cause: e.Cause, fatal: e.Error != nil && *e.Error == errRuntime, inner: true})
	return nil
}

func (x *Execution) failRun(t *thread, f *failure) {
	x.follow(t, history.MapRunFailed, f.details())
	if f.fatal || f.err != nil && *f.err == errDataLimit {
		t.run = "" // a redrive begins another run
	}
	t.fault = f
	x.settle(t)
}

// A Selector makes the inputs of the child executions of a map run from items:
// it evaluates ItemSelector with what the Map state saw when it started. It
// stays valid after the step that returned it, and draws the same random
// numbers for the same item whenever it is asked. It is not safe for concurrent
// use.
type Selector struct {
	state     *graph.Map
	input     *value.Doc
	members   []value.Member // of the context object, without Map
	variables map[string]value.Value
	prefix    string
	now       time.Time
	seed      uint64

	env    graph.Env
	pcg    rand.PCG
	index  int
	item   value.Value
	source string
}

func (x *Execution) selector(t *thread, s *graph.Map, input *value.Doc) *Selector {
	x.look(t, graph.View{Input: input})
	l := &Selector{
		state: s, input: input, prefix: while(t), now: x.now, seed: x.random.pcg.Uint64(),
		members: x.context().Without("Map").Members(), variables: map[string]value.Value{},
	}
	for p := t; p != nil; p = p.parent() {
		for _, v := range p.vars {
			if _, hidden := l.variables[v.Name]; !hidden {
				l.variables[v.Name] = v.Value.Value()
			}
		}
	}
	l.env.From((*selectorSource)(l))
	return l
}

// selectorSource is a selector as its expressions see it.
type selectorSource Selector

func (l *selectorSource) Random() uint64 { return l.pcg.Uint64() }

func (l *selectorSource) Variable(name string) (value.Value, bool) {
	v, ok := l.variables[name]
	return v, ok
}

func (l *selectorSource) Context() value.Value {
	entry := object("Index", value.Int(int64(l.index)), "Value", l.item)
	if l.source != "" {
		entry = entry.With("Source", value.String(l.source))
	}
	members := append(l.members[:len(l.members):len(l.members)], value.Member{Key: "Map", Value: object("Item", entry)})
	return value.Object(members...)
}

// Select returns what a child execution gets for an item: the item, or what
// ItemSelector makes of it. The index counts all items of the run from 0;
// source is what the context object tells about where the item came from, such
// as STATE_DATA; empty is nothing, as for an inline Map. The error is a
// [*RunError].
func (l *Selector) Select(index int, item value.Value, source string) (value.Value, error) {
	if l.state.ItemSelector == nil {
		return item, nil
	}
	l.index, l.item, l.source = index, item, source
	l.pcg.Seed(l.seed, uint64(index))
	d, err := l.state.ItemSelector.Eval(l.env.Look(graph.View{Input: l.input}, l.now))
	if err == nil {
		return d.Value(), nil
	}
	var q *graph.QueryError
	if errors.As(err, &q) {
		return value.Value{}, &RunError{Name: errQuery, Cause: l.prefix + err.Error()}
	}
	return value.Value{}, &RunError{Name: errRuntime, Cause: l.prefix + err.Error()}
}

// A RunError says why a map run fails.
type RunError struct{ Name, Cause string }

// Error returns the name and the cause.
func (e *RunError) Error() string { return e.Name + ": " + e.Cause }
