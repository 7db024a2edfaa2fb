package orders

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Handlers does the work of the tasks when the workflow runs on this machine.
var Handlers = newShop()

type (
	order struct {
		ID       string
		Customer string
		Items    []item
		Total    float64
	}
	item struct {
		SKU string `json:"sku"`
		Qty int    `json:"qty"`
	}
	stock struct {
		Available int `json:"available"`
	}
	credit struct {
		Score int `json:"score"`
	}
	chargeRequest struct {
		Customer string
		Amount   float64
		Currency string
	}
	receipt struct {
		Number string `json:"number"`
	}
	parcel struct {
		Box int    `json:"box"`
		SKU string `json:"sku"`
	}
)

// newShop returns the handlers of a shop whose bank is busy at the first
// charge. There is no box for a piano, and nobody lends money to "Mallory".
func newShop() task.Handlers {
	var charges, boxes atomic.Int64
	return task.Handlers{
		"check-stock": task.Func(func(_ context.Context, o order) (stock, error) {
			return stock{Available: len(o.Items)}, nil
		}),
		"check-credit": task.Func(func(_ context.Context, o order) (credit, error) {
			if o.Customer == "Mallory" {
				return credit{Score: 300}, nil
			}
			return credit{Score: 720}, nil
		}),
		"charge": task.Func(func(_ context.Context, r chargeRequest) (receipt, error) {
			if charges.Add(1) == 1 {
				return receipt{}, &task.Error{Name: string(Throttled), Cause: "the bank is busy"}
			}
			return receipt{Number: fmt.Sprintf("R-%.2f-%s", r.Amount, r.Currency)}, nil
		}),
		"pack": task.Func(func(_ context.Context, i item) (parcel, error) {
			if i.SKU == "piano" {
				return parcel{}, &task.Error{Name: string(OutOfBoxes), Cause: "no box is large enough for a piano"}
			}
			return parcel{Box: int(boxes.Add(1)), SKU: i.SKU}, nil
		}),
		"refund": task.Func(func(_ context.Context, r receipt) (struct{}, error) {
			return struct{}{}, nil
		}),
	}
}
