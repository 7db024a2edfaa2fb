package orders_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/examples/orders"
	flow "github.com/stepsmith-dev/stepsmith/examples/orders/ordersflow"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

func order(customer string, skus ...string) flow.Order {
	o := flow.Order{ID: "A-17", Customer: customer, Total: 20, Items: []flow.Item{}}
	for _, sku := range skus {
		o.Items = append(o.Items, flow.Item{SKU: sku, Qty: 1})
	}
	return o
}

// shop is a shop whose charges and refunds are scripted.
func shop() (flow.Tasks, *flow.Stub) {
	tasks, stub := orders.Tasks, new(flow.Stub)
	stub.Charge.Returns(flow.Receipt{Number: "R-1"})
	tasks.Charge, tasks.Refund = stub.Charge.Func, stub.Refund.FuncIn
	return tasks, stub
}

func TestFulfil(t *testing.T) {
	t.Parallel()
	tasks, stub := shop()
	busy := flow.Throttled{Cause: "the bank is busy"}
	stub.Charge.Nth(1).Fails(busy)
	stub.Charge.Nth(2).Fails(busy)
	run := wftest.New(t, flow.Fulfil).HandleAll(tasks).Run(order("Ada", "tea", "cup"))
	got := run.Succeeded()
	if got.Order != "A-17" || got.Receipt != "R-1" || len(got.Parcels) != 2 || got.Parcels[1].SKU != "cup" {
		t.Errorf("got %+v", got)
	}
	run.Visited("Run checks", "Check stock", "Check credit", "Pack items")
	run.Took(2*time.Second + 4*time.Second) // two retries
	if calls := stub.Charge.Calls(); len(calls) != 3 || calls[0].Amount != 24 {
		t.Errorf("charged %+v; want three attempts at 20 and 20%%", calls)
	}
}

func TestRefund(t *testing.T) {
	t.Parallel()
	tasks, stub := shop()
	run := wftest.New(t, flow.Fulfil).HandleAll(tasks).Run(order("Ada", "tea", "piano"))
	if cause := run.Failed("NotShipped"); cause != "no box is large enough for a piano" {
		t.Errorf("cause %q", cause)
	}
	if refunds := stub.Refund.Calls(); len(refunds) != 1 || refunds[0].Number != "R-1" {
		t.Errorf("refunded %+v, want R-1", refunds)
	}
}

func TestRejected(t *testing.T) {
	t.Parallel()
	fulfil := wftest.New(t, flow.Fulfil).HandleAll(orders.Tasks)
	for _, input := range []flow.Order{order("Mallory", "tea"), order("Ada")} {
		run := fulfil.Run(input)
		run.Failed("Rejected")
		run.NotVisited("Charge")
	}
}

// TestInMemory runs the workflow as a program would; its errors are Go's.
func TestInMemory(t *testing.T) {
	t.Parallel()
	tasks, stub := shop()
	shipment, err := flow.Fulfil.Run(t.Context(), tasks, order("Ada", "tea"))
	if err != nil || shipment.Receipt != "R-1" {
		t.Errorf("%+v, %v", shipment, err)
	}
	stub.Charge.Fails(flow.CardDeclined{Cause: "expired"})
	_, err = flow.Fulfil.Run(t.Context(), tasks, order("Ada", "tea"))
	var declined flow.CardDeclined
	if !errors.As(err, &declined) || declined.Cause != "expired" || !errors.Is(err, flow.CardDeclined{}) {
		t.Errorf("got %v", err)
	}
}

func TestInput(t *testing.T) {
	t.Parallel()
	_, err := flow.Fulfil.Input([]byte(`{"id": "A-17", "customer": null, "items": [{"sku": "tea", "qty": "2"}], "totl": 1}`))
	const want = `the input is no orderstask.Order:
	$.customer: null where a string is wanted, for Order.Customer (string)
	$.items[0].qty: a string where a number is wanted, for Item.Qty (int)
	$.total: it is missing, for Order.Total (float64)
	$.totl: orderstask.Order has no such field`
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}
