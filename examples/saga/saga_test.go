package saga_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/examples/saga"
	flow "github.com/stepsmith-dev/stepsmith/examples/saga/sagaflow"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

func TestBookTrip(t *testing.T) {
	t.Parallel()
	book := wftest.New(t, flow.BookTrip).HandleAll(saga.Tasks)
	why := "sold out until 2027-03-01T00:00:00Z"
	for city, want := range map[string]flow.Itinerary{
		"Rome":   {Booked: true, Flight: "F-Rome", Hotel: "H-Rome"},
		"Venice": {Why: &why},
	} {
		got := book.Run(flow.Trip{Customer: "Ada", City: city}).Succeeded()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", city, diff)
		}
	}
	run := book.Run(flow.Trip{Customer: "Ada", City: "Atlantis"})
	run.Failed("NotBooked")
	run.Path("Book flight", "Book hotel", "Undo flight", "Not booked")
}
