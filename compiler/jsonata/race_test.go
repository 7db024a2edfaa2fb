package jsonata

import (
	"sync"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// TestConcurrent evaluates the same expressions in several goroutines, for the
// race detector and for the pool of evaluations.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	input, err := value.Parse(`{"items": [{"sku": "a", "price": 3}, {"sku": "b", "price": 12}]}`)
	if err != nil {
		t.Fatal(err)
	}
	var exprs []*Expr
	var want []string
	for _, source := range append(seeds,
		`items[price > 10].sku`, `$map(items, function($i) {{"sku": $i.sku}})`, `items^(>price).sku`,
		`($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(20))`, `$replace("aXb", /[A-Z]/, function($m) { $m.match & $m.match })`,
		`items ~> |$|{"total": price * 2}|`, `$sum("x")`, `items.%`, `$sort([3, 1, 2], function($a, $b) { $a > $b })`,
	) {
		if e, err := Compile(source, AWS()); err == nil {
			exprs = append(exprs, e)
			want = append(want, outcome(e, input))
		}
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				for i, e := range exprs {
					if got := outcome(e, input); got != want[i] {
						t.Errorf("%s: got %s, want %s", e, got, want[i])
					}
				}
			}
		})
	}
	wg.Wait()
}

// TestFunctionsSurvive shows that a function that is a result may be called in
// another evaluation.
func TestFunctionsSurvive(t *testing.T) {
	t.Parallel()
	f, err := MustCompile(`($k := 10; function($x) { $x * $k })`).Eval(value.Value{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	env := &Env{Lookup: func(name string) (value.Value, bool) { return f, name == "f" }}
	v, err := MustCompile(`($k := 3; $map([1, 2], $f))`).Eval(value.Value{}, env)
	if err != nil || v.String() != "[10,20]" {
		t.Errorf("got %v, %v", v, err)
	}
}
