package intake

import (
	"context"

	"github.com/stepsmith-dev/stepsmith/examples/intake/intaketask"
)

// Tasks knows one coupon and a warehouse that takes everything.
var Tasks = intaketask.Tasks{
	LookUp: func(_ context.Context, code string) (intaketask.Discount, error) {
		if code == "SPRING" {
			return intaketask.Discount{Percent: 10}, nil
		}
		return intaketask.Discount{}, nil
	},
	Enqueue: func(context.Context, intaketask.Ticket) error { return nil },
}
