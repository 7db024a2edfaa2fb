package intake_test

import (
	_ "embed"
	"encoding/json"
	"testing"

	"github.com/stepsmith-dev/stepsmith/examples/intake"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

//go:embed intake.asl.json
var definition string

func TestIntake(t *testing.T) {
	t.Parallel()
	flow := wftest.Definition(t, definition).HandleAll(intake.Handlers)
	enqueue := flow.Task("enqueue").Returns(nil)
	for _, test := range []struct{ order, ack, ticket string }{
		{
			order:  `{"id": "1", "tier": "GOLD", "coupon": "SPRING", "lines": [{"sku": "tea", "qty": 2, "price": 10}, {"sku": "cup", "qty": 0, "price": 5}]}`,
			ack:    `{"accepted":true,"total":18}`,
			ticket: `{"order":"1","skus":["tea"],"total":18,"priority":true,"coupon":"SPRING"}`,
		},
		{
			order:  `{"id": "2", "tier": "BASIC", "lines": [{"sku": "cup", "qty": 0, "price": 5}]}`,
			ack:    `{"accepted":true,"total":0}`,
			ticket: `{"order":"2","skus":[],"total":0,"priority":false}`,
		},
		{order: `{"id": "3", "tier": "BASIC", "lines": []}`, ack: `{"accepted":false,"total":0}`},
	} {
		before := len(enqueue.Calls())
		run := flow.Run(json.RawMessage(test.order))
		if got := string(run.Succeeded()); got != test.ack {
			t.Errorf("%s: got %s, want %s", test.order, got, test.ack)
		}
		var ticket string
		if calls := enqueue.Calls(); len(calls) > before {
			ticket = string(calls[before].Input)
		}
		if ticket != test.ticket {
			t.Errorf("%s: enqueued %s, want %s", test.order, ticket, test.ticket)
		}
	}
}
