package saga

import (
	"context"
	"errors"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Handlers is a travel agency. There is never a room in Venice, and the hotels
// of Atlantis cannot be reached.
var Handlers = task.Handlers{
	"book-flight": task.Func(func(_ context.Context, t trip) (booking, error) {
		return booking{"F-" + t.City}, nil
	}),
	"book-hotel": task.Func(func(_ context.Context, t trip) (booking, error) {
		switch t.City {
		case "Venice":
			return booking{}, &task.Error{Name: "SoldOut", Cause: `{"until": "2027-03-01T00:00:00Z"}`}
		case "Atlantis":
			return booking{}, errors.New("no such city")
		}
		return booking{"H-" + t.City}, nil
	}),
	"cancel-flight": task.Func(func(context.Context, booking) (struct{}, error) { return struct{}{}, nil }),
}

type (
	trip    struct{ Customer, City string }
	booking struct {
		Ref string `json:"ref"`
	}
)
