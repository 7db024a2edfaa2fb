package compiler_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler"
	"github.com/stepsmith-dev/stepsmith/dsl"
)

type benchJob struct {
	ID    dsl.String `json:"id"`
	Count dsl.Int    `json:"count"`
	Note  dsl.String `json:"note"`
}

type benchResult struct {
	Total dsl.Int    `json:"total"`
	Text  dsl.String `json:"text"`
}

// benchWorkflow has n states: for every ten of them tasks, choices, a wait, a
// retry and a catch, and a variable that all of them change. It has one more
// Wait among the given ten of them.
func benchWorkflow(n, extra int) dsl.Tracer {
	work := dsl.Lambda[benchJob, benchResult]("work").Idempotent().Retry(dsl.On(dsl.Timeout).Every(time.Second))
	return dsl.Standard("bench", func(f *dsl.Flow, job benchJob) benchResult {
		sum := dsl.Var(f, "sum", dsl.V(0))
		last := benchResult{Total: dsl.V(0), Text: dsl.V("")}
		for i := range n / 10 {
			name := func(s string) string { return fmt.Sprintf("%s %d", s, i) }
			call := func(s string, note dsl.String) benchResult {
				return work.Named(name(s)).Call(f, benchJob{ID: job.ID, Count: sum.Get(), Note: note})
			}
			a := call("first", last.Text)
			b := call("second", dsl.Format("{} of {}", a.Total, job.Count))
			sum.Set(f, dsl.Add(sum.Get(), b.Total))
			dsl.If(f, name("large?"), dsl.Gt(sum.Get(), 100), func(f *dsl.Flow) {
				work.Named(name("shrink")).Call(f, job)
				sum.Set(f, dsl.V(0))
			}).ElseIf(dsl.And(dsl.Lt(a.Total, 0), dsl.Ne(b.Text, "")), func(f *dsl.Flow) {
				f.Fail(name("negative"), dsl.ErrorName("Negative"), b.Text)
			})
			if i == extra {
				dsl.Wait(f, "extra", time.Minute)
			}
			dsl.Wait(f, name("rest"), dsl.Add(a.Total, 1))
			last = dsl.Try(f,
				func(f *dsl.Flow) benchResult { return work.Named(name("third")).Call(f, job) },
				dsl.Catch(func(f *dsl.Flow, err dsl.Error) benchResult {
					return work.Named(name("mend")).Call(f, benchJob{ID: job.ID, Count: a.Total, Note: err.Cause})
				}))
			last = dsl.Switch[benchResult](f, name("which?")).
				Case(dsl.Eq(last.Text, "again"), func(f *dsl.Flow) benchResult {
					return work.Named(name("again")).Call(f, job)
				}).
				Default(func(f *dsl.Flow) benchResult { return last })
		}
		return benchResult{Total: sum.Get(), Text: last.Text}
	})
}

// chainWorkflow has n tasks, each of which works on what the one before it gave.
func chainWorkflow(n int) dsl.Tracer {
	work := dsl.Lambda[benchJob, benchJob]("work").Idempotent()
	return dsl.Standard("chain", func(f *dsl.Flow, job benchJob) benchJob {
		for i := range n {
			job = work.Named(fmt.Sprintf("step %d", i)).Call(f, job)
		}
		return job
	})
}

// BenchmarkCompile goes from the trace to the checked definition. The time for a
// state must not grow with the number of states.
func BenchmarkCompile(b *testing.B) {
	for _, n := range []int{100, 1000, 2000} {
		for name, w := range map[string]dsl.Tracer{"chain": chainWorkflow(n), "mixed": benchWorkflow(n, -1)} {
			b.Run(fmt.Sprintf("%s/states=%d", name, n), func(b *testing.B) {
				for b.Loop() {
					if program, list := compiler.Compile(w.Trace()); program == nil || len(list) > 0 {
						b.Fatal(list)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/state")
			})
		}
	}
}

// BenchmarkTrace is the part of it that runs in the user's program.
func BenchmarkTrace(b *testing.B) {
	w := benchWorkflow(1000, -1)
	for b.Loop() {
		w.Trace()
	}
}
