package interp_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// chain is what the engines of reference were measured with.
const chain = `{"StartAt":"Prepare","States":{
	"Prepare":{"Type":"Pass","Result":{"ready":true},"ResultPath":"$.prepared","Next":"Large?"},
	"Large?":{"Type":"Choice","Choices":[{"Variable":"$.amount","NumericGreaterThan":100,"Next":"First"}],"Default":"First"},
	"First":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work","Next":"Between"},
	"Between":{"Type":"Pass","Next":"Second"},
	"Second":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work","End":true}}}`

// echo answers a task with its input.
func echo(c *interp.InvokeTask) interp.Event {
	return &interp.TaskSucceeded{Task: c.Task, Output: c.Parameters}
}

func BenchmarkChain(b *testing.B) {
	m := compile(b, chain)
	b.ReportAllocs()
	for b.Loop() {
		input, _ := value.ParseDoc(`{"amount":250,"customer":"c-17"}`)
		d := &driver{x: interp.New(m), handle: echo}
		if err := d.run(&interp.Started{Input: input, Limits: interp.StandardLimits()}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(5*float64(b.N)/b.Elapsed().Seconds(), "transitions/s")
}

// BenchmarkMap runs an inline Map without a limit of events, in three sizes: the
// cost of an iteration must not grow with their number.
func BenchmarkMap(b *testing.B) {
	m := compile(b, `{"StartAt":"Each","States":{"Each":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"Work","States":{
		"Work":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work","End":true}}}}}}`)
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			text := "[" + strings.TrimSuffix(strings.Repeat(`{"id":12345},`, n), ",") + "]"
			b.ReportAllocs()
			for b.Loop() {
				input, _ := value.ParseDoc(text)
				d := &driver{x: interp.New(m), handle: echo}
				if err := d.run(&interp.Started{Input: input}); err != nil || d.end.Status != interp.Succeeded {
					b.Fatal(err, d.end)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/float64(n), "ns/iteration")
		})
	}
}

// BenchmarkLoop runs round a loop until the history is full.
func BenchmarkLoop(b *testing.B) {
	m := compile(b, `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Choice","Choices":[
		{"Variable":"$.go","BooleanEquals":true,"Next":"A"}],"Default":"C"},"C":{"Type":"Succeed"}}}`)
	for _, n := range []int64{1000, 25000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				input, _ := value.ParseDoc(`{"go":true}`)
				d := &driver{x: interp.New(m)}
				limits := interp.StandardLimits()
				limits.Events = n
				if err := d.run(&interp.Started{Input: input, Limits: limits}); err != nil || d.x.Events() != n {
					b.Fatal(err, d.x.Events())
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/float64(n), "ns/event")
		})
	}
}
