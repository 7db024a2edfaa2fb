package saga

import (
	"context"
	"errors"
	"time"

	"github.com/stepsmith-dev/stepsmith/examples/saga/sagatask"
)

// Tasks is a travel agency. There is never a room in Venice, and the hotels of
// Atlantis cannot be reached.
var Tasks = sagatask.Tasks{
	BookFlight: func(_ context.Context, t sagatask.Trip) (sagatask.Booking, error) {
		return sagatask.Booking{Ref: "F-" + t.City}, nil
	},
	BookHotel: func(_ context.Context, t sagatask.Trip) (sagatask.Booking, error) {
		switch t.City {
		case "Venice":
			return sagatask.Booking{}, sagatask.SoldOut{Cause: sagatask.Vacancy{Until: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)}}
		case "Atlantis":
			return sagatask.Booking{}, errors.New("no such city")
		}
		return sagatask.Booking{Ref: "H-" + t.City}, nil
	},
	CancelFlight: func(context.Context, sagatask.Booking) error { return nil },
}
