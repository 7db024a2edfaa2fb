package report

import (
	"math"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
)

// Prices are what AWS asks, in US dollars.
type Prices struct {
	// Transition is that of a state transition of a Standard execution.
	Transition float64
	// Request is that of an Express execution, GigabyteSecond that of its memory
	// in use: 64 MB at least, for every 100 ms that have begun.
	Request, GigabyteSecond float64
}

// DefaultPrices are those of us-east-1 in 2025, of the first tier and without
// the free tier. They are not read from AWS.
func DefaultPrices() Prices {
	return Prices{Transition: 0.025 / 1000, Request: 1.0 / 1e6, GigabyteSecond: 0.00001667}
}

// A Price is that of one execution, in US dollars. What tasks cost where they
// are done is not part of it.
type Price struct {
	Standard Span `json:"standard"`
	// Express has no upper bound where the duration has none; AWS ends an
	// execution after five minutes.
	Express Span `json:"express"`
	// Children is the part of the Express child executions of distributed Map
	// states, which both prices include; each is taken for 100 ms.
	Children float64 `json:"children,omitempty"`
	// Transition is that of one state transition.
	Transition float64 `json:"transition"`
}

// price computes what an execution of so many transitions and seconds costs.
func (a *analysis) price(transitions, seconds Span) Price {
	p := Price{Transition: a.Prices.Transition, Children: a.flow(a.graph.Root, a.children).Least * a.expressPrice(0)}
	p.Standard = transitions.times(a.Prices.Transition).plus(Span{p.Children, p.Children, false})
	most := math.Min(seconds.Most, maxExpress)
	if seconds.Infinite {
		most = maxExpress
	}
	p.Express = Span{a.expressPrice(math.Min(seconds.Least, maxExpress)), a.expressPrice(most), false}.plus(Span{p.Children, p.Children, false})
	p.Standard, p.Express, p.Children = p.Standard.dollars(), p.Express.dollars(), dollars(p.Children)
	return p
}

// dollars rounds away what adding up fractions leaves behind.
func dollars(f float64) float64 { return math.Round(f*1e10) / 1e10 }

func (s Span) dollars() Span { return Span{dollars(s.Least), dollars(s.Most), s.Infinite} }

// expressPrice is that of an Express execution with the least memory.
func (a *analysis) expressPrice(seconds float64) float64 {
	billed := math.Max(1, math.Ceil(seconds*10)) / 10
	return a.Prices.Request + billed*64/1024*a.Prices.GigabyteSecond
}

// children counts the Express child executions of a state.
func (a *analysis) children(s graph.State) Span {
	each, ok := s.(*graph.Map)
	if !ok || each.Distributed == nil || !each.Distributed.Express {
		return Span{}
	}
	n := float64(a.Items)
	return Span{n, n, false}
}
