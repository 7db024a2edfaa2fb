package jsonata

import (
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// Expressions as workflows have them. The comparison with another engine is in
// bench, a module of its own.
var workloads = []struct{ name, source string }{
	{"path", `$states.input.order.total`},
	{"comparison", `$states.input.order.total > 100`},
	{"object", `{"id": $states.input.order.id, "total": $states.input.order.total}`},
	{"sum", `$sum($states.input.items.(price * qty))`},
	{"filter", `[$states.input.items[price > 10].sku]`},
	{"map", `[$map($states.input.items, function($i) {{"sku": $i.sku}})]`},
}

func BenchmarkEval(b *testing.B) {
	states, err := value.Parse(`{"input": {"order": {"id": "A-1", "total": 129.5}, "items": [
		{"sku": "a", "price": 3, "qty": 2}, {"sku": "b", "price": 12, "qty": 1}, {"sku": "c", "price": 20, "qty": 5}]}}`)
	if err != nil {
		b.Fatal(err)
	}
	env := &Env{Lookup: func(name string) (value.Value, bool) { return states, name == "states" }}
	for _, w := range workloads {
		e := MustCompile(w.source, AWS())
		b.Run(w.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Eval(value.Value{}, env); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, w := range workloads {
		b.Run(w.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Compile(w.source, AWS()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
