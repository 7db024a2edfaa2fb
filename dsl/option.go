package dsl

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// An Option changes how a Parallel or Map state runs.
type Option interface {
	apply(*optionSet)
}

type optionSet struct {
	maxConcurrency int
	concurrencyOf  *spec.Expr
	retry          []spec.Retrier
	distributed    []func(*spec.Distributed)
}

type option func(*optionSet)

func (o option) apply(s *optionSet) { o(s) }

// distributed is an option that makes a Map distributed.
func distributed(change func(*spec.Distributed)) Option {
	return option(func(s *optionSet) { s.distributed = append(s.distributed, change) })
}

// MaxConcurrency limits how many iterations of a Map run at the same time; 1
// runs them in order, 0, the default, does not limit them. Without
// [Distributed], AWS runs 40 at most.
func MaxConcurrency(n int) Option {
	return option(func(s *optionSet) { s.maxConcurrency = n })
}

// MaxConcurrencyOf is [MaxConcurrency] with a number that is data.
//
//go:noinline
func MaxConcurrencyOf(n Int) Option {
	e := given(n.e, typeFor(goType[Int]()), "the concurrency", here())
	return option(func(s *optionSet) { s.concurrencyOf = e })
}

// Retrying runs all branches or iterations again when one of them fails.
func Retrying(retriers ...Retrier) Option {
	return option(func(s *optionSet) { s.retry = append(s.retry, records(retriers)...) })
}

// Distributed makes each iteration of a Map an execution of its own, a Standard
// one, with its own history. Thousands may run at the same time. Express
// workflows have no distributed Map.
func Distributed() Option { return distributed(func(*spec.Distributed) {}) }

// ExpressChildren is [Distributed] with Express executions, which are cheaper
// and take five minutes at most.
func ExpressChildren() Option { return distributed(func(d *spec.Distributed) { d.Express = true }) }

// Label names the executions of a distributed Map; it becomes part of their
// ARNs. It has at most 40 characters.
func Label(name string) Option { return distributed(func(d *spec.Distributed) { d.Label = name }) }

// ToleratedFailure lets a distributed Map go on as long as no more than so many
// percent of its items fail. The result of an item that failed is the record of
// its execution, which has not the type of the others: look for it, or write the
// results to Amazon S3 with [MapTo].
func ToleratedFailure(percent float64) Option {
	return distributed(func(d *spec.Distributed) { d.FailureShare = &percent })
}

// ToleratedFailures is [ToleratedFailure] with a number of items.
func ToleratedFailures(items int) Option {
	return distributed(func(d *spec.Distributed) { d.FailureNumber = &items })
}

// CompactResults has a [MapTo] write the bare results instead of the records of
// the executions.
func CompactResults() Option { return writing(func(w *spec.Writer) { w.Compact = true }) }

// FlatResults is [CompactResults] with the items of results that are lists.
func FlatResults() Option { return writing(func(w *spec.Writer) { w.Flatten = true }) }

// ResultLines has a [MapTo] write a line of JSON for each result.
func ResultLines() Option { return writing(func(w *spec.Writer) { w.Lines = true }) }

func writing(change func(*spec.Writer)) Option {
	return distributed(func(d *spec.Distributed) {
		if d.Writer == nil {
			d.Writer = new(spec.Writer)
		}
		change(d.Writer)
	})
}

func settings(f *Flow, head *spec.Header, options []Option) optionSet {
	var s optionSet
	for _, o := range options {
		if o != nil {
			o.apply(&s)
		}
	}
	if s.maxConcurrency < 0 {
		f.trace.report(spec.Problem{
			Code: "BAD_OPTION", Message: "MaxConcurrency of " + what(head) + " is negative", Pos: head.Pos, Fix: "0 means unlimited",
		})
	}
	return s
}
