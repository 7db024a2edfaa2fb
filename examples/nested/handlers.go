package nested

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/stepsmith-dev/stepsmith/examples/nested/nestedtask"
)

var stamps atomic.Int64

// Tasks is a printer and a post office.
var Tasks = nestedtask.Tasks{
	Print: func(_ context.Context, l nestedtask.Letter) error {
		fmt.Printf("Dear %s, %s\n", l.To, l.Text)
		return nil
	},
	Post: func(context.Context, nestedtask.Letter) (nestedtask.Stamp, error) {
		return nestedtask.Stamp{Number: int(stamps.Add(1))}, nil
	},
}
