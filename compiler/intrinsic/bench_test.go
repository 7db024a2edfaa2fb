package intrinsic

import (
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

func BenchmarkEval(b *testing.B) {
	doc, err := value.Parse(input)
	if err != nil {
		b.Fatal(err)
	}
	s := &jsonpath.Scope{Input: doc}
	for _, test := range []struct{ name, call string }{
		{"Format", "States.Format('{} and {}', $.s, $.n)"},
		{"MathAdd", "States.MathAdd($.n, 1)"},
		{"ArrayRange", "States.ArrayRange(1, 100, 1)"},
		{"Nested", "States.ArrayGetItem(States.StringSplit($.s, ','), States.MathAdd(0, 1))"},
	} {
		b.Run(test.name, func(b *testing.B) {
			c, err := Compile(test.call)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Eval(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
