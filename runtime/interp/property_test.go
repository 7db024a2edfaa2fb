package interp_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// A generator writes random definitions, valid and nearly valid.
type generator struct {
	*rand.Rand
	states int
}

func pick[T any](g *generator, of ...T) T { return of[g.IntN(len(of))] }

func (g *generator) machine() string {
	language := pick(g, "", "", `"QueryLanguage":"JSONata",`)
	timeout := pick(g, "", "", "", `"TimeoutSeconds":50,`)
	return "{" + language + timeout + g.flow(0, language != "") + "}"
}

func (g *generator) flow(depth int, jsonata bool) string {
	names := make([]string, 1+g.IntN(5))
	for i := range names {
		g.states++
		names[i] = fmt.Sprintf("S%d", g.states)
	}
	var states []string
	for _, name := range names {
		states = append(states, fmt.Sprintf("%q:{%s}", name, g.state(depth, names, jsonata)))
	}
	return fmt.Sprintf(`"StartAt":%q,"States":{%s}`, names[0], strings.Join(states, ","))
}

func (g *generator) state(depth int, names []string, jsonata bool) string {
	next := fmt.Sprintf(`"Next":%q`, pick(g, names...))
	if g.IntN(3) == 0 {
		next = `"End":true`
	}
	types := []string{"Pass", "Pass", "Task", "Task", "Choice", "Wait", "Succeed", "Fail"}
	if depth < 3 {
		types = append(types, "Map", "Map", "Parallel", "Parallel")
	}
	switch typ := pick(g, types...); typ {
	case "Pass":
		return `"Type":"Pass",` + g.data(jsonata, typ) + next
	case "Task":
		resource := pick(g, "arn:aws:lambda:us-east-1:123456789012:function:f", "arn:aws:states:::lambda:invoke",
			"arn:aws:states:::sqs:sendMessage.waitForTaskToken", "arn:aws:states:::states:startExecution.sync:2",
			"arn:aws:states:us-east-1:123456789012:activity:a")
		times := pick(g, "", "", `"TimeoutSeconds":5,`, `"TimeoutSeconds":5,"HeartbeatSeconds":2,`)
		return fmt.Sprintf(`"Type":"Task","Resource":%q,%s%s%s%s`, resource, times, g.data(jsonata, typ), g.handlers(names, jsonata), next)
	case "Choice":
		condition := pick(g, `"Variable":"$.a","IsPresent":true`, `"Variable":"$.a","NumericGreaterThan":3`, `"Not":{"Variable":"$","IsString":true}`)
		if jsonata {
			condition = pick(g, `"Condition":"{% $exists($states.input.a) %}"`, `"Condition":"{% $states.input.a > 3 %}"`, `"Condition":false`)
		}
		def := pick(g, "", fmt.Sprintf(`,"Default":%q`, pick(g, names...)))
		return fmt.Sprintf(`"Type":"Choice","Choices":[{%s,"Next":%q}]%s`, condition, pick(g, names...), def)
	case "Wait":
		return `"Type":"Wait",` + pick(g, `"Seconds":3,`, `"Timestamp":"2024-03-01T00:00:00Z",`) + next
	case "Succeed":
		return `"Type":"Succeed"`
	case "Fail":
		return `"Type":"Fail"` + pick(g, "", `,"Error":"Boom","Cause":"bang"`, `,"Error":"States.Runtime"`)
	case "Parallel":
		var branches []string
		for range 1 + g.IntN(3) {
			branches = append(branches, "{"+g.flow(depth+1, jsonata)+"}")
		}
		return fmt.Sprintf(`"Type":"Parallel","Branches":[%s],%s%s%s`, strings.Join(branches, ","), g.data(jsonata, typ), g.handlers(names, jsonata), next)
	default:
		items := pick(g, "", `"ItemsPath":"$.list",`)
		if jsonata {
			items = pick(g, "", `"Items":[1,2,3],`, `"Items":"{% $states.input.list %}",`)
		}
		limit := pick(g, "", `"MaxConcurrency":1,`, `"MaxConcurrency":2,`)
		return fmt.Sprintf(`"Type":"Map",%s%s"ItemProcessor":{%s},%s%s%s`, items, limit, g.flow(depth+1, jsonata), g.data(jsonata, typ), g.handlers(names, jsonata), next)
	}
}

// data are fields that shape data, each of which may fail.
func (g *generator) data(jsonata bool, typ string) string {
	name := fmt.Sprintf("v%d", g.states)
	if jsonata {
		return pick(g, "", "",
			`"Output":{"a":"{% $random() * 9 %}","list":[1,2]},`,
			`"Output":"{% $states.input.a %}",`,
			fmt.Sprintf(`"Assign":{%q:"{%% %s %%}"},`, name, pick(g, "$states.input", "1", "$nothing")),
		)
	}
	paths := []string{"", "", `"OutputPath":"$.list",`, `"InputPath":"$.a",`, fmt.Sprintf(`"Assign":{"%s.$":"$"},`, name)}
	if typ != "Wait" {
		paths = append(paths, `"ResultPath":"$.r",`, `"ResultPath":null,`, `"Parameters":{"a":4,"list":[1,2,3],"x.$":"$"},`)
	}
	return pick(g, paths...)
}

func (g *generator) handlers(names []string, jsonata bool) string {
	var b strings.Builder
	errs := func() string { return pick(g, `"States.ALL"`, `"States.TaskFailed"`, `"Boom"`, `"States.Timeout"`) }
	if g.IntN(3) == 0 {
		fmt.Fprintf(&b, `"Retry":[{"ErrorEquals":[%s],"MaxAttempts":%d,"JitterStrategy":%q}],`, errs(), g.IntN(3), pick(g, "FULL", "NONE"))
	}
	if g.IntN(3) == 0 {
		output := pick(g, "", `"ResultPath":"$.error",`)
		if jsonata {
			output = pick(g, "", `"Output":"{% $states.errorOutput.Cause %}",`)
		}
		fmt.Fprintf(&b, `"Catch":[{"ErrorEquals":[%s],%s"Next":%q}],`, errs(), output, pick(g, names...))
	}
	return b.String()
}

// A world answers tasks at random, and sometimes says what makes no sense.
type world struct {
	*generator
	open     []*interp.InvokeTask
	redrives int // so far
}

func (w *world) answer() interp.Event {
	i := w.IntN(len(w.open))
	c := w.open[i]
	done := func(e interp.Event) interp.Event {
		w.open = slices.Delete(w.open, i, i+1)
		return e
	}
	switch w.IntN(8) {
	case 0:
		return &interp.TaskStarted{Task: c.Task}
	case 1:
		return &interp.TaskSubmitted{Task: c.Task, Output: value.DocOf(value.Object())}
	case 2:
		return &interp.TaskHeartbeat{Task: c.Task}
	case 3:
		return done(&interp.TaskFailed{Task: c.Task, Error: history.Ref(pick(w.generator, "Boom", "Bang", "States.TaskFailed")), Cause: history.Ref("why")})
	case 4:
		return done(&interp.TaskFailed{Task: c.Task})
	}
	return done(&interp.TaskSucceeded{Task: c.Task, Output: value.DocOf(w.document(2))})
}

func (w *world) document(depth int) value.Value {
	if depth == 0 {
		return pick(w.generator, value.Null(), value.Int(7), value.String("ä\u2028\""), value.Bool(true))
	}
	return pick(w.generator,
		value.Object(value.Member{Key: "a", Value: w.document(depth - 1)}, value.Member{Key: "list", Value: value.List(value.Int(1), w.document(depth-1))}),
		value.List(w.document(depth-1), w.document(depth-1)), w.document(0))
}

var errEndless = errors.New("the execution goes on and on")

// play runs one execution against the world and returns its history.
func (w *world) play(t *testing.T, m *graph.Machine, store bool) (string, error) {
	x, now := interp.New(m), start
	timers := map[interp.TimerID]time.Time{}
	var events []history.Event
	next := []interp.Event{&interp.Started{
		Input: value.DocOf(w.document(2)), Limits: interp.Limits{Events: 400, Duration: time.Hour}, Seed: [2]uint64{w.Uint64(), 7},
	}}
	for range 5000 {
		out, err := x.Step(now, next...)
		full := errors.Is(err, interp.ErrNotRedrivable)
		if err != nil && !full && !errors.Is(err, interp.ErrNotPending) && !errors.Is(err, interp.ErrClosed) {
			return "", err
		}
		events = append(events, out.Events...)
		next = next[:0]
		for _, c := range out.Commands {
			switch c := c.(type) {
			case *interp.InvokeTask:
				w.open = append(w.open, c)
			case *interp.CancelTask:
				w.open = slices.DeleteFunc(w.open, func(o *interp.InvokeTask) bool { return o.Task == c.Task })
			case *interp.LookupActivity:
				next = append(next, pick[interp.Event](w.generator, &interp.ActivityFound{Lookup: c.Lookup}, &interp.ActivityMissing{Lookup: c.Lookup}))
			case *interp.StartTimer:
				timers[c.Timer] = c.At
			case *interp.CancelTimer:
				delete(timers, c.Timer)
			}
		}
		want, err := fold(events)
		if err != nil {
			return "", fmt.Errorf("%w\n%s", err, history.Format{}.AppendAll(nil, events))
		}
		if x.Status() != interp.Running {
			if len(w.open) > 0 {
				return "", fmt.Errorf("the execution ended with %d tasks that nobody cancelled", len(w.open))
			}
			if x.Status() == interp.Succeeded || w.redrives == 3 || full {
				return string(history.Format{}.AppendAll(nil, events)), nil
			}
			w.redrives++
			now = now.Add(time.Duration(w.IntN(3)) * time.Second)
			clear(timers)
			next = append(next[:0], &interp.Redriven{})
		} else if got, retrying := x.Open(); !slices.Equal(got, want) && !(retrying && contains(want, got)) {
			return "", fmt.Errorf("the execution is in %v, its history in %v\n%s", got, want, history.Format{}.AppendAll(nil, events))
		}
		if store {
			if x, err = stored(m, x); err != nil {
				return "", err
			}
		}
		switch {
		case len(next) > 0:
		case len(w.open) > 0 && (len(timers) == 0 || w.IntN(4) > 0):
			next = append(next, w.answer())
		case len(timers) > 0:
			id := earliest(timers)
			if timers[id].After(now) {
				now = timers[id]
			}
			delete(timers, id)
			next = append(next, &interp.TimerFired{Timer: id})
		default:
			return "", errors.New("the execution waits for nothing")
		}
		if w.IntN(60) == 0 {
			odd := pick[interp.Event](w.generator, &interp.Stopped{}, &interp.TimerFired{Timer: 99999}, &interp.TaskSucceeded{Task: 3})
			if e, ok := odd.(*interp.TaskSucceeded); ok { // it may be open
				w.open = slices.DeleteFunc(w.open, func(o *interp.InvokeTask) bool { return o.Task == e.Task })
			}
			next = append(next, odd)
		}
	}
	return "", errEndless
}

// contains reports whether every one of the names is among all, which may have
// more.
func contains(all, names []string) bool {
	rest := slices.Clone(all)
	for _, name := range names {
		at := slices.Index(rest, name)
		if at < 0 {
			return false
		}
		rest = slices.Delete(rest, at, at+1)
	}
	return true
}

func earliest(timers map[interp.TimerID]time.Time) interp.TimerID {
	var first interp.TimerID
	for id, at := range timers {
		if first == 0 || at.Before(timers[first]) || at.Equal(timers[first]) && id < first {
			first = id
		}
	}
	return first
}

func stored(m *graph.Machine, x *interp.Execution) (*interp.Execution, error) {
	data, err := x.MarshalBinary()
	if err != nil {
		return nil, err
	}
	return interp.Restore(m, data)
}

// check makes a random machine run against a random world, twice: the second
// time the execution is written out and read back between all steps.
func check(t *testing.T, seed uint64) {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 1))}
	text := g.machine()
	document, list := asl.Decode([]byte(text), "random.asl.json")
	if list.HasErrors() {
		t.Fatalf("seed %d: %v\n%s", seed, list, text)
	}
	m, list := graph.Compile(&document.Machine)
	if list.HasErrors() {
		t.Fatalf("seed %d: %v\n%s", seed, list, text)
	}
	var histories [2]string
	for i := range histories {
		w := &world{generator: &generator{Rand: rand.New(rand.NewPCG(seed, 2))}}
		var err error
		if histories[i], err = w.play(t, m, i == 1); err != nil {
			t.Fatalf("seed %d, stored %t: %v\n%s", seed, i == 1, err, text)
		}
	}
	if histories[0] != histories[1] {
		t.Fatalf("seed %d: the histories differ:\n%s\n%s\n%s", seed, histories[0], histories[1], text)
	}
}

// TestRandom checks what holds for every execution: it ends or waits for
// something, its ids are dense and point back, its history folds back into its
// state, and storing it changes nothing; the same when it is redriven.
func TestRandom(t *testing.T) {
	t.Parallel()
	for seed := range uint64(400) {
		check(t, seed)
	}
}

func FuzzExecution(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(check)
}

// FuzzRestore reads executions that somebody has tampered with.
func FuzzRestore(f *testing.F) {
	m := compile(f, `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
		{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","TimeoutSeconds":5,"End":true}}},
		{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}}}}}]}}}`)
	x := interp.New(m)
	if _, err := x.Step(start, &interp.Started{Input: doc(f, "[1,2,3]")}); err != nil {
		f.Fatal(err)
	}
	for _, end := range []interp.Event{nil, &interp.TimerFired{Timer: 2}, &interp.Stopped{}} { // some iterations are done
		if end != nil {
			if _, err := x.Step(start, end); err != nil {
				f.Fatal(err)
			}
		}
		data, err := x.MarshalBinary()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := interp.Restore(m, data)
		if err != nil {
			return
		}
		_, _ = x.Step(start, &interp.Redriven{})
		for id := range interp.TimerID(8) {
			_, _ = x.Step(start.Add(time.Hour), &interp.TimerFired{Timer: id}, &interp.TaskSucceeded{Task: interp.TaskID(id), Output: doc(t, "1")})
		}
	})
}
