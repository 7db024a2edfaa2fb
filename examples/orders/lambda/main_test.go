package main

import (
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
)

func TestCharge(t *testing.T) {
	t.Parallel()
	function := lambda.NewHandler(charge)
	output, err := function.Invoke(t.Context(), []byte(`{"customer": "Ada", "amount": 24, "currency": "EUR"}`))
	if got := strings.TrimSpace(string(output)); err != nil || got != `{"number":"R-24.00-EUR"}` {
		t.Errorf("%s, %v", got, err)
	}
	_, err = function.Invoke(t.Context(), []byte(`{"customer": "Ada", "amount": 1000, "currency": "EUR"}`))
	if err == nil || reflect.TypeOf(err).Name() != "CardDeclined" { // the errorType that Lambda reports
		t.Errorf("error %T: %v", err, err)
	}
}

// TestLight lists what the program links of Stepsmith.
func TestLight(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	const ours = "github.com/stepsmith-dev/stepsmith/"
	for _, name := range strings.Fields(string(out)) {
		switch strings.TrimPrefix(name, ours) {
		case name, "examples/orders/lambda", "examples/orders/orderstask", "runtime/flow", "runtime/task":
		default:
			t.Errorf("the program links %s", name)
		}
	}
}
