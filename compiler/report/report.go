// Package report analyses a definition without running it: how long its
// histories get, whether it fits Express, what an execution costs, which tasks
// lack a timeout or a retry, which permissions its role needs, and which errors
// can end it.
//
// The figures are bounds, computed on the compiled graph. They hold for any
// input, as far as the [Options] say how many items Map states have; what an
// input decides, such as the turns of a loop, is reported as such.
package report

import (
	"math"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
)

// Options are the assumptions of an analysis.
type Options struct {
	Name    string
	Express bool
	// Items is how many items every Map state is taken to have; 0 stands for 10.
	Items int
	// Prices are those of AWS; zero stands for [DefaultPrices].
	Prices Prices
	// Region and Account stand in the ARNs of the policy; empty is "*".
	Region, Account string
}

// A Report is what an analysis found. All lists are in the order of the
// definition.
type Report struct {
	Name string `json:"name"`
	Type string `json:"type"` // STANDARD or EXPRESS
	// Items is the number of items that every Map state was taken to have.
	Items       int     `json:"itemsPerMap"`
	Events      Events  `json:"events"`
	Loops       []Loop  `json:"loops"`
	Maps        []Map   `json:"maps"`
	Express     Fitness `json:"express"`
	Transitions Span    `json:"transitions"`
	Price       Price   `json:"price"`
	// NoTimeout are the tasks that may wait for ever.
	NoTimeout []NoTimeout `json:"tasksWithoutTimeout"`
	// NoRetry are the Lambda tasks that do not retry transient errors.
	NoRetry []NoRetry `json:"lambdaTasksWithoutRetry"`
	Policy  Policy    `json:"policy"`
	// Uncaught are the errors that can end the execution.
	Uncaught []Uncaught `json:"uncaughtErrors"`
}

// A Span is a range of a figure. Infinite says that there is no upper bound;
// Most is then that of one turn of every loop.
type Span struct {
	Least    float64 `json:"least"`
	Most     float64 `json:"most"`
	Infinite bool    `json:"infinite,omitempty"`
}

func (s Span) plus(t Span) Span {
	return Span{s.Least + t.Least, s.Most + t.Most, s.Infinite || t.Infinite}
}

func (s Span) times(n float64) Span { return Span{s.Least * n, s.Most * n, s.Infinite} }

// rounded keeps figures within what JSON and people can take.
func (s Span) rounded() Span {
	const most = 1e15
	return Span{math.Min(s.Least, most), math.Min(s.Most, most), s.Infinite}
}

// Analyze analyses a definition. The list says why it cannot be compiled.
func Analyze(m *asl.Machine, o Options) (*Report, diag.List) {
	g, list := graph.Compile(m)
	if g == nil {
		return nil, list
	}
	if o.Items <= 0 {
		o.Items = 10
	}
	if o.Prices == (Prices{}) {
		o.Prices = DefaultPrices()
	}
	a := &analysis{Options: o, asl: m, graph: g}
	r := &Report{Name: o.Name, Type: "STANDARD", Items: o.Items}
	if o.Express {
		r.Type = "EXPRESS"
	}
	r.Events = a.events()
	r.Loops = a.loops()
	r.Maps = a.maps()
	r.Express = a.fitness()
	r.Transitions = a.flow(g.Root, a.transitions).rounded()
	r.Price = a.price(r.Transitions, r.Express.Seconds)
	r.NoTimeout, r.NoRetry = a.timeouts(), a.retries()
	r.Policy = a.policy()
	r.Uncaught = a.uncaught(g.Root)
	return r, nil
}

// analysis is one analysis on its way.
type analysis struct {
	Options
	asl   *asl.Machine
	graph *graph.Machine
}
