package jsonata_test

import (
	"fmt"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonata"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

func ExampleCompile() {
	e, err := jsonata.Compile(`$sum(items.(price * qty))`)
	if err != nil {
		fmt.Println(err)
		return
	}
	input, _ := value.Parse(`{"items": [{"price": 3, "qty": 2}, {"price": 4.5, "qty": 1}]}`)
	total, err := e.Eval(input, nil)
	fmt.Println(total, err)
	// Output: 10.5 <nil>
}

func ExampleCompile_error() {
	_, err := jsonata.Compile(`{"total" 5}`)
	failure := err.(*jsonata.Error)
	fmt.Println(failure.Code, failure.Position)
	fmt.Println(failure)
	// Output:
	// S0202 10
	// S0202: Expected ":", got 5
}

func ExampleExpr_Eval_variables() {
	e := jsonata.MustCompile(`$states.input.name & ", " & $greeting`, jsonata.AWS())
	states, _ := value.Parse(`{"input": {"name": "Ada"}}`)
	variables := map[string]value.Value{"states": states, "greeting": value.String("welcome")}
	env := &jsonata.Env{
		Lookup: func(name string) (value.Value, bool) { v, ok := variables[name]; return v, ok },
	}
	v, err := e.Eval(value.Value{}, env)
	fmt.Println(v, err)
	// Output: "Ada, welcome" <nil>
}

func ExampleExpr_Refusals() {
	e := jsonata.MustCompile(`{"all": total, "big": $orders[total > 10]}`, jsonata.AWS())
	for _, refusal := range e.Refusals() {
		fmt.Println(refusal.Position, refusal)
	}
	// Output: 13 Reference to 'total' at the top level is not supported
}

func ExampleExpr_Variables() {
	e := jsonata.MustCompile(`($rate := 1.2; $states.input.order[0].price * $rate + $shipping)`)
	for _, reference := range e.Variables() {
		fmt.Println(reference.Name, reference.Path, reference.Position)
	}
	// Output:
	// states [input order] 22
	// shipping [] 63
}

func ExampleWalk() {
	e := jsonata.MustCompile(`$map(orders, function($o) { $o.total > 100 })`)
	jsonata.Walk(e.Root(), func(n jsonata.Node) bool {
		if call, ok := n.(*jsonata.Call); ok {
			fmt.Println("calls", call.Function)
		}
		return true
	})
	// Output: calls $map
}
