package saga_test

import (
	_ "embed"
	"encoding/json"
	"testing"

	"github.com/stepsmith-dev/stepsmith/examples/saga"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

//go:embed book-trip.asl.json
var definition string

func TestBookTrip(t *testing.T) {
	t.Parallel()
	flow := wftest.Definition(t, definition).HandleAll(saga.Handlers)
	for city, want := range map[string]string{
		"Rome":   `{"booked":true,"flight":"F-Rome","hotel":"H-Rome"}`,
		"Venice": `{"booked":false,"flight":"","hotel":"","why":"sold out until 2027-03-01T00:00:00Z"}`,
	} {
		run := flow.Run(json.RawMessage(`{"customer": "Ada", "city": "` + city + `"}`))
		if got := string(run.Succeeded()); got != want {
			t.Errorf("%s: got %s, want %s", city, got, want)
		}
	}
	run := flow.Run(json.RawMessage(`{"customer": "Ada", "city": "Atlantis"}`))
	run.Failed("NotBooked")
	run.Path("Book flight", "Book hotel", "Undo flight", "Not booked")
}
