package nested

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

var stamps atomic.Int64

// Handlers is a printer and a post office.
var Handlers = task.Handlers{
	"print": task.Func(func(_ context.Context, l letter) (struct{}, error) {
		fmt.Printf("Dear %s, %s\n", l.To, l.Text)
		return struct{}{}, nil
	}),
	"post": task.Func(func(context.Context, letter) (stamp, error) { return stamp{stamps.Add(1)}, nil }),
}

type (
	letter struct{ To, Text string }
	stamp  struct {
		Number int64 `json:"number"`
	}
)
