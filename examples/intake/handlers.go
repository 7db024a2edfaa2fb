package intake

import (
	"context"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Handlers knows one coupon and a warehouse that takes everything.
var Handlers = task.Handlers{
	"look-up-coupon": task.Func(func(_ context.Context, code string) (discount, error) {
		if code == "SPRING" {
			return discount{10}, nil
		}
		return discount{0}, nil
	}),
	"enqueue": task.Func(func(context.Context, map[string]any) (struct{}, error) { return struct{}{}, nil }),
}

type discount struct {
	Percent float64 `json:"percent"`
}
