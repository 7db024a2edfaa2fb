// Package saga books a trip in two steps, and takes the first one back when the
// second fails: a compensation instead of a transaction.
package saga

//go:generate go run github.com/stepsmith-dev/stepsmith/cmd/stepsmith generate

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl"
)

// A Trip is what a customer wants.
type Trip struct {
	Customer dsl.String `json:"customer"`
	City     dsl.String `json:"city"`
}

// A Booking can be cancelled.
type Booking struct {
	Ref dsl.String `json:"ref"`
}

// An Itinerary says what was booked, or why nothing was.
type Itinerary struct {
	Booked dsl.Bool                 `json:"booked"`
	Flight dsl.String               `json:"flight"`
	Hotel  dsl.String               `json:"hotel"`
	Why    dsl.Optional[dsl.String] `json:"why"`
}

// A Vacancy says when there will be room again.
type Vacancy struct {
	Until dsl.Time `json:"until"`
}

// SoldOut is how a booking fails; its cause is a document.
var SoldOut = dsl.NewFault[Vacancy]("SoldOut")

// NotBooked is how the workflow fails when anything else goes wrong.
const NotBooked = dsl.ErrorName("NotBooked")

var (
	BookFlight = dsl.Lambda[Trip, Booking]("book-flight").Named("Book flight").Throws(SoldOut)
	BookHotel  = dsl.Lambda[Trip, Booking]("book-hotel").Named("Book hotel").Throws(SoldOut)
	// CancelFlight takes a booking back. It must come through.
	CancelFlight = dsl.Lambda[Booking, dsl.None]("cancel-flight").Idempotent().
			Retry(dsl.On(dsl.AllErrors).Every(time.Second).Max(5))
)

// BookTrip books a flight and a hotel, or neither.
var BookTrip = dsl.Standard("Book Trip", func(f *dsl.Flow, trip Trip) Itinerary {
	flight := BookFlight.Call(f, trip)
	return dsl.Try(f,
		func(f *dsl.Flow) Itinerary {
			hotel := BookHotel.Call(f, trip)
			return Itinerary{Booked: dsl.V(true), Flight: flight.Ref, Hotel: hotel.Ref}
		},
		dsl.CatchFault(SoldOut, func(f *dsl.Flow, vacancy Vacancy) Itinerary {
			CancelFlight.Named("Cancel flight").Call(f, flight)
			return Itinerary{
				Booked: dsl.V(false), Flight: dsl.V(""), Hotel: dsl.V(""),
				Why: dsl.Some(dsl.Format("sold out until {}", vacancy.Until)),
			}
		}),
		dsl.Catch(func(f *dsl.Flow, err dsl.Error) Itinerary {
			CancelFlight.Named("Undo flight").Call(f, flight)
			return dsl.Fail[Itinerary](f, "Not booked", NotBooked, err.Cause)
		}),
	)
})
