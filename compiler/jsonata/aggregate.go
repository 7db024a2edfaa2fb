package jsonata

import (
	"math"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

var aggregateFunctions = []definition{
	{"sum", "<a<n>:n>", 1, defined(func(n native) (value.Value, *Error) {
		total, err := n.ev.total(n.args[0].Items())
		return value.Float(total), err
	})},
	{"count", "<a:n>", 1, func(n native) (value.Value, *Error) {
		return value.Float(float64(n.arg(0).Len())), nil
	}},
	{"max", "<a<n>:n>", 1, extreme(math.Inf(-1), math.Max)},
	{"min", "<a<n>:n>", 1, extreme(math.Inf(1), math.Min)},
	{"average", "<a<n>:n>", 1, func(n native) (value.Value, *Error) {
		items := n.arg(0).Items()
		if len(items) == 0 {
			return value.Value{}, nil
		}
		total, err := n.ev.total(items)
		return value.Float(total / float64(len(items))), err
	}},
}

func (ev *evaluation) total(items []value.Value) (total float64, err *Error) {
	for i := range items {
		f, _ := items[i].Float()
		total += f
	}
	return total, ev.spend(len(items) / 8)
}

func extreme(start float64, better func(a, b float64) float64) func(native) (value.Value, *Error) {
	return func(n native) (value.Value, *Error) {
		items := n.arg(0).Items()
		if len(items) == 0 {
			return value.Value{}, nil
		}
		best := start
		for i := range items {
			f, _ := items[i].Float()
			best = better(best, f)
		}
		return value.Float(best), n.ev.spend(len(items) / 8)
	}
}
