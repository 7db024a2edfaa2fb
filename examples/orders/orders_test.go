package orders_test

import (
	_ "embed"
	"encoding/json"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/examples/orders"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

//go:embed fulfil.asl.json
var definition string

func order(customer string, skus ...string) json.RawMessage {
	type item struct {
		SKU string `json:"sku"`
		Qty int    `json:"qty"`
	}
	items := make([]item, len(skus))
	for i, sku := range skus {
		items[i] = item{sku, 1}
	}
	text, _ := json.Marshal(map[string]any{"id": "A-17", "customer": customer, "items": items, "total": 20})
	return text
}

func TestFulfil(t *testing.T) {
	t.Parallel()
	flow := wftest.Definition(t, definition).HandleAll(orders.Handlers)
	charge := flow.Task("charge").Fails("Throttled", "the bank is busy").Times(2).Returns(map[string]string{"number": "R-1"})
	run := flow.Run(order("Ada", "tea", "cup"))
	var got struct {
		Order, Receipt string
		Parcels        []struct{ SKU string }
	}
	if err := json.Unmarshal(run.Succeeded(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Order != "A-17" || got.Receipt != "R-1" || len(got.Parcels) != 2 || got.Parcels[1].SKU != "cup" {
		t.Errorf("got %+v", got)
	}
	run.Visited("Run checks", "Check stock", "Check credit", "Pack items")
	charge.Called(3)
	run.Took(2*time.Second + 4*time.Second) // two retries
	var request struct{ Amount float64 }
	if err := charge.Calls()[0].Decode(&request); err != nil || request.Amount != 24 {
		t.Errorf("charged %v, %v; want 20 and 20%%", request.Amount, err)
	}
}

func TestRefund(t *testing.T) {
	t.Parallel()
	flow := wftest.Definition(t, definition).HandleAll(orders.Handlers)
	refund := flow.Task("refund").Returns(nil)
	run := flow.Run(order("Ada", "tea", "piano"))
	if cause := run.Failed("NotShipped"); cause != "no box is large enough for a piano" {
		t.Errorf("cause %q", cause)
	}
	refund.Called(1)
}

func TestRejected(t *testing.T) {
	t.Parallel()
	flow := wftest.Definition(t, definition).HandleAll(orders.Handlers)
	for _, input := range []json.RawMessage{order("Mallory", "tea"), order("Ada")} {
		run := flow.Run(input)
		run.Failed("Rejected")
		run.NotVisited("Charge")
	}
}
