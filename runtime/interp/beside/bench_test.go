package beside

import (
	"context"
	"encoding/json"
	"errors"
	"syscall"
	"testing"
	"time"

	"github.com/coinbase/step/machine"
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

const (
	chain = `{"StartAt":"Prepare","States":{
	"Prepare":{"Type":"Pass","Result":{"ready":true},"ResultPath":"$.prepared","Next":"Large?"},
	"Large?":{"Type":"Choice","Choices":[{"Variable":"$.amount","NumericGreaterThan":100,"Next":"First"}],"Default":"First"},
	"First":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work","Next":"Between"},
	"Between":{"Type":"Pass","Next":"Second"},
	"Second":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work","End":true}}}`
	input       = `{"amount":250,"customer":"c-17"}`
	transitions = 5
)

// order is what the typed handlers of both engines take and return.
type order struct {
	Amount   int    `json:"amount"`
	Customer string `json:"customer"`
	Prepared struct {
		Ready bool `json:"ready"`
	} `json:"prepared"`
}

func work(_ context.Context, in order) (order, error) { return in, nil }

// BenchmarkKernel keeps the full history. Its handlers work on documents, or on
// Go types, for which encoding/json decodes and encodes.
func BenchmarkKernel(b *testing.B) {
	m := compile(b)
	b.Run("documents", func(b *testing.B) {
		measure(b, func() error {
			return run(m, func(in *value.Doc) (*value.Doc, error) { return in, nil })
		})
	})
	b.Run("types", func(b *testing.B) { measure(b, func() error { return run(m, call) }) })
}

// BenchmarkDriver is the Express driver around the kernel, without an engine: with
// the timeout of Express executions, and handlers that may block, panic or be
// cancelled.
func BenchmarkDriver(b *testing.B) {
	m := compile(b)
	for name, handler := range map[string]task.Handler{
		"documents": task.HandlerFunc(func(_ context.Context, in json.RawMessage) (json.RawMessage, error) { return in, nil }),
		"types":     task.Func(work),
	} {
		b.Run(name, func(b *testing.B) {
			o := express.Options{
				DiscardHistory: true, Handlers: task.Handlers{"work": handler}, Hands: invoke.NewHands(b.Context()),
			}
			measure(b, func() error {
				in, err := value.ParseDoc(input)
				if err != nil {
					return err
				}
				r, err := express.Run(b.Context(), m, in, o)
				if err == nil && r.Status != interp.Succeeded {
					err = errors.New("the chain did not succeed")
				}
				return err
			})
		})
	}
}

func compile(b *testing.B) *graph.Machine {
	document, list := asl.Decode([]byte(chain), "chain.asl.json")
	if list.HasErrors() {
		b.Fatal(list)
	}
	m, list := graph.Compile(&document.Machine)
	if list.HasErrors() {
		b.Fatal(list)
	}
	return m
}

// measure also reports the CPU time of the process for each call, which other
// work on the same machine disturbs less than the time that passes.
func measure(b *testing.B, f func() error) {
	b.ReportAllocs()
	before := processor(b)
	for b.Loop() {
		if err := f(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(processor(b)-before)/float64(b.N), "cpu-ns/op")
	b.ReportMetric(transitions*float64(b.N)/b.Elapsed().Seconds(), "transitions/s")
}

// processor is the CPU time that the process has used.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func run(m *graph.Machine, handle func(*value.Doc) (*value.Doc, error)) error {
	in, err := value.ParseDoc(input)
	if err != nil {
		return err
	}
	x := interp.New(m)
	events := make([]history.Event, 0, 24)
	next := []interp.Event{&interp.Started{Input: in, Limits: interp.Limits{Events: 25000}}}
	for len(next) > 0 {
		out, err := x.Step(time.Now(), next...)
		if err != nil {
			return err
		}
		events = append(events, out.Events...)
		next = next[:0]
		for _, c := range out.Commands {
			if c, ok := c.(*interp.InvokeTask); ok {
				output, err := handle(c.Parameters)
				if err != nil {
					return err
				}
				next = append(next, &interp.TaskSucceeded{Task: c.Task, Output: output})
			}
		}
	}
	if x.Status() != interp.Succeeded || events[len(events)-1].Type != history.ExecutionSucceeded {
		return errors.New("the chain did not succeed")
	}
	return nil
}

func call(parameters *value.Doc) (*value.Doc, error) {
	var in order
	if err := json.Unmarshal([]byte(parameters.Text()), &in); err != nil {
		return nil, err
	}
	out, err := work(context.Background(), in)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(out)
	if err != nil {
		return nil, err
	}
	return value.ParseDoc(string(text))
}

// BenchmarkCoinbase runs the other engine with the same kinds of handlers.
func BenchmarkCoinbase(b *testing.B) {
	document := func(_ context.Context, in any) (any, error) { return in, nil }
	for name, handler := range map[string]any{"documents": document, "types": work} {
		m, err := machine.FromJSON([]byte(chain))
		if err != nil {
			b.Fatal(err)
		}
		for _, name := range []string{"First", "Second"} {
			if err := m.SetTaskHandler(name, handler); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(name, func(b *testing.B) {
			measure(b, func() error {
				x, err := m.Execute(input)
				if err == nil && x.OutputJSON == "" {
					err = errors.New("no output")
				}
				return err
			})
		})
	}
}
