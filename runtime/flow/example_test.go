package flow_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/stepsmith-dev/stepsmith/runtime/flow"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

type request struct {
	Customer string  `json:"customer"`
	Amount   float64 `json:"amount"`
}

// A Script is a task of the generated struct Stub.
func ExampleScript() {
	var charge flow.Script[request, string]
	charge.Returns("R-1")
	charge.Nth(2).Fails(&task.Error{Name: "Throttled", Cause: "the bank is busy"})
	for range 3 {
		fmt.Println(charge.Func(context.Background(), request{Customer: "Ada"}))
	}
	fmt.Println(len(charge.Calls()), "calls, the first for", charge.Calls()[0].Customer)
	// Output:
	// R-1 <nil>
	//  Throttled: the bank is busy
	// R-1 <nil>
	// 3 calls, the first for Ada
}

func ExampleDecode() {
	_, err := flow.Decode[request]([]byte(`{"customer": null, "amont": 12}`))
	var wrong *flow.InputError
	if errors.As(err, &wrong) {
		for _, fault := range wrong.Faults {
			fmt.Println(fault)
		}
	}
	// Output:
	// $.customer: null where a string is wanted, for request.Customer (string)
	// $.amount: it is missing, for request.Amount (float64)
	// $.amont: flow_test.request has no such field
}
