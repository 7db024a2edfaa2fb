package jsonpath

import (
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

func BenchmarkEval(b *testing.B) {
	doc, err := value.Parse(`{"order":{"id":"o-1","customer":{"name":"Ada"},"items":[{"price":3,"qty":2},{"price":12,"qty":1}]},"limit":10}`)
	if err != nil {
		b.Fatal(err)
	}
	s := &Scope{Input: doc}
	for _, test := range []struct{ name, path string }{
		{"Definite", "$.order.customer.name"},
		{"Index", "$.order.items[1].price"},
		{"Wildcard", "$.order.items[*].price"},
		{"Filter", "$.order.items[?(@.price > 10)].qty"},
		{"Scan", "$..price"},
		{"Missing", "$.order.customer.age"},
	} {
		b.Run(test.name, func(b *testing.B) {
			p := MustCompile(test.path)
			b.ReportAllocs()
			for b.Loop() {
				p.Eval(s)
			}
		})
	}
}

func BenchmarkSet(b *testing.B) {
	doc, err := value.Parse(`{"order":{"id":"o-1","customer":{"name":"Ada"}},"limit":10}`)
	if err != nil {
		b.Fatal(err)
	}
	p := MustCompile("$.order.customer.age")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Set(doc, value.Int(36)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTemplate(b *testing.B) {
	doc, err := value.Parse(`{"literal":1,"a.$":"$.x","b":{"c.$":"$$.y"}}`)
	if err != nil {
		b.Fatal(err)
	}
	t, err := CompileTemplate(doc, func(text string) (Evaluator, error) { return Compile(text) })
	if err != nil {
		b.Fatal(err)
	}
	s := &Scope{
		Input:   value.Object(value.Member{Key: "x", Value: value.Int(1)}),
		Context: value.Object(value.Member{Key: "y", Value: value.Int(1)}),
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.Eval(s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile("$.order.items[?(@.price > 10)].qty"); err != nil {
			b.Fatal(err)
		}
	}
}
