package intake_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/examples/intake"
	flow "github.com/stepsmith-dev/stepsmith/examples/intake/intakeflow"
	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

func TestIntake(t *testing.T) {
	t.Parallel()
	spring := "SPRING"
	for _, test := range []struct {
		order  flow.Order
		ack    flow.Ack
		ticket []flow.Ticket
	}{
		{
			order: flow.Order{ID: "1", Tier: flow.Gold, Coupon: &spring, Lines: []flow.Line{
				{SKU: "tea", Qty: 2, Price: 10}, {SKU: "cup", Qty: 0, Price: 5},
			}},
			ack:    flow.Ack{Accepted: true, Total: 18},
			ticket: []flow.Ticket{{Order: "1", SKUs: []string{"tea"}, Total: 18, Priority: true, Coupon: &spring}},
		},
		{
			order:  flow.Order{ID: "2", Tier: flow.Basic, Lines: []flow.Line{{SKU: "cup", Qty: 0, Price: 5}}},
			ack:    flow.Ack{Accepted: true, Total: 0},
			ticket: []flow.Ticket{{Order: "2", SKUs: []string{}}},
		},
		{order: flow.Order{ID: "3", Tier: flow.Basic, Lines: []flow.Line{}}},
	} {
		var stub flow.Stub
		tasks := intake.Tasks
		tasks.Enqueue = stub.Enqueue.FuncIn
		ack := wftest.New(t, flow.Intake).HandleAll(tasks).Run(test.order).Succeeded()
		if diff := cmp.Diff(test.ack, ack); diff != "" {
			t.Errorf("order %s (-want +got):\n%s", test.order.ID, diff)
		}
		if diff := cmp.Diff(test.ticket, stub.Enqueue.Calls()); diff != "" {
			t.Errorf("order %s (-want +got):\n%s", test.order.ID, diff)
		}
	}
}

// An acknowledged start may run twice: the warehouse knows orders by their ids and
// must get one all the same.
func TestTwice(t *testing.T) {
	t.Parallel()
	var calls, warehouse sync.Map
	tasks := intake.Tasks
	tasks.Enqueue = func(_ context.Context, ticket flow.Ticket) error {
		calls.Store(new(int), ticket)
		warehouse.Store(ticket.Order, ticket)
		return nil
	}
	engine, err := runtime.New(runtime.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := flow.Intake.Deploy(t.Context(), engine, tasks); err != nil {
		t.Fatal(err)
	}
	order := flow.Order{ID: "1", Tier: flow.Gold, Lines: []flow.Line{{SKU: "tea", Qty: 2, Price: 10}}}
	if _, err := flow.Intake.Start(t.Context(), engine, order, runtime.Twice()); err != nil {
		t.Fatal(err)
	}
	if err := engine.Shutdown(t.Context()); err != nil { // it waits for what runs
		t.Fatal(err)
	}
	if n := size(&calls); n != 2 {
		t.Errorf("it ran %d times", n)
	}
	if n := size(&warehouse); n != 1 {
		t.Errorf("the warehouse has %d orders", n)
	}
}

func size(m *sync.Map) (n int) {
	m.Range(func(any, any) bool { n++; return true })
	return n
}
