package orders

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/stepsmith-dev/stepsmith/examples/orders/orderstask"
)

// Tasks does the work when the workflow runs on this machine.
var Tasks = newShop()

// newShop returns the tasks of a shop whose bank is busy at the first charge.
// There is no box for a piano, and nobody lends money to "Mallory".
func newShop() orderstask.Tasks {
	var charges, boxes atomic.Int64
	return orderstask.Tasks{
		CheckStock: func(_ context.Context, o orderstask.Order) (orderstask.Stock, error) {
			return orderstask.Stock{Available: len(o.Items)}, nil
		},
		CheckCredit: func(_ context.Context, o orderstask.Order) (orderstask.Credit, error) {
			if o.Customer == "Mallory" {
				return orderstask.Credit{Score: 300}, nil
			}
			return orderstask.Credit{Score: 720}, nil
		},
		Charge: func(_ context.Context, r orderstask.ChargeRequest) (orderstask.Receipt, error) {
			if charges.Add(1) == 1 {
				return orderstask.Receipt{}, orderstask.Throttled{Cause: "the bank is busy"}
			}
			return orderstask.Receipt{Number: fmt.Sprintf("R-%.2f-%s", r.Amount, r.Currency)}, nil
		},
		Pack: func(_ context.Context, i orderstask.Item) (orderstask.Parcel, error) {
			if i.SKU == "piano" {
				return orderstask.Parcel{}, orderstask.OutOfBoxes{Cause: "no box is large enough for a piano"}
			}
			return orderstask.Parcel{Box: int(boxes.Add(1)), SKU: i.SKU}, nil
		},
		Refund: func(context.Context, orderstask.Receipt) error { return nil },
	}
}
